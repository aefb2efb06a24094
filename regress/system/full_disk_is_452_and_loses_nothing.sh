#!/bin/sh
# A spool without room: 452 to DATA, what is there is delivered on, and when
# there is room again so is service.  Full at any moment, also at the start,
# and with the queue process killed meanwhile: nothing is lost or cut short.
. "$(dirname "$0")/../lib.sh"
need python3 mountpoint
[ "$(id -u)" = 0 ] || skip "needs root, for a small file system"
mount -t tmpfs -o size=120m,mode=700,uid=65534,gid=65534 tmpfs "$TMP/spool" \
    2>/dev/null || skip "cannot mount a small file system here"

full_end() {
	full_code=$?
	umount -l "$TMP/spool"
	(exit $full_code)
	end_all
}
trap full_end EXIT

FILLER=$TMP/spool/filler
mkconf <<END
queue { retry 1s }
END
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory

# Take all but so many KiB of the disk.
fill() {
	rm -f "$FILLER"
	left=$(df -k --output=avail "$TMP/spool" | tail -n 1)
	dd if=/dev/zero of="$FILLER" bs=1k count=$((left - $1)) \
	    2>/dev/null
}

# One message; the code of the answer to DATA.
data() {
	say >/dev/null 2>"$TMP/say.err" <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<u1@example.org>
	S: 250
	C: DATA
	S: $1
	END
}

start
fill 30000
# the free space is looked at once a second
wait_until 'data "452 4.3.1"' 10
data "452 4.3.1" || fail "$(cat "$TMP/say.err")"
grep -q 'event=full' "$LOG" || fail "the log says nothing"
ok "DATA is answered 452 4.3.1 when less than the reserve is free"
rm -f "$FILLER"
wait_until 'data 354' 10
ok "and 354 when there is room again"

# Full and not, while mail comes in; the queue killed while it is full.
: >"$TMP/book"
background python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 8 400 \
    example.org "$TMP/book" 10 1500 2>"$TMP/load.err"
load=$BACKGROUND
for round in 40 80 120 160 200; do
	wait_until "[ \"\$(grep -c ok '$TMP/book')\" -ge $round ] ||
	    ! alive $load" 60
	fill 0
	later=$(grep -c later "$TMP/book")
	wait_until "[ \"\$(grep -c later '$TMP/book')\" -gt $((later + 8)) ] ||
	    ! alive $load" 30
	if [ $round = 80 ] || [ $round = 160 ]; then
		old=$(procs queue | head -n 1)
		kill -KILL "$old"
		wait_until "[ -n \"\$(procs queue)\" ] &&
		    [ \"\$(procs queue | head -n 1)\" != $old ]" 30
		wait_until 'ctl show status | grep -q "queue.*ready"' 30
	fi
	rm -f "$FILLER"
done
wait_until "! alive $load" 120
wait "$load" || fail "not accepted: $(tail -n 5 "$TMP/load.err")"
wait_until '[ -z "$(ctl -j show queue)" ]' 60
python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" >"$TMP/found" \
    2>&1 || fail "$(cat "$TMP/found")"
ok "full while mail comes in: $(head -n 1 "$TMP/found")"

# A start on a full disk: 452, but what waits is delivered all the same.
rm -rf "${MAIL:?}"/* "$TMP/book"
kill_proc deliver STOP
python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 4 20 example.org \
    "$TMP/book" 10 2>"$TMP/load.err" || fail "$(cat "$TMP/load.err")"
fill 0
old=$(procs queue | head -n 1)
kill -KILL "$old"
wait_until "[ -n \"\$(procs queue)\" ] && [ \"\$(procs queue)\" != $old ]" 30
wait_until 'ctl show status | grep -q "queue.*ready"' 30
kill_proc deliver CONT
wait_until '[ "$(mails)" -ge 20 ]' 30
data 452 || fail "a start on a full disk: $(cat "$TMP/say.err")"
ok "a queue that starts on a full disk delivers what it has"
rm -f "$FILLER"
wait_until 'data 354' 20
restart
wait_until '[ -z "$(ctl -j show queue)" ]' 30
python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" >"$TMP/found" \
    2>&1 || fail "$(cat "$TMP/found")"
ok "and it is remembered: $(head -n 1 "$TMP/found")"
stop
