#!/bin/sh
# Run the floors: run.sh all | quick | FLOOR...
# Floors: headers unit fuzz conf chat conformance man system.  One line a test,
# what failed with its output, and at the end "N passed, N failed, N skipped".
# JOBS tests run at the same time; each one may take LIMIT seconds.

TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$TOP" || exit 1
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
LIMIT=${LIMIT:-300}
BIN=${BIN:-$TOP/regress/bin}
export BIN

# The tests of a floor, one name a line: FLOOR/NAME.
list() {
	case $1 in
	unit|fuzz)
		for l_f in "$BIN/$1"_*; do
			! [ -x "$l_f" ] || echo "$1/${l_f##*/"$1"_}"
		done ;;
	chat)	ls regress/chat/*.chat | sed 's,.*/,chat/,; s/\.chat$//' ;;
	system)	ls regress/system/*.sh | sed 's,.*/,system/,; s/\.sh$//' ;;
	conf)	echo conf/all; echo conf/page ;;
	conformance) echo conformance/all; echo conformance/sieve ;;
	headers) echo headers/all; echo headers/resolver ;;
	man)	echo man/lint; echo man/usage ;;
	*)	echo "run.sh: no floor $1" >&2; exit 2 ;;
	esac
}

# Run one test in the foreground.
play() {
	case $1 in
	unit/*)	"$BIN/unit_${1#*/}" ;;
	fuzz/*)	find "regress/fuzz/corpus/${1#*/}" -type f -print0 |
		    xargs -0 "$BIN/fuzz_${1#*/}" ;;
	conf/all) sh regress/conf.sh ;;
	conf/page) sh regress/conf_page.sh ;;
	chat/*)	sh regress/chat.sh "regress/$1.chat" ;;
	headers/resolver) sh regress/one_resolver.sh ;;
	headers/*) sh regress/headers.sh ;;
	conformance/all) python3 regress/conformance.py ;;
	conformance/sieve) python3 regress/py/sieve.py ;;
	man/lint) sh regress/lint-man.sh ;;
	man/usage) sh regress/usage.sh ;;
	system/*) sh "regress/$1.sh" ;;
	esac
}

# The tests of one name in lines of "ok", "FAIL", "skip", kept in $OUT.
one() {
	file=$OUT/$(echo "$1" | tr / _)
	began=$(date +%s)
	timeout -k 30 "$LIMIT" sh regress/run.sh play "$1" \
	    >"$file.log" 2>&1 </dev/null
	code=$?
	echo "$(($(date +%s) - began)) s $1" >"$file.time"
	grep -E '^(ok|FAIL|skip) ' "$file.log" >"$file"
	if [ $code -eq 124 ] || [ $code -eq 137 ]; then
		echo "FAIL $1: not done after $LIMIT s" >>"$file"
	elif [ $code -eq 77 ] && grep -q '^skip ' "$file"; then
		:
	elif [ $code -ne 0 ] && ! grep -q '^FAIL ' "$file"; then
		echo "FAIL $1: exit code $code" >>"$file"
	elif ! [ -s "$file" ]; then
		echo "ok $1" >"$file"
	fi
	if grep -q '^FAIL ' "$file" && [ "${1%%/*}" != conformance ]; then
		{ cat "$file"; sed 's/^/    /' "$file.log"; } >"$file.show"
		cat "$file.show"
	else
		cat "$file"
	fi
}

case ${1:-all} in
play)	play "$2"; exit ;;
one)	one "$2"; exit 0 ;;
all)	set -- headers unit fuzz conf chat man conformance system ;;
quick)	set -- unit conf chat ;;
esac

OUT=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-run.XXXXXX") || exit 1
export OUT LIMIT
trap 'rm -rf "$OUT"' EXIT
trap 'exit 1' HUP INT TERM
for floor; do list "$floor"; done >"$OUT/list" || exit 2
xargs -P "$JOBS" -n 1 sh regress/run.sh one <"$OUT/list"

echo "the longest tests:"
cat "$OUT"/*.time | sort -rn | head -n 12 | sed 's/^/    /'
rm -f "$OUT"/list "$OUT"/*.log "$OUT"/*.show "$OUT"/*.time
passed=$(cat "$OUT"/* | grep -c '^ok ')
failed=$(cat "$OUT"/* | grep -c '^FAIL ')
skipped=$(cat "$OUT"/* | grep -c '^skip ')
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
