#!/bin/sh
# Garbage, half messages, wrong lengths, descriptors and floods at the control
# socket: every process goes on, memory and descriptors stay what they were,
# the log stays readable.
. "$(dirname "$0")/../lib.sh"
need python3
ROUNDS=${ROUNDS:-20000}

rss() {		# of a process, in KB
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

files() {
	ls "/proc/$1/fd" | wc -l
}

pids() {
	ctl -q show status | awk '{ print $1, $2, $3, $4, $6 }'
}

abuse() {	# rounds, seed
	python3 "$TOP/regress/py/abuse.py" "$SOCK" "$1" "$2" \
	    >"$TMP/abuse.out" 2>&1 ||
	    fail "abuse.py: $(cat "$TMP/abuse.out")"
}

mkconf
directory <<END
domain	example.org
account	bob	addresses=bob@example.org
END
start
wait_until 'pids >"$TMP/before" && ! grep -qv " ready " "$TMP/before"'
control=$(procs control)

# the first thousand fill the heap as far as it goes
abuse 1000 1
wait_until '[ "$(files "$control")" -lt 20 ]'
files=$(files "$control")
rss=$(rss "$control")
began=$(date +%s)
abuse "$ROUNDS" 2
took=$(($(date +%s) - began))

pids >"$TMP/after"
expect_file "$TMP/after" <"$TMP/before"
ok "no process has ended in $ROUNDS rounds: $(cat "$TMP/abuse.out")"

wait_until '[ "$(files "$control")" -le "$files" ]'
ok "no descriptor is left behind"

# what a sanitizer keeps of freed memory is not ours
allowed=1024
grep -q __asan_init "$SMTPD" && allowed=300000
grown=$(($(rss "$control") - rss))
[ "$grown" -lt "$allowed" ] || fail "control has grown by $grown KB"
ok "memory stays what it was ($grown KB)"

lines=$(grep -c 'sent rubbish' "$LOG")
[ "$lines" -gt 0 ] && [ "$lines" -le $((took + 10)) ] ||
    fail "$lines lines about it in $took s"
ok "the log says so, a line a second"

# what an administrator writes is one line of the log
forged=$(printf 'x\nforged: a line')
ctl greylist pass "$forged" >/dev/null 2>&1
ctl pardon "$forged" >/dev/null 2>&1
ctl queue hold "$forged" >/dev/null 2>&1
ctl queue hold from="$forged" >/dev/null 2>&1
ctl directory delete "$forged" >/dev/null 2>&1
! grep '^forged' "$LOG" || fail "a line of the log is forged"
ok "arguments are no lines of the log"

ctl directory get bob >"$TMP/out" || fail "smtpctl has no answer any more"
say <<END
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<a@example.net>
S: 250
C: RCPT TO:<bob@example.org>
S: 250
C: QUIT
S: 221
END
ok "smtpctl and clients are served"
