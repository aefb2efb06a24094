#!/bin/sh
# What deliver has begun when the server stops is finished and remembered: the
# next start tries nothing a second time, and everything else.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf </dev/null
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory
start
deliver=$(procs deliver | head -n 1)
kill -STOP "$deliver"
python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 4 20 example.org \
    "$TMP/book" 10 2>"$TMP/load.err" || fail "$(cat "$TMP/load.err")"
wait_until '[ "$(ctl -j show queue | grep -c active)" = 20 ]' 10
kill -TERM "$PID"
# lookup leaves at once: by then all have heard of the end
wait_until '[ -z "$(procs lookup)" ]' 20
kill -CONT "$deliver"
wait_until '! alive "$PID"' 20
wait "$PID" || fail "the server did not end well"
PID=
begun=$(mails)
[ "$begun" -gt 0 ] || fail "nothing was begun"
: >"$LOG"
start
wait_until 'grep -q event=recovered "$LOG"' 20
grep -q "event=recovered messages=$((20 - begun)) " "$LOG" ||
    fail "$begun were delivered, and not all are remembered"
ok "$begun were finished at the end"
wait_until '[ -z "$(ctl -j show queue)" ]' 20
stop
python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" >"$TMP/found" \
    2>&1 || fail "$(cat "$TMP/found")"
grep -q ' 0 twice$' "$TMP/found" || fail "$(cat "$TMP/found")"
ok "the others came after the start"
