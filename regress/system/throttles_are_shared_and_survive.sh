#!/bin/sh
# A throttle counts what all fronts accept, through the death of policy and of
# lookup and a new start; nothing is accepted while it cannot be known.
. "$(dirname "$0")/../lib.sh"

mkconf <<END
prefork 2
rcpt { directory false; relay true; errors { total 100; wait 0 } }
relay host "smtp://$HOST:9"
throttle { match rcpt_domain = 'slow.test'; key [sender, rcpt]; rate 5/1h }
throttle { match rcpt_domain = 'slow.test'; key [sender]; rate 1000/1h }
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start

# RCPT in a session of its own: the code of the reply.
ask() {
	say <<-END >/dev/null 2>&1
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
is() {
	ask "$1" "$2" || fail "RCPT $1: not $2"
}

for n in 1 2 3 4 5; do is x@slow.test 250; done
for n in 1 2 3 4 5 6; do is x@slow.test '451 4.7.1'; done
is other@slow.test 250
is x@fast.test 250
grep -q 'event=throttled throttle=throttle.1 rate=5/3600s wait=' "$LOG" ||
    fail "the log does not name the throttle"
ok "two fronts share a bucket, each key has its own"

kill_proc policy KILL
wait_until 'grep -q "policy .: started again" "$LOG"' 20
wait_until 'ask x@slow.test "451 4.7.1"' 20
for n in 1 2 3 4; do is x@slow.test '451 4.7.1'; done
ok "policy is killed"

# stopped, it does not answer; killed, it starts again with what it had
lookup=$(procs lookup)
kill -STOP "$lookup"
background sh -c "sleep 1; kill -KILL $lookup"
ask x@slow.test 250 && fail "accepted while it could not be known"
wait_until '! alive "$lookup"' 20
wait_until 'ask x@slow.test "451 4.7.1"' 30
is other@slow.test 250
ok "lookup is killed"

stop
start
is x@slow.test '451 4.7.1'
for n in 1 2 3; do is other@slow.test 250; done
is other@slow.test '451 4.7.1'
ctl show stats >"$TMP/stats" 2>&1 || fail "$(cat "$TMP/stats")"
grep -Eq 'throttled +3$|throttled=3' "$TMP/stats" ||
    fail "not 3 buckets: $(grep throttled "$TMP/stats")"
ok "a new start"
