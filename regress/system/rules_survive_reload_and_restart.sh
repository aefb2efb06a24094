#!/bin/sh
# Rules: the log names the one that cannot be evaluated and where it stands, a
# reload brings new ones, and a policy process that is started again has them
# too.
. "$(dirname "$0")/../lib.sh"

rules() {	# address that is rewritten, to jane
	cat <<-END
	$2
	rcpt {
		rewrite	if rcpt = '$1' then 'jane@example.org'
			if matches('(a+)+\$', rcpt)
			    then 'jane@example.org'
		errors { total 100; wait 0 }
	}
	END
}

ask() {		# address, expected
	say <<-END || fail "RCPT $1: not $2"
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

directory <<END
domain example.org
account jane addresses=jane@example.org
END
rules old@example.org | mkconf
start
a60=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
ask old@example.org '250 2.1.5'
ask other@example.org '550 5.1.1'
ask $a60@example.org '451 4.3.0'
grep -q 'setting=rcpt.rewrite rule=.*smtpd.conf:4:1 .*at its limit' "$LOG" ||
    fail "the log does not name the rule"
ok "a rule that cannot be evaluated is named"

rules old@example.org '# two lines
# for one' | mkconf
ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
ask old@example.org '250 2.1.5'
ask $a60@example.org '451 4.3.0'
grep -q 'setting=rcpt.rewrite rule=.*smtpd.conf:5:1 .*at its limit' "$LOG" ||
    fail "the log names the former place of the rule"
rules new@example.org | mkconf
ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
ask new@example.org '250 2.1.5'
ask old@example.org '550 5.1.1'
ok "a reload brings new ones"

kill_proc policy KILL
wait_until 'grep -Eq "policy [0-9]+: started again" "$LOG"' 20
ask new@example.org '250 2.1.5'
ask old@example.org '550 5.1.1'
ask $a60@example.org '451 4.3.0'
ok "policy has them again"
stop
