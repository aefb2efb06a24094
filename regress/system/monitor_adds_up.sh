#!/bin/sh
# What smtpctl monitor shows line by line adds up to what show stats counts,
# over two fronts and over the death of one of them.
. "$(dirname "$0")/../lib.sh"
need python3

sum() {		# key: of all lines of the monitor
	sed -n "s/.*\"$1\":\(-*[0-9]*\).*/\1/p" "$TMP/lines" |
	    awk '{ n += $1 } END { print n + 0 }'
}

stat() {	# process, counter: over its instances
	ctl show stats | awk -v p="$1" -v c="$2" '
	    $1 ~ "^" p "[0-9]*[.]" c "$" { n += $2 } END { print n + 0 }'
}

ready() {
	ctl -q show status >"$TMP/out" && ! grep -qv ' ready ' "$TMP/out"
}

agrees() {	# figure, its counter
	[ "$(sum "$1")" = "$(stat "${2%.*}" "${2#*.}")" ]
}

talk() {
	say <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<bob@example.org>
	S: 250
	C: RCPT TO:<late@example.org>
	S: 450
	C: RCPT TO:<nobody@example.org>
	S: 550
	C: DATA
	S: 354
	C: Subject: x
	C:
	C: x
	C: .
	S: 250
	C: QUIT
	S: 221
	END
}

mkconf <<END
prefork 2
END
directory <<END
domain	example.org
account	bob	addresses=bob@example.org
alias	late@example.org	state=defer text="Later."
END
start
wait_until ready 60

for bad in 0 x "1 0" "3601"; do
	# shellcheck disable=SC2086
	ctl monitor $bad >"$TMP/out" 2>&1
	[ $? = 64 ] || fail "monitor $bad: $(cat "$TMP/out")"
done
ctl monitor 1 2 >"$TMP/out" 2>&1 || fail "monitor 1 2: $(cat "$TMP/out")"
[ "$(wc -l <"$TMP/out")" = 3 ] && awk 'NF != 13 { exit 1 }' "$TMP/out" ||
    fail "monitor 1 2 says: $(cat "$TMP/out")"
ok "so many lines as were asked for, of 13 columns"

# the counters of before are not the monitor's: those of a new server are 0
restart
: >"$TMP/lines"
background "$SMTPCTL" -j -s "$SOCK" monitor >>"$TMP/lines" 2>"$TMP/err"
monitor=$BACKGROUND
wait_until '[ -s "$TMP/lines" ]' 30
before=$(stat front connections)
i=0
while [ $((i += 1)) -le 7 ]; do
	talk >"$TMP/out" || fail "$(cat "$TMP/out")"
done
wait_until 'agrees messages front.messages' 30
wait_until '[ "$(sum delivered)" = 7 ]' 30
[ "$(sum rcpts_accepted)" = 7 ] && [ "$(sum rcpts_deferred)" = 7 ] &&
    [ "$(sum rcpts_rejected)" = 7 ] || fail "$(cat "$TMP/lines")"
agrees rcpts_accepted front.rcpts_accepted &&
    agrees delivered queue.delivered || fail "$(cat "$TMP/lines")"
[ $(($(stat front connections) - before)) = 7 ] &&
    [ "$(sum connections)" -ge 7 ] || fail "$(cat "$TMP/lines")"
ok "seven of each: accepted, 4yz, 5yz, delivered"

kill_proc front KILL
wait_until ready 60
wait_until 'talk >"$TMP/out"' 30
wait_until '[ "$(sum messages)" = 8 ] && [ "$(sum delivered)" = 8 ]' 30
[ "$(sum rcpts_rejected)" = 8 ] || fail "$(cat "$TMP/lines")"
python3 -c 'import json, sys
for line in sys.stdin: json.loads(line)' <"$TMP/lines" || fail "no JSON"
! grep -q -- '":-' "$TMP/lines" || fail "less than none: $(cat "$TMP/lines")"
ok "a front that begins anew is counted on"

stop
wait "$monitor"
[ $? = 69 ] && grep -q 'closed the connection\|refused' "$TMP/err" ||
    fail "the monitor at the end of the server: $(cat "$TMP/err")"
ok "it ends with the server, and says so: 69"
