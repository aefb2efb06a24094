#!/bin/sh
# Rules with keys, counters and DNS: what is found, what is not, and what
# cannot be found out.  A hundred clients count at the same time, and lookup
# is killed meanwhile.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3

names <<END
2.0.0.127.list.test A 127.0.0.2
mx.test MX 20 B.test
mx.test MX 10 a.test
txt.test TXT v=spf1 -all
txt.test TXT other
7.2.0.192.in-addr.arpa PTR Host.Test
mx.test NS ns.test
alias.test CNAME 2.0.0.127.list.test
broken.test SERVFAIL
END
mkconf <<END
resolver "$HOST:$NS"
prefork 2
store default db
store counts db
rcpt {
	directory 'accounts'
	errors { total 100000; wait 0 }
	relay if matches('^(.+)@dns-(.+)\$', rcpt) then dns_query(\$2, \$1)
	      if rcpt = 'list@a.test' then contains(dns_query(
	        ip_reverse_name('127.0.0.2') + '.list.test', 'a'), '127.0.0.2')
	      if rcpt = 'mx@a.test' then dns_query('mx.test', 'mx') =
	        ['a.test', 'b.test']
	      if rcpt = 'txt@a.test' then
	        contains(dns_query('txt.test', 'TXT'), 'v=spf1-all')
	      if rcpt = 'ptr@a.test' then
	        dns_query('192.0.2.7', 'PTR')[0] = 'host.test'
	      if rcpt = 'ns@a.test' then
	        dns_query('mx.test', 'NS') = ['ns.test']
	      if rcpt_domain = 'count.test' then
	        counter_incr('counts', 'all', 1)
	      if rcpt_domain = 'counted.test' then
	        counter_get('counts', 'all') >= email_part(rcpt, 'local')
	      if rcpt_domain = 'set.test' then key_set('', sender, rcpt, 1h)
	      if rcpt_domain = 'get.test' then key_get('', sender)
	      if rcpt_domain = 'no.test' then key_set(helo_domain, 'x', 'y')
	      else false
}
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start

say >"$TMP/out" 2>&1 <<END || fail "DNS: $(cat "$TMP/out")"
S: 220
C: EHLO nosuch.store
S* 250
C: MAIL FROM:<s@c.test>
S: 250
C: RCPT TO:<list@a.test>
S: 250 2.1.5
C: RCPT TO:<mx@a.test>
S: 250 2.1.5
C: RCPT TO:<txt@a.test>
S: 250 2.1.5
C: RCPT TO:<ptr@a.test>
S: 250 2.1.5
C: RCPT TO:<ns@a.test>
S: 250 2.1.5
C: RCPT TO:<a@dns-alias.test>
S: 250 2.1.5
C: RCPT TO:<mx@dns-nothing.test>
S: 550 5.7.1
C: RCPT TO:<txt@dns-mx.test>
S: 550 5.7.1
C: RCPT TO:<a@dns-broken.test>
S: 451 4.4.3
C: RCPT TO:<nosuch@dns-mx.test>
S: 451 4.4.3
C: RCPT TO:<x@get.test>
S: 550 5.7.1
C: RCPT TO:<x@set.test>
S: 250 2.1.5
C: RCPT TO:<x@get.test>
S: 250 2.1.5
C: RCPT TO:<x@no.test>
S: 451 4.4.3
C: QUIT
S: 221
END
grep -q 'event=fault setting=rcpt.relay .*could not be looked up' "$LOG" ||
    fail "the setting is not named"
ok "found, not found, not known"

cat >"$TMP/count.py" <<'END'
import os, socket, sys, threading
host, port, accepted = sys.argv[1], int(sys.argv[2]), []

def client():
    s = socket.create_connection((host, port), 60)
    f = s.makefile("rwb")
    def say(line):
        f.write(line + b"\r\n")
        f.flush()
        while True:
            reply = f.readline()
            if reply[3:4] != b"-":
                return reply
    f.readline()
    say(b"EHLO c.test")
    say(b"MAIL FROM:<s@c.test>")
    for i in range(20):
        to = "x%d-%d@count.test" % (i, threading.get_ident())
        accepted.append(say(b"RCPT TO:<%s>" % to.encode())[:3])
        if len(accepted) == 500 and len(sys.argv) > 3:
            os.kill(int(sys.argv[3]), 9)
    say(b"QUIT")

threads = [threading.Thread(target=client) for _ in range(100)]
for t in threads:
    t.start()
for t in threads:
    t.join()
odd = [a for a in accepted if a not in (b"250", b"451")]
assert len(accepted) == 2000 and not odd, (len(accepted), odd[:5])
print(accepted.count(b"250"))
END
count() {
	python3 "$TMP/count.py" "$HOST" "$PORT" "$@" >"$TMP/counted" 2>&1 ||
	    fail "$(cat "$TMP/counted")"
}
# Does the reply to this recipient begin with $2?
rcpt() {
	say >"$TMP/out" 2>&1 <<-END
	S: 220
	C: EHLO c.test
	S* 250
	C: MAIL FROM:<s@c.test>
	S: 250
	C: RCPT TO:<$1>
	S: $2
	C: QUIT
	S: 221
	END
}
# Is the counter at least at this: 250 is yes, 550 no.
at_least() {
	rcpt "$1@counted.test" "$2"
}

count
[ "$(cat "$TMP/counted")" = 2000 ] || fail "$(cat "$TMP/counted") of 2000"
at_least 2000 250 || fail "less than 2000: $(cat "$TMP/out")"
at_least 2001 550 || fail "more than 2000: $(cat "$TMP/out")"
ok "a hundred clients that count at the same time lose nothing"

# the one that is killed may have counted what it could not tell
lookup=$(procs lookup)
count "$lookup"
told=$(cat "$TMP/counted")
wait_until '! alive "$lookup"'
wait_until 'at_least 1 250' 30
at_least $((2000 + told)) 250 || fail "told $told: $(cat "$TMP/out")"
at_least 4001 550 || fail "more than there were: $(cat "$TMP/out")"
ok "what was told is counted when lookup is killed: $told of 2000"

kill_proc relay KILL
wait_until 'rcpt list@a.test 250 || ! grep -q "451 4.4.3" "$TMP/out"' 30
rcpt list@a.test 250 || fail "after relay was killed: $(cat "$TMP/out")"
ok "relay is killed"
