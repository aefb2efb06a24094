#!/bin/sh
# The grammar: each regress/conf/X.in goes to "smtpd -n -f".  It is accepted,
# with the output X.ok, or refused, with the output X.err.  The only munging
# is the sed script below: paths become names.
cd "$(dirname "$0")/conf" || exit 1
SMTPD=${SMTPD:-../../smtpd/smtpd}
OUT=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-conf.XXXXXX") || exit 1
trap 'rm -rf "$OUT"' EXIT
failed=0

for file in *.in; do
	name=${file%.in}
	timeout 20 "$SMTPD" -n -f "$file" >"$OUT/raw" 2>&1 </dev/null
	code=$?
	sed -e 's,[^ "]*/\([^/ "]*\),\1,g' "$OUT/raw" >"$OUT/got"
	if [ -f "$name.ok" ] && [ -f "$name.err" ]; then
		why="both $name.ok and $name.err are there"
	elif [ -f "$name.ok" ] && [ $code -ne 0 ]; then
		why="refused with exit code $code: $(cat "$OUT/got")"
	elif [ -f "$name.err" ] && [ $code -ne 1 ]; then
		why="exit code $code, not 1: $(cat "$OUT/got")"
	else
		want=$name.ok
		[ -f "$want" ] || want=$name.err
		why=$(diff -u "$want" "$OUT/got" 2>&1) && why=
	fi
	if [ -n "$why" ]; then
		echo "FAIL conf/$name: $why"
		failed=1
	else
		echo "ok conf/$name"
	fi
done
exit $failed
