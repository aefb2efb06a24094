#!/bin/sh
# After hundreds of sessions and messages, and after each process has been
# started again several times, every process has as many descriptors open as
# at first, and a new one inherits none but its own.
. "$(dirname "$0")/../lib.sh"
need python3

names="front policy lookup queue deliver control relay keys"
mkconf </dev/null
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory
start
wait_until 'grep -q "smtpd: ready" "$LOG"' 30

load() {
	python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 8 200 \
	    example.org "$TMP/book" 2>"$TMP/err" || fail "$(tail "$TMP/err")"
	wait_until '[ -z "$(ctl -j show queue)" ]' 60
	for n in 1 2 3 4 5; do
		ctl show status >/dev/null 2>&1 || fail "no status"
		kill -HUP "$PID"
		say <<-END >/dev/null 2>&1 || fail "a half session"
		S: 220
		C: EHLO client.example
		S* 250
		C: MAIL FROM:<a@client.example>
		S: 250
		C: RCPT TO:<u1@example.org>
		S: 250
		C: DATA
		S: 354
		END
	done
}
count() {
	echo "parent $(find "/proc/$PID/fd" -type l | wc -l)"
	for name in $names; do
		echo "$name $(find "/proc/$(procs $name)/fd" -type l | wc -l)"
	done
}
load			# segments of the queue, tables: all is open
count >"$TMP/expected"
load
same() { count >"$TMP/now"; cmp -s "$TMP/now" "$TMP/expected"; }
wait_until same 10
ok "sessions and messages"

for round in 1 2 3; do
	for name in $names; do
		kill -KILL "$(procs $name)"
		wait_until "[ \"\$(grep -c '$name 0: started again' \
		    '$LOG')\" = $round ]" 20
	done
done
load
wait_until same 10 || fail "$(diff "$TMP/expected" "$TMP/now")"
ok "restarts"

# standard streams are shared; of the rest nothing is the parent's
ls -l "/proc/$PID/fd" | sed -n 's/.*\(socket:\[[0-9]*\]\)/\1/p' |
    sort >"$TMP/parent"
for name in policy lookup queue deliver; do
	ls -l "/proc/$(procs $name)/fd" |
	    sed -n 's/.*\(socket:\[[0-9]*\]\)/\1/p' | sort |
	    comm -12 - "$TMP/parent" >"$TMP/both"
	[ ! -s "$TMP/both" ] || fail "$name has the parent's $(cat "$TMP/both")"
done
ok "nothing is inherited"
stop
