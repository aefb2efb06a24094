#!/bin/sh
# Lists: in the configuration and in a file, asked by rules; a reload takes new
# values, and a policy process that is started again has those too.
. "$(dirname "$0")/../lib.sh"

write_conf() {	# value in the configuration
	mkconf <<-END
	list blocked file "blocked"
	list here ['$1']
	rcpt {
		rewrite	if in_list('blocked', [sender, sender_domain])
			    then 'nobody@example.org'
			if in_list('here', sender) then 'nobody@example.org'
		errors { total 100; wait 0 }
	}
	END
}

ask() {		# sender, expected
	say <<-END || fail "MAIL $1: not $2"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<$1>
	S: 250
	C: RCPT TO:<jane@example.org>
	S: $2
	C: QUIT
	S: 221
	END
}

directory <<END
domain example.org
account jane addresses=jane@example.org
END
awk 'BEGIN { print "# a hundred thousand"
    for (i = 0; i < 100000; i++) print "user" i "@many.example"
    print "bulk.example" }' >"$TMP/blocked"
write_conf one@x.example
start
ask user99999@many.example '550 5.1.1'
ask USER0@many.example '550 5.1.1'
ask user100000@many.example '250 2.1.5'
ask a@bulk.example '550 5.1.1'
ask one@x.example '550 5.1.1'
ask two@x.example '250 2.1.5'
ok "a hundred thousand values and one"

echo new@y.example >"$TMP/blocked"
write_conf two@x.example
ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
ask user99999@many.example '250 2.1.5'
ask new@y.example '550 5.1.1'
ask one@x.example '250 2.1.5'
ask two@x.example '550 5.1.1'
ok "a reload takes new values"

kill_proc policy KILL
wait_until 'grep -Eq "policy [0-9]+: started again" "$LOG"' 20
ask new@y.example '550 5.1.1'
ask two@x.example '550 5.1.1'
ok "policy has them again"

printf 'a\0b\n' >"$TMP/blocked"
ctl reload >"$TMP/out" 2>&1 && fail "a file with NUL is taken"
grep -q 'blocked:1:1: NUL' "$TMP/out" || fail "$(cat "$TMP/out")"
ask new@y.example '550 5.1.1'
ok "a list that is wrong changes nothing"
stop
