#!/bin/sh
# Each header compiles alone.  COMPILE is the compiler with its flags.
cd "$(dirname "$0")/.." || exit 1
COMPILE=${COMPILE:-cc -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra \
    -Wno-unused-parameter}
failed=0
for header in $(find smtpd lookup control regress -name '*.h' | sort); do
	# the headers of tests define functions, as build.sh has it
	case $header in
	regress/*) relax='-Wno-missing-prototypes -Wno-missing-declarations' ;;
	*)	relax= ;;
	esac
	# shellcheck disable=SC2086
	if ! printf '#include "%s"\n' "$header" |
	    $COMPILE -Werror $relax -fsyntax-only -x c - 2>&1; then
		echo "FAIL headers/$header"
		failed=1
	fi
done
[ $failed -ne 0 ] || echo "ok headers"
exit $failed
