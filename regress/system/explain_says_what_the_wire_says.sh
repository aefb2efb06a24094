#!/bin/sh
# Forty random directories, eight sets of rules, thousands of addresses: what
# explain says is what RCPT says, octet for octet; VRFY, EXPN and delivery
# agree.  SEED and DIRECTORIES repeat or lengthen it.
. "$(dirname "$0")/../lib.sh"
need python3
python3 "$TOP/regress/py/explain.py" "${SEED:-1}" "${DIRECTORIES:-40}"
