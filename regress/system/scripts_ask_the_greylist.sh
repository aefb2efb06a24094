#!/bin/sh
# The test greylist of a script: what is new waits for so many seconds and is
# let in when it comes again; who logs in, postmaster and MAIL never wait.
. "$(dirname "$0")/../lib.sh"

conf() {
	mkconf <<-END
	listen on $HOST port $PORT name in auth accounts insecure
	store default db
	rcpt { directory 'accounts'; errors { total 100; wait 0 }
		script 'grey'
	}
	mail { script 'grey' }
	greylist { when no; delay $1 }
	sieve 'grey' '''
	require ["reject", "variables", "vnd.smtpd.rcpt"];
	if not greylist :set "time" {
		if not string "\${time}" "0" {
			reject "550 5.7.1 Not 0: \${time}.";
		}
	} elsif string :contains "\${time}" "." {
		reject "550 5.7.1 Not whole: \${time}.";
	} else {
		reject "450 4.7.1 In \${time} s.";
	}
	'''
	END
}
rcpt() {	# sender, recipient, expected
	say <<-END >"$TMP/out" 2>&1
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
must() {
	rcpt "$@" || fail "$1 to $2, not $3: $(cat "$TMP/out")"
}
directory <<EOF
domain own.example
account jane addresses=jane@own.example secret=$("$SMTPCTL" \
	encrypt -t sha512 <<-PASSWORD
	pencil
	PASSWORD
	)
account chief addresses=postmaster@own.example,abuse@own.example
EOF
conf 1s
start
must a@away.example jane@own.example '450 4.7.1 In 1 s.'
wait_until 'rcpt A@Away.example Jane@Own.example 250' 20
must b@away.example PostMaster@own.example '250 2.1.5'
must b@away.example abuse@own.example '250 2.1.5'
say <<END >"$TMP/out" 2>&1 || fail "who has logged in: $(cat "$TMP/out")"
S: 220
C: EHLO client.example
S* 250
C: AUTH PLAIN $(printf '\0jane\0pencil' | base64)
S: 235
C: MAIL FROM:<jane@own.example>
S: 250
C: RCPT TO:<jane@own.example>
S: 250 2.1.5
END
[ "$(ctl -j show greylist | grep -c 'away.example')" = 1 ] ||
    fail "$(ctl show greylist)"
ok "what is new waits, what comes again is let in"

conf 1d
stop
start
must a@away.example jane@own.example '250 2.1.5'
ctl explain rcpt jane@own.example from b@away.example >"$TMP/out" ||
    fail "explain: $(cat "$TMP/out")"
ctl show greylist >"$TMP/out" || fail "show: $(cat "$TMP/out")"
grep -q 'b@away.example' "$TMP/out" && fail "an explanation is remembered"
must b@away.example jane@own.example '450 4.7.1 In 86400 s.'
must b@away.example jane@own.example '450 4.7.1 In 86'
must '' jane@own.example '450 4.7.1 In 86400 s.'
ctl greylist pass 127.0.0.1 >"$TMP/out" || fail "pass: $(cat "$TMP/out")"
must b@away.example jane@own.example '250 2.1.5'
ok "the times are those of the configuration, smtpctl sees the same"
stop
