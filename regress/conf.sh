#!/bin/sh
# The grammar: each regress/conf/X.in goes to "smtpd -n -v -f".  It is accepted,
# and what it prints has every line of X.ok; or it is refused with exactly the
# lines of X.err.  A first line "# smtpd ..." gives more arguments.  The list of
# all words outside of blocks stands there as "hostname, ...".
cd "$(dirname "$0")/conf" || exit 1
SMTPD=${SMTPD:-../../smtpd/smtpd}
OUT=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-conf.XXXXXX") || exit 1
trap 'rm -rf "$OUT"' EXIT
failed=0

# Why the test of that name fails; nothing when it does not.
judge() {
	if [ -f "$1.ok" ] && [ -f "$1.err" ]; then
		echo "both $1.ok and $1.err are there"
	elif [ -f "$1.ok" ] && { [ "$code" -ne 0 ] || [ -s "$OUT/err" ]; }; then
		echo "refused with exit code $code: $(cat "$OUT/err")"
	elif [ -f "$1.ok" ]; then
		grep -vxFf "$OUT/out" "$1.ok" >"$OUT/missing" &&
		    echo "does not say: $(cat "$OUT/missing")"
		[ -s "$1.ok" ] || echo "$1.ok is empty"
	elif [ "$code" -ne 1 ] || [ -s "$OUT/out" ]; then
		echo "exit code $code, not 1: $(cat "$OUT/out" "$OUT/err")"
	else
		sed 's/ hostname, .*/ hostname, .../' "$OUT/err" |
		    diff -u "$1.err" - 2>&1
	fi
}

for file in *.in; do
	name=${file%.in}
	args=$(sed -n '1s/^# smtpd //p' "$file")
	# shellcheck disable=SC2086
	timeout 20 "$SMTPD" -n -v -f "$file" $args >"$OUT/out" 2>"$OUT/err" \
	    </dev/null
	code=$?
	why=$(judge "$name")
	if [ -n "$why" ]; then
		echo "FAIL conf/$name: $why"
		failed=1
	else
		echo "ok conf/$name"
	fi
done
exit $failed
