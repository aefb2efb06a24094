#!/bin/sh
# Ten thousand clients wait for the answer to a recipient that does not exist
# (errors { wait }): a recipient of somebody else costs what it did before, and
# each of them gets its answer, none too early.
. "$(dirname "$0")/../lib.sh"

clients=10000
wait=45
ulimit -n "$(ulimit -H -n)"
limit=$(ulimit -n)
if [ "$limit" != unlimited ] && [ "$limit" -lt $((clients + 1000)) ]; then
	clients=$((limit - 1000))
	echo "NOTE: $clients clients, not ten thousand: ulimit -n is $limit"
fi
[ "$clients" -ge 500 ] || skip "ulimit -n is $limit"
if grep -q __asan_init "$SMTPD"; then
	clients=2000
	echo "NOTE: $clients clients, not ten thousand: sanitizers"
fi

mkconf <<EOF
session { max-sessions 19000; max-sessions-per-client 19000 }
rcpt { directory 'accounts'; errors { total 5; wait ${wait}s } }
EOF
{
	echo "domain example.org"
	n=0
	while [ $n -lt 100 ]; do
		echo "account u$n addresses=u$n@example.org"
		n=$((n + 1))
	done
} | directory
start

# CPU ticks of all processes, and their memory in KiB
ticks() {
	for p in $PID $(cat "/proc/$PID/task/$PID/children"); do
		sed 's/.*) //' "/proc/$p/stat"
	done | awk '{ t += $12 + $13 } END { print t }'
}
memory() {
	for p in $PID $(cat "/proc/$PID/task/$PID/children"); do
		sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$p/smaps_rollup"
	done 2>/dev/null | awk '{ t += $1 } END { print t }'
}
# Ticks for a million recipients: this many over a few connections.
cost() {
	cost_from=$(ticks)
	"$BIN/load" rcpt "$HOST" "$PORT" 10 10 4 example.org 100 \
	    >"$TMP/load" 2>&1 || fail "$(cat "$TMP/load")"
	awk -v t=$(($(ticks) - cost_from)) \
	    '{ printf "%d\n", t * 1000000 / $2 }' "$TMP/load"
}
cost >/dev/null		# caches are warm
alone=$(cost)
before=$(memory)
"$BIN/load" wait "$HOST" "$PORT" "$clients" example.org $wait \
    >"$TMP/wait" 2>&1 &
STARTED="$STARTED $!"
waiting=$!
wait_until 'grep -q "^waiting" "$TMP/wait" || ! alive $waiting' 60
grep -q "^waiting" "$TMP/wait" || fail "$(cat "$TMP/wait")"
after=$(memory)
beside=$(cost)
grep -q "^released" "$TMP/wait" &&
    fail "too slow: they were released before others were measured"
say >"$TMP/out" 2>&1 <<'EOF' || fail "$(cat "$TMP/out")"
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<a@client.example>
S: 250
C: RCPT TO:<u1@example.org>
S: 250
C: DATA
S: 354
C: Subject: beside them
C:
C: text
C: .
S: 250
EOF
wait_until '[ "$(mails)" = 1 ]' 20
[ "$beside" -le $((alone * 2)) ] ||
    fail "a recipient costs $beside ticks a million beside them, $alone alone"
ok "$clients wait, $(((after - before) * 1024 / clients)) octets each; \
CPU of a recipient of others is $((beside * 100 / alone)) %"
wait "$waiting" || fail "$(cat "$TMP/wait")"
grep -q "^released $clients refused $clients early 0\$" "$TMP/wait" ||
    fail "$(cat "$TMP/wait")"
ok "$(tail -n 1 "$TMP/wait")"
stop
