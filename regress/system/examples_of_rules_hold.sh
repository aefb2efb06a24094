#!/bin/sh
# Each example of rules of the documentation, as it stands, on the wire and in
# the message that lies in the mailbox.  They have a server each, and run at
# the same time: five errors of five seconds take what they take.
. "$(dirname "$0")/../lib.sh"

# The rules of the example come in; the server is there behind it.
example() {
	{
		echo "listen on $HOST port $PORT name in auth accounts insecure"
		echo 'relay host "smtp://127.0.0.1:9"'
		cat
	} | mkconf
	directory <<-END
	domain example.org
	domain mx.own.example
	account john addresses=john@example.org secret=$("$SMTPCTL" \
	    encrypt -t sha512 <<-PASSWORD
	pencil
	PASSWORD
	)
	account jane addresses=jane@example.org,smith+office@example.org
	account info addresses=desk@example.org,info@example.org
	alias gone@example.org state=reject
	END
	start
}

begin() {
	cat <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<${1:-a@away.example}>
	S: 250 2.1.0
	END
}

text() {
	cat <<-END
	C: DATA
	S: 354
	C: Subject: $1
	C:
	C: text
	C: .
	S: 250
	C: QUIT
	S: 221
	END
}

# The message with this subject: who has it, and for whom it was.
landed() {
	wait_until "grep -rqs '^Subject: $1' '$MAIL'" 60
	file=$(grep -rl "^Subject: $1" "$MAIL")
	grep -E '^(Delivered-To|X-Original-To): ' "$file" | tr -d '\r' \
	    >"$TMP/headers"
	expect_file "$TMP/headers" <<-END
	Delivered-To: $2
	X-Original-To: $3
	END
}

relay() {
	example <<-'END'
	rcpt {
	    directory       'accounts'
	    relay           if !is_empty(authenticated_as) then true
	                    else false
	}
	END
	{ begin; cat <<-END
	C: RCPT TO:<john@example.org>
	S: 250 2.1.5
	C: RCPT TO:<far@away.example>
	>4900 S: 550 5.7.1
	END
	text stranger; } | say || fail "on the wire"
	landed stranger john@example.org john@example.org
	say <<-END || fail "on the wire"
	S: 220
	C: EHLO client.example
	S* 250
	C: AUTH PLAIN $(printf '\0john\0pencil' | base64)
	S: 235
	C: MAIL FROM:<john@example.org>
	S: 250 2.1.0
	C: RCPT TO:<far@away.example>
	S: 250 2.1.5
	C: RCPT TO:<nobody@example.org>
	>4900 S: 550 5.1.1
	END
	ctl explain rcpt far@away.example auth john >"$TMP/out" ||
	    fail "explain: $(cat "$TMP/out")"
	grep -q "^setting  *rcpt.relay, rule $CONF:5:.*, value 1\$" \
	    "$TMP/out" || fail "explain: $(cat "$TMP/out")"
	ok "relay for those who have logged in alone"
}

sub() {
	example <<-'END'
	rcpt {
	    sub-addressing  if matches('^([^.]+)\.([^.]+)@(.+)$', rcpt)
	                        then $2 + '@' + $3
	                    else false
	    directory 'accounts'
	}
	END
	{ begin; echo 'C: RCPT TO:<shop.Jane@example.org>'
	echo 'S: 250 2.1.5'; text dot; } | say || fail "on the wire"
	landed dot jane@example.org shop.Jane@example.org
	{ begin; cat <<-END
	C: RCPT TO:<jane+tag@example.org>
	>4900 S: 550 5.1.1
	END
	} | say || fail "on the wire"
	ok "sub-addressing by rules, instead of the standard one"
}

catchall() {
	example <<-'END'
	rcpt {
	    catch-all       if matches('(.+)@(.+)$', rcpt) then 'info@' + $2
	                    else false
	    directory 'accounts'
	}
	END
	{ begin; cat <<-END
	C: RCPT TO:<anything@example.org>
	S: 250 2.1.5
	END
	text all; } | say || fail "on the wire"
	landed all desk@example.org anything@example.org
	{ begin; echo 'C: RCPT TO:<john@example.org>'
	echo 'S: 250 2.1.5'; text one; } | say || fail "on the wire"
	landed one john@example.org john@example.org
	ok "catch-all to info of the same domain"
}

rewrite() {
	example <<-'END'
	rcpt {
	    rewrite         if is_local_domain('', rcpt_domain) &
	                        matches('^([^.]+)\.([^.]+)@(.+)$', rcpt)
	                        then $1 + '+' + $2 + '@' + $3
	                    else false
	    directory 'accounts'
	}
	END
	{ begin; echo 'C: RCPT TO:<john.paul@example.org>'
	echo 'S: 250 2.1.5'; text tag; } | say || fail "on the wire"
	landed tag john@example.org john+paul@example.org
	{ begin; echo 'C: RCPT TO:<Smith.Office@example.org>'
	echo 'S: 250 2.1.5'; text whole; } | say || fail "on the wire"
	landed whole jane@example.org smith+office@example.org
	{ begin; cat <<-END
	C: RCPT TO:<john.paul@away.example>
	>4900 S: 550 5.7.1
	END
	} | say || fail "on the wire"
	ok "dots become plus where the domain is ours"
}

limits() {
	example <<-'END'
	rcpt {
	    max-recipients  25
	    errors { total 5; wait 5s }
	    directory 'accounts'
	}
	END
	{ begin
	seq -f 'C: RCPT TO:<john+%g@example.org>' 25
	echo 'R: 25 250 2.1.5'
	echo 'C: RCPT TO:<john@example.org>'
	echo 'S: 452 4.5.3'
	echo 'C: RCPT TO:<john+1@example.org>'
	echo 'S: 452 4.5.3'
	text many; } | say || fail "on the wire"
	wait_until '[ "$(mails)" -eq 25 ]' 60
	{ begin
	for n in 1 2 3 4 5; do
		echo "C: RCPT TO:<nobody$n@example.org>"
		echo ">4900 S: 550 5.1.1"
	done
	echo 'S: 421 4.7.0'
	echo 'E:'; } | say || fail "on the wire"
	ok "25 recipients, 5 errors, 5 seconds"
}

if [ $# -eq 1 ]; then
	"$1"
	exit 0
fi
for each in limits relay sub catchall rewrite; do
	background sh "$0" "$each"
	echo "$BACKGROUND" >>"$TMP/runs"
done
failed=0
while read -r run; do
	wait "$run" || failed=1
done <"$TMP/runs"
exit $failed
