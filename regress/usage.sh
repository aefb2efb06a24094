#!/bin/sh
# What each program says of its use is the SYNOPSIS of its page.
cd "$(dirname "$0")/.." || exit 1
command -v mandoc >/dev/null || { echo "skip usage: needs mandoc"; exit 0; }
failed=0

# The section as plain text, without its formatting and line breaks.
synopsis() {
	mandoc -T ascii "man/$1.8" | col -b | sed -n '/^SYNOPSIS/,/^DESC/p' |
	    sed '1d;$d' | tr -s ' \n' '  ' | sed 's/^ //; s/ $//'
}

check() {	# name, program
	said=$("$2" -? 2>&1 </dev/null | tr -s ' \n\t' '   ' |
	    sed 's/^usage: //; s/ $//; s/.*usage: //')
	page=$(synopsis "$1")
	if [ "$said" = "$page" ]; then
		echo "ok usage/$1"
	else
		echo "FAIL usage/$1: it says \"$said\", its page \"$page\""
		failed=1
	fi
}

check smtpd "${SMTPD:-smtpd/smtpd}"
check smtpctl "${SMTPCTL:-control/smtpctl}"

# And each command has its place there.
CTL=${SMTPCTL:-control/smtpctl}
missing=$("$CTL" help | while read -r _ first second _; do
	case $first in
	show|queue|directory|greylist|explain) name="$first $second" ;;
	*)	name=$first ;;
	esac
	grep -Eq "Cm $name( |\$)" man/smtpctl.8 || echo "$name"
done)
if [ -n "$missing" ]; then
	echo "FAIL usage/commands: not in smtpctl(8): $missing"
	failed=1
else
	echo "ok usage/commands"
fi
exit $failed
