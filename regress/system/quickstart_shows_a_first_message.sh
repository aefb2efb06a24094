#!/bin/sh
# make quickstart as somebody new to the house types it, without the building:
# a message lands, nothing is left behind by the end of it.
. "$(dirname "$0")/../lib.sh"
need curl

cd "$TOP" || exit 1
[ ! -e .quickstart ] || skip "a quickstart is running in this tree"
sh regress/quickstart.sh start >"$TMP/out" 2>&1 </dev/null || {
	sh regress/quickstart.sh stop >/dev/null 2>&1
	fail "$(cat "$TMP/out")"
}
. ./.quickstart
quick_pid=$PID
quick_dir=$DIR
PID=
# what it says about going on is true
sed -n '/== where to go on/,/find mail/p' "$TMP/out" | sed 1d >"$TMP/on"
sh -e "$TMP/on" >"$TMP/gone" 2>&1 </dev/null || on=failed
# another start says where it is and starts nothing
sh regress/quickstart.sh start >"$TMP/again" 2>&1 </dev/null
sh regress/quickstart.sh stop >"$TMP/stop" 2>&1 || fail "$(cat "$TMP/stop")"

grep -q 'Hello Alice, this came over SMTP' "$TMP/out" ||
    fail "no message: $(cat "$TMP/out")"
grep -q '550 5.1.1' "$TMP/out" || fail "nothing was refused"
ok "a message lands, an unknown recipient is refused"
[ -z "${on:-}" ] && [ -s "$TMP/on" ] || fail "to go on: $(cat "$TMP/gone")"
ok "the commands to go on with do"
grep -q "running already (process $quick_pid" "$TMP/again" ||
    fail "$(cat "$TMP/again")"
alive "$quick_pid" && fail "process $quick_pid runs on"
[ ! -e "$quick_dir" ] && [ ! -e .quickstart ] || fail "$quick_dir is left"
sh regress/quickstart.sh stop | grep -q 'nothing was started' ||
    fail "a second stop"
ok "its end leaves nothing"

# What is left of one whose process number is somebody else's by now.
old=$(mktemp -d "$TMP/smtpd-quickstart.XXXXXX")
printf "PID=%s\nDIR='%s'\n" $$ "$old" >.quickstart
sh regress/quickstart.sh stop >/dev/null || fail "a stop of nothing"
[ ! -e "$old" ] && [ ! -e .quickstart ] || fail "$old is left"
ok "no other process is ended"
