#!/bin/sh
# Mail on its way to another server while relay, queue and all are killed: all
# of it arrives, and a crash costs a message one more copy at the most.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3
N=${N:-60}
KILLS=0

names <<END
far.example MX 10 mx.far.example
mx.far.example A $HOST
END
peer far slow=0.5 rcpt.gone="550 5.1.1 gone"
directory <<END
domain own.example
account john addresses=john@own.example
END
onward <<END
queue { retry 1s }
END
start

# N letters of one recipient each, and one that fails, over one connection.
{
	printf 'S: 220\nC: EHLO c.test\nS* 250\n'
	for to in $(seq -f 'u%.0f' 1 "$N") gone; do
		printf 'C: MAIL FROM:<john@own.example>\nS: 250\n'
		printf 'C: RCPT TO:<%s@far.example>\nS: 250\n' "$to"
		printf 'C: DATA\nS: 354\nC: Subject: %s\nC:\nC: .\n' "$to"
		printf 'S: 250\n'
	done
	printf 'C: QUIT\nS: 221\n'
} >"$TMP/letters"
"$CHAT" "$HOST" "$PORT" "$TMP/letters" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"

for victim in relay queue relay lookup queue; do
	before=$(took far)
	wait_until '[ "$(took far)" -gt "$before" ] ||
	    [ "$before" -ge "$N" ]' 30
	kill_proc "$victim" KILL
	KILLS=$((KILLS + 1))
	wait_until '[ -n "$(procs "$victim")" ]' 20
done
wait_until '! ctl show queue 2>/dev/null | grep -q far.example' 120

cat "$TMP"/far/[0-9]* | sed -n 's/^RCPT TO:<\(u[0-9]*\)@.*/\1/p' |
    sort | uniq -c | sort -n >"$TMP/got"
[ "$(wc -l <"$TMP/got")" = "$N" ] ||
    fail "$(wc -l <"$TMP/got") of $N: lost"
most=$(tail -n 1 "$TMP/got" | awk '{ print $1 }')
[ "$most" -le $((1 + KILLS)) ] || fail "one came $most times"
extra=$(awk '{ n += $1 - 1 } END { print n }' "$TMP/got")
ok "all arrive, $extra copies more after $KILLS crashes"

wait_until '[ "$(mails "$MAIL/own.example/john")" -ge 1 ]'
[ "$(mails "$MAIL/own.example/john")" -le $((1 + KILLS)) ] ||
    fail "$(mails "$MAIL/own.example/john") notices"
ok "the notice is not lost either"
stop
