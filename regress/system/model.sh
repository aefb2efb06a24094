#!/bin/sh
# Random sessions agree with a model of what a session is, with and without
# TLS, however their octets are cut.  SEED and SESSIONS repeat or lengthen it.
. "$(dirname "$0")/../lib.sh"
need openssl python3
python3 "$TOP/regress/py/model.py" "${SEED:-$(date +%s)}" "${SESSIONS:-300}"
