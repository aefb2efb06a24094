#!/bin/sh
# House rules that a machine can check.  Silent when all is well.
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
bad=$(mktemp "${TMPDIR:-/tmp}/smtpd-style.XXXXXX") || exit 1
trap 'rm -f "$bad"' EXIT
C=$(find smtpd lookup control regress -name '*.[chy]' ! -path 'smtpd/parse.c' \
    ! -path 'regress/bin/*' | sort)
TEXT=$(find regress .ci -name '*.sh' -o -name '*.py' -o -path '.ci/run')

# Files, functions, lines.
# shellcheck disable=SC2086
LC_ALL=C awk '
function say(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
FNR == 1	{ start = 0; code = FILENAME ~ /\.[chy]$/ }
FNR == 501 && code	{ say("over 500 lines") }
code && /^\{/	{ start = FNR }
code && /^\}/ && start	{ if (FNR - start > 60)
			say("function of " FNR - start " lines")
		  start = 0 }
		{ l = $0; while ((i = index(l, "\t")) > 0)
		    l = substr(l, 1, i - 1) \
		      substr("        ", 1, 8 - (i - 1) % 8) substr(l, i + 1)
		  gsub(/[\200-\277]/, "", l)
		  if (length(l) > 80) say("over 80 columns") }
/[ \t]$/	{ say("blanks at the end") }
code && /TODO|FIXME|[*\/] XXX|HOST_NAME_MAX|[^_]LINE_MAX/ { say($0) }
code && /switch \(.*(hdr|msg_type|m->type)|switch \(type\)/ {
		say("switch on a message type") }
' $C $TEXT >>"$bad"

# Calls that are not made.  Only the parent executes, and only itself, and
# smtpctl a trial server (and a test that sees it refused).
calls='system|popen|strcpy|strcat|sprintf|vsprintf|gets|alloca|strtok|atoi'
# shellcheck disable=SC2086
grep -nE "(^|[^_[:alnum:]])($calls|exec[lv]p?e?|fexecve)\\(" $C |
    grep -vE '^(smtpd/child|control/check_trial)\.c:[0-9]*:.*execv\(' |
    grep -vE '^regress/unit/base_sandbox\.c:[0-9]*:.*execv\(' |
    sed 's/$/  (banned call)/' >>"$bad"

# One owner for each of these.
owner() {	# pattern, file that may have it
	# shellcheck disable=SC2086
	grep -lE "$1" $C | grep -vE "^($2)\$" |
	    sed "s,\$,: $1 belongs into $2 alone," >>"$bad"
}
owner '^#include <db\.h>' 'lookup/bdb(_build|_env|_handle)?\.c'
owner '<pcre2\.h>' 'smtpd/code/pattern\.c'
owner '(^|[^_])setres[ug]id\(' 'smtpd/base/priv\.c'
# RCPT.md 2: one resolver.  The server reads tables through layers.c, and
# addresses in find.c; the others make text or changes of whole records.
owner 'bdb_table_(get|seek|next)\(' \
    'lookup/(bdb|layers|export|import_build)\.[ch]|regress/.*'
owner 'record_get_address\(' \
    'lookup/(record|find|change_apply|directory_text|export)\.[ch]|regress/.*'

# Head and guard.
# shellcheck disable=SC2086
LC_ALL=C awk '
function end() {
	if (file == "") return
	if (!licence) print file ":1: no licence"
	if (want != "" && !guard) print file ": no guard " want
}
FNR == 1	{ end(); file = FILENAME; licence = guard = 0; want = ""
		  if (file ~ /\.h$/) {
			want = toupper(file); sub(/.*\//, "", want)
			gsub(/[.-]/, "_", want); want = want "_H"
			sub(/_H_H$/, "_H", want) } }
FNR <= 2 && /Copyright \(c\)/ { licence = 1 }
want != "" && $0 == "#ifndef " want { guard = 1 }
END		{ end() }' $C >>"$bad"
for file in $C; do
	case $file in
	*.h)	[ ! -e "/usr/include/${file##*/}" ] ||
		    echo "$file: named like a system header" >>"$bad" ;;
	esac
done

# Arrows between rooms.  Who may include whom, beside itself:
room() {
	case $1 in
	smtpd/*/*) room=${1#smtpd/}; room=${room%%/*} ;;
	smtpd/*) room=parent ;;
	*)	room=${1%%/*} ;;
	esac
}
may() {
	case $1:$2 in
	regress:*|*:regress)	[ "$1" = regress ] ;;
	base:*|smtp:*)		return 1 ;;
	*:base|*:smtp)		return 0 ;;
	sieve:*)		return 1 ;;
	*:sieve)		return 0 ;;
	code:*)			return 1 ;;
	*:code)			return 0 ;;
	msg:*)			return 1 ;;
	*:msg)			return 0 ;;
	# the compiler of scripts is asked when the configuration is read
	parent:script)		return 0 ;;
	*)			return 1 ;;
	esac
}
# shellcheck disable=SC2086
grep -nE '^#include "' $C | sed 's/:[0-9]*:#include "\(.*\)".*/ \1/' |
while read -r from to; do
	room "$from"; a=$room
	room "$to"; b=$room
	[ "$a" = "$b" ] || may "$a" "$b" && continue
	case $from:$to in
	# main knows the door of every room, smtpctl the directory
	smtpd/smtpd.c:*/"$b.h") continue ;;
	control/*:lookup/*) continue ;;
	esac
	echo "$from: includes $to of another room" >>"$bad"
done

# No cycles.
find smtpd lookup control -name '*.h' -exec grep -H '^#include "' {} + |
    sed 's/:#include "\(.*\)".*/ \1/' | tsort 2>&1 >/dev/null |
    sed 's/^/include cycle: /' >>"$bad"

cat "$bad"
[ ! -s "$bad" ]
