#!/bin/sh
# A smtpctl trace that has been stopped: the server goes on, and does not grow;
# it counts what is lost, and goes on to tell when it is read again; and one
# that is killed then is gone.
. "$(dirname "$0")/../lib.sh"

rss() {		# of these processes together, in KB
	for p; do
		sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$p/status"
	done | awk '{ n += $1 } END { print n + 0 }'
}

load() {
	"$BIN/load" rcpt "$HOST" "$PORT" 8 20 "$1" example.org 1000 \
	    >"$TMP/load" || fail "load: $(cat "$TMP/load")"
	awk '$2 < 20 || $4 != 0 { exit 1 }' "$TMP/load" ||
	    fail "the server was held up: $(cat "$TMP/load")"
}

# A name that is seen in the trace; one who is behind may have missed it.
hello() {
	grep -q "C: HELO $1" "$TMP/trace" && return
	say >"$TMP/out" 2>&1 <<-END || fail "$(cat "$TMP/out")"
	S: 220
	C: HELO $1
	S: 250
	C: QUIT
	S: 221
	END
	return 1
}

tracing() {	# begins one
	: >"$TMP/err"
	background "$SMTPCTL" -s "$SOCK" trace 127.0.0.0/8 >"$TMP/trace" \
	    2>"$TMP/err"
	wait_until '[ -s "$TMP/err" ]' 60
}

mkconf
awk 'BEGIN {
	print "domain example.org"
	for (i = 0; i < 1000; i++)
		printf "account a%d addresses=u%d@example.org\n", i, i
}' | directory
start
tracing
load 1
wait_until 'hello before.test' 60
all="$(procs control) $(procs front) $(procs policy) $(procs lookup)"
# shellcheck disable=SC2086
before=$(rss $all)
kill -STOP "$BACKGROUND"
load 3
# what a sanitizer keeps of freed memory is not ours
allowed=8192
grep -q __asan_init "$SMTPD" && allowed=600000
# shellcheck disable=SC2086
grown=$(($(rss $all) - before))
[ "$grown" -lt "$allowed" ] || fail "the server has grown by $grown KB"
ok "$(awk '{ print $2 }' "$TMP/load") recipients beside one that is stopped"

kill -CONT "$BACKGROUND"
wait_until 'grep -Eq "^[.]{3} [1-9][0-9]* events lost\$" "$TMP/trace"' 60
wait_until 'hello again.test' 60
ok "$(grep -c lost "$TMP/trace") times it is told how much it has missed"

kill -STOP "$BACKGROUND"
load 1
kill -KILL "$BACKGROUND"
wait "$BACKGROUND" 2>/dev/null
wait_until '[ -z "$(ctl -q show sessions)" ]' 60
tracing
wait_until 'hello after.test' 60
! grep -q 'C: RCPT' "$TMP/trace" || fail "what it hears is of before"
ok "one that is killed is gone"
