#!/bin/sh
# The item remote-host of a script: a name of the client that leads back to it,
# empty where there is none, 451 where that cannot be known; one look-up for
# all recipients of a session.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3

zeros=$(printf '0.%.0s' $(seq 23))
names <<END
1.2.0.192.in-addr.arpa PTR Good.Test
good.test A 192.0.2.1
2.2.0.192.in-addr.arpa PTR good.test
4.2.0.192.in-addr.arpa PTR other.test
4.2.0.192.in-addr.arpa PTR fourth.test
other.test A 192.0.2.1
fourth.test A 192.0.2.9
fourth.test A 192.0.2.4
5.2.0.192.in-addr.arpa SERVFAIL
6.2.0.192.in-addr.arpa PTR broken.test
broken.test SERVFAIL
7.2.0.192.in-addr.arpa PTR nowhere.test
1.${zeros}8.b.d.0.1.0.0.2.ip6.arpa PTR six.test
six.test AAAA 2001:db8::1
END
mkconf <<END
resolver "$HOST:$NS"
listen on $HOST port $PORT name in proxy from '127.0.0.0/8'
rcpt { directory false; errors { total 100; wait 0 }
	script if starts_with(rcpt, 'made') then 'made'
	       if starts_with(rcpt, 'empty') then 'empty' else 'constant' }
sieve 'constant' '''
require ["environment", "reject", "variables"];
if environment :matches "Remote-Host" "*" { reject "550 5.7.1 <\${1}>"; }
'''
sieve 'made' '''
require ["environment", "reject", "variables"];
set "item" "remote-Host";
if environment :matches "\${item}" "*" { set "host" "\${1}"; }
set "item" "phase";
if environment :matches "\${item}" "*" { set "host" "\${host} \${1}"; }
reject "550 5.7.1 <\${host}>";
'''
sieve 'empty' '''
require ["environment", "reject"];
if environment "remote-host" "" { reject "550 5.7.1 none"; }
else { reject "550 5.7.1 one"; }
'''
END
answers() {		# the greeting comes behind a header
	"$CHAT" "$HOST" "$PORT" >/dev/null 2>&1 <<-END
	C: PROXY TCP4 192.0.2.3 192.0.2.9 1 2
	S: 220
	C: QUIT
	S: 221
	END
}
start
client() {	# address, recipient, what is said
	case $1 in
	*:*)	family=TCP6 server=::1 ;;
	*)	family=TCP4 server=192.0.2.9 ;;
	esac
	say <<-END >"$TMP/out" 2>&1 || fail "$1 $2, not $3: $(cat "$TMP/out")"
	C: PROXY $family $1 $server 1 2
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<$2@x.example>
	S: $3
	C: RCPT TO:<$2+again@x.example>
	S: $3
	C: QUIT
	S: 221
	END
}
client 192.0.2.1 constant '550 5.7.1 <good.test>'
client 192.0.2.1 made '550 5.7.1 <good.test pre>'
client 192.0.2.1 empty '550 5.7.1 one'
client 192.0.2.4 constant '550 5.7.1 <fourth.test>'
client 2001:db8::1 constant '550 5.7.1 <six.test>'
ok "a name that leads back"
client 192.0.2.2 constant '550 5.7.1 <>'
client 192.0.2.3 constant '550 5.7.1 <>'
client 192.0.2.3 empty '550 5.7.1 none'
client 192.0.2.7 made '550 5.7.1 < pre>'
ok "no name, or one of somebody else, is none"
client 192.0.2.5 empty '451 4.3.0'
client 192.0.2.6 constant '451 4.3.0'
ok "a name that cannot be found out now is 451"

python3 - "$HOST" "$PORT" "$TMP/zone" >"$TMP/out" 2>&1 <<'END' ||
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 60)
f = s.makefile("rb")


def say(text):
    s.sendall(text.encode() + b"\r\n")
    return f.readline().decode().strip()


say("PROXY TCP4 192.0.2.1 192.0.2.9 1 2")
say("HELO client.example")
say("MAIL FROM:<a@client.example>")
first = say("RCPT TO:<first@x.example>")
open(sys.argv[3], "w").close()
say("RSET")
say("MAIL FROM:<a@client.example>")
second = say("RCPT TO:<second@x.example>")
if (first, second) != ("550 5.7.1 <good.test>",) * 2:
    sys.exit("%s, %s" % (first, second))
END
    fail "in one session: $(cat "$TMP/out")"
client 192.0.2.1 constant '550 5.7.1 <>'
ok "it is asked for once a session"
stop
