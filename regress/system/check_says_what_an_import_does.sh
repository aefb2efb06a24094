#!/bin/sh
# Directories at random: what smtpctl check says of one is what explain says
# after its import.  SEED and IMPORTS repeat or lengthen it.
. "$(dirname "$0")/../lib.sh"
need python3
python3 "$TOP/regress/py/differ.py" "${SEED:-1}" "${IMPORTS:-3}"
