#!/bin/sh
# The directory's table is replaced and reloaded again and again while mail
# goes in: no session ends, no recipient is refused meanwhile, the new table
# is what counts afterwards, and a broken one changes nothing.
. "$(dirname "$0")/../lib.sh"
need python3

users() {
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
}
ask() {	# address, reply
	say >"$TMP/out" 2>&1 <<-END || fail "$(cat "$TMP/out")"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<$1>
	S: $2
	C: QUIT
	S: 221
	END
}

mkconf </dev/null
users | directory
start
ask new@example.org '550 5.1.1'
background python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 8 1500 \
    example.org "$TMP/book" 2>"$TMP/err"
load=$BACKGROUND
for round in 1 2 3 4 5 6 7 8 9 10; do
	{ users; echo "account new addresses=new$round@example.org"; } |
	    directory
	if [ $((round % 2)) = 0 ]; then
		ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
	else
		kill -HUP "$PID"
	fi
	wait_until "[ \"\$(grep -c 'reload: tables opened' \"\$LOG\")\" \
	    = $round ]" 20
	ask "new$round@example.org" '250 2.1.5'
	ask "new$((round - 1))@example.org" '550 5.1.1'
done
wait_until "! alive $load" 120
wait "$load" || fail "$(tail "$TMP/err")"
[ "$(grep -vc ok "$TMP/book")" = 0 ] ||
    fail "$(grep -v ok "$TMP/book" | head -n 5; head -n 5 "$TMP/err")"
ok "ten tables under load"

wait_until '[ -z "$(ctl -j show queue)" ]' 60
python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" >"$TMP/found" ||
    fail "$(cat "$TMP/found")"
ok "$(head -n 1 "$TMP/found")"

# a table that is none, moved in as import does it
echo "no table" >"$TMP/bad"
[ -z "$AS" ] || chown 65534:65534 "$TMP/bad"
mv "$TMP/bad" "$DB"
ctl reload >"$TMP/out" 2>&1 && fail "a broken table was taken"
grep -q "$DB" "$TMP/out" || fail "which table? $(cat "$TMP/out")"
ask new10@example.org '250 2.1.5'
ok "a broken table changes nothing"

echo "rcpt { nonsense 5 }" >>"$CONF"
ctl reload >"$TMP/out" 2>&1 && fail "a broken configuration was taken"
grep -Eq "smtpd.conf:[0-9]+:[0-9]+: " "$TMP/out" || fail "$(cat "$TMP/out")"
ask u1@example.org '250 2.1.5'
ok "a broken configuration changes nothing"
stop
