#!/bin/sh
# The greylist: what is new waits and is told for how long, what comes again
# is let in; a killed process and a restart forget nothing; smtpctl shows it,
# lets a network in, and forgets it.
. "$(dirname "$0")/../lib.sh"

# A delay that nothing waits out: who is let in early was forgotten.
conf() {
	mkconf <<-END
	rcpt { directory 'accounts'; errors { total 100; wait 0 } }
	greylist {
		when	if listener = 'smtp' then true
		delay	$1
		exempt	['news@ok.example', '@friend.example']
	}
	END
}
rcpt() {	# sender, recipient, expected
	say <<-END >"$TMP/out" || fail "$1 to $2, not $3: $(cat "$TMP/out")"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<$1>
	S: 250
	C: RCPT TO:<$2>
	S: $3
	C: QUIT
	S: 221
	END
}
directory <<EOF
domain example.org
account jane addresses=jane@example.org,abuse@example.org
EOF
conf 1s
start
# nobody is let in before the time; who comes again often is at last
rcpt a@client.example jane@example.org \
    '450 4.7.1 Greylisted, please try again in 1 second'
again() {
	say <<-END >/dev/null 2>&1
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<A@Client.example>
	S: 250
	C: RCPT TO:<Jane@Example.org>
	S: 250
	END
}
wait_until again 20
ok "who comes again is let in"
rcpt a@client.example nobody@example.org '550 5.1.1'
rcpt a@client.example x@elsewhere.test '550 5.7.1'
rcpt stranger@client.example abuse@example.org '250 2.1.5'
rcpt news@ok.example jane@example.org '250 2.1.5'
rcpt any@friend.example jane@example.org '250 2.1.5'
[ "$(ctl -j show greylist | grep -c 'client.example')" = 1 ] ||
    fail "$(ctl show greylist)"
ok "what is refused, or exempt, is not remembered"

stop
conf 1d
start
rcpt a@client.example jane@example.org '250 2.1.5'
rcpt b@client.example jane@example.org \
    '450 4.7.1 Greylisted, please try again in 86400 seconds'
pid=$(procs lookup)
kill -KILL "$pid"
wait_until '! alive "$pid" && [ -n "$(procs lookup)" ]' 30
wait_until 'ctl show greylist >"$TMP/out" 2>&1' 30
grep -Eq ' b@client.example +jane@example.org +waiting +0 +86[0-9]+ ' \
    "$TMP/out" || fail "$(cat "$TMP/out")"
rcpt a@client.example jane@example.org '250 2.1.5'
rcpt b@client.example jane@example.org '450 4.7.1'
ok "a kill and a restart forget nothing"

ctl greylist pass 127.0.0.1 >"$TMP/out" || fail "pass"
rcpt b@client.example jane@example.org '250 2.1.5'
ctl show greylist 127.0.0.9 >"$TMP/out" || fail "show"
grep -Eq '^127\.0\.0\.0/24 +\* +\* +known ' "$TMP/out" ||
    fail "$(cat "$TMP/out")"
ctl greylist forget 127.0.0.0/24 >"$TMP/out" || fail "forget"
rcpt a@client.example jane@example.org '450 4.7.1'
ctl greylist forget 127.1.1.1 >"$TMP/out" 2>&1
[ $? = 65 ] || fail "forget nobody: $(cat "$TMP/out")"
ctl greylist pass all >"$TMP/out" 2>&1
[ $? = 64 ] || fail "pass all: $(cat "$TMP/out")"
ok "smtpctl shows it, lets in, forgets"
stop
