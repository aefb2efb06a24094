#!/bin/sh
# Scripts on the wire: what they look up and count, at MAIL too, what becomes
# of those that fail, and a reload that brings another one.
. "$(dirname "$0")/../lib.sh"

conf() {	# the reply of the script 'says'
	mkconf <<-END
	store default db
	session { max-sessions-per-client 100 }
	rcpt { directory 'accounts'; errors { total 100; wait 0 }
		script email_part(rcpt, 'local')
	}
	mail {
		script if sender_domain = 'dropped.example' then 'drop'
			else if sender_domain = 'closed.example' then 'close'
			else if sender_domain = 'weighed.example' then 'weighs'
			else false
	}
	sieve 'says' 'require "reject"; reject "550 5.7.1 $1";'
	sieve 'drop' 'discard;'
	sieve 'close' 'require "reject"; reject "421 4.7.0 Enough.";'
	sieve 'weighs' '''
	require ["reject", "variables", "vnd.stalwart.expressions"];
	let "n" "len(email_part(sender, 'local')) * 2";
	if eval "n > 4 && rcpt == '' && recipients == [] &&
	    envelope.to == '' && env.stage == 'mail'" {
		reject "550 5.7.1 It weighs \${n}.";
	}
	'''
	sieve 'fails' 'require "ihave"; error "on purpose";'
	sieve 'passes' 'require "ihave"; error "no";' on-error accept
	sieve 'costs' file "$TMP/costs.sieve" steps 100
	sieve 'counts' '''
	require ["reject", "variables", "vnd.smtpd.rcpt"];
	if counter :seconds 3600 :set "n" "some key" 2 {
		reject "450 4.7.1 \${n} by now.";
	}
	'''
	sieve 'keeps' '''
	require ["reject", "variables", "vnd.smtpd.rcpt"];
	if key_get :set "was" "\${env.helo_domain}" {
		reject "550 5.7.1 It was \${was}.";
	}
	key_set :seconds 3600 "\${env.helo_domain}" "\${envelope.from}";
	'''
	sieve 'asks' '''
	require ["reject", "vnd.smtpd.rcpt"];
	if allof (is_local_domain "own.example",
	    not is_local_domain "x.example",
	    is_local_address "asks@own.example",
	    not is_local_address "nobody@own.example") {
		reject "550 5.7.1 As it should be.";
	}
	'''
	END
}
cat >"$TMP/costs.sieve" <<'END'
require "variables";
set "a" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
set "b" "${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}";
set "b" "${b}${b}";
if string :matches "${b}" "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b" { keep; }
END
chmod 644 "$TMP/costs.sieve"
conf "At first."
directory <<END
domain own.example
account john addresses=says@own.example,fails@own.example,passes@own.example
account jane addresses=costs@own.example,counts@own.example,keeps@own.example
account jill addresses=asks@own.example
END
start

say >"$TMP/chat" 2>&1 <<'END' || fail "$(cat "$TMP/chat")"
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<a@away.example>
S: 250 2.1.0
C: RCPT TO:<says@own.example>
S: 550 5.7.1 At first.
C: RCPT TO:<fails@own.example>
S: 451 4.3.0
C: RCPT TO:<passes@own.example>
S: 250 2.1.5
C: RCPT TO:<passes@own.example>
S: 250 2.1.5
C: RCPT TO:<costs@own.example>
S: 451 4.3.0
C: RCPT TO:<unnamed@own.example>
S: 451 4.3.0
C: RCPT TO:<counts@own.example>
S: 250 2.1.5
C: RSET
S: 250
C: MAIL FROM:<a@away.example>
S: 250 2.1.0
C: RCPT TO:<counts@own.example>
S: 250 2.1.5
C: RSET
S: 250
C: MAIL FROM:<a@away.example>
S: 250 2.1.0
C: RCPT TO:<counts@own.example>
S: 450 4.7.1 3 by now.
C: RCPT TO:<keeps@own.example>
S: 250 2.1.5
C: RSET
S: 250
C: MAIL FROM:<b@away.example>
S: 250 2.1.0
C: RCPT TO:<keeps@own.example>
S: 550 5.7.1 It was a@away.example.
C: RCPT TO:<asks@own.example>
S: 550 5.7.1 As it should be.
C: RSET
S: 250
C: MAIL FROM:<a@dropped.example>
S: 250 2.1.0
C: RCPT TO:<passes@own.example>
S: 250 2.1.5
C: DATA
S: 354
C: Subject: nobody gets it
C:
C: .
S: 250
C: MAIL FROM:<abc@weighed.example>
S: 550 5.7.1 It weighs 6.
C: MAIL FROM:<ab@weighed.example>
S: 250 2.1.0
C: RSET
S: 250
C: MAIL FROM:<a@closed.example>
S: 421 4.7.0 Enough.
E:
END
grep -q 'event=fault script=fails at=.*error="on purpose"' "$LOG" ||
    fail "the log does not say why the script failed"
grep -q 'event=fault script=costs at=.*error="too many steps"' "$LOG" ||
    fail "the log does not say what was too costly"
[ "$(mails)" -eq 0 ] || fail "a message that was dropped lies in a mailbox"

conf "From now on."
ctl reload >"$TMP/reload" 2>&1 || fail "reload: $(cat "$TMP/reload")"
say >"$TMP/chat" 2>&1 <<'END' || fail "$(cat "$TMP/chat")"
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<a@away.example>
S: 250 2.1.0
C: RCPT TO:<says@own.example>
S: 550 5.7.1 From now on.
END
conf 'From now on."; nonsense "'
ctl reload >"$TMP/reload" 2>&1 && fail "a script that does not compile is in"
grep -q "unknown command 'nonsense'" "$TMP/reload" ||
    fail "reload does not say why: $(cat "$TMP/reload")"
stop
ok
