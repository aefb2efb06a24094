#!/bin/sh
# Behind HAProxy the server knows its clients: PROXY version 1, version 2, with
# TLS inside; and nobody else may say who he is.
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin
need haproxy python3 openssl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=mx.own.example -keyout "$TMP/key" -out "$TMP/crt" \
    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
ONE=127.77.7.7
for name in PROXIED SMTPS STRANGE V1 V2 TLS; do
	eval "$name=\$(\"\$BIN/port\" \"\$HOST\")"
done
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name smtp
listen on $HOST port $PROXIED name proxied starttls proxy from '$HOST'
listen on $HOST port $SMTPS name smtps tls proxy from ['10.0.0.0/8', '$HOST']
listen on $HOST port $STRANGE name strange proxy from '10.0.0.0/8'
session { max-sessions-per-client 3 }
rcpt {
	directory 'accounts'
	errors { total 100; wait 0 }
	relay if remote_ip = '$ONE' & listener = 'proxied' &
	    local_port = $V1 then true else false
}
END
directory <<END
domain example.org
account john addresses=john@example.org
END
cat >"$TMP/haproxy.cfg" <<END
defaults
	mode tcp
	timeout connect 60s
	timeout client 100s
	timeout server 100s
listen v1
	bind $HOST:$V1
	source $HOST
	default-server check check-send-proxy inter 200ms
	server s $HOST:$PROXIED send-proxy
listen v2
	bind $HOST:$V2
	source $HOST
	default-server send-proxy-v2 proxy-v2-options unique-id,crc32c
	server s $HOST:$PROXIED
	unique-id-format %{+X}o%ci:%cp
listen tls
	bind $HOST:$TLS
	source $HOST
	server s $HOST:$SMTPS send-proxy-v2
END
start
background haproxy -db -f "$TMP/haproxy.cfg" 2>"$TMP/haproxy.err"

cat >"$TMP/client.py" <<'END'
"""client.py source host port starttls|tls|clear [recipient...]"""
import smtplib
import ssl
import sys

source, host, port, how = sys.argv[1:5]
context = ssl._create_unverified_context()
args = {"local_hostname": "client.example", "timeout": 60,
        "source_address": (source, 0)}
if how == "tls":
    smtp = smtplib.SMTP_SSL(host, int(port), context=context, **args)
else:
    smtp = smtplib.SMTP(host, int(port), **args)
if how == "starttls":
    smtp.starttls(context=context)
smtp.ehlo_or_helo_if_needed()
smtp.mail("alice@client.example")
for rcpt in sys.argv[5:]:
    print(*smtp.rcpt(rcpt)[:1])
smtp.data("Subject: %s %s\n\ntext\n" % (port, how))
smtp.quit()
END
client() {
	timeout 100 python3 "$TMP/client.py" "$@" >"$TMP/said" 2>&1 ||
	    fail "client $*: $(cat "$TMP/said")"
}
came() {	# address, subject
	wait_until "grep -qrs '^Subject: $2\$' '$MAIL'"
	file=$(grep -lr "^Subject: $2\$" "$MAIL")
	grep -qF "([$1])" "$file" || fail "$2: $(head -n 9 "$file")"
}
up() {
	"$CHAT" "$HOST" "$1" >/dev/null 2>&1 <<-END
	S: 220
	C: QUIT
	S: 221
	END
}
wait_until "up $V1" 60
wait_until "up $V2" 60

client "$ONE" "$HOST" "$V1" clear john@example.org any@elsewhere.example
[ "$(tr '\n' ' ' <"$TMP/said")" = "250 250 " ] ||
    fail "rules see another client: $(cat "$TMP/said")"
came "$ONE" "$V1 clear"
client 127.77.7.8 "$HOST" "$V1" starttls john@example.org any@else.example
[ "$(tr '\n' ' ' <"$TMP/said")" = "250 550 " ] ||
    fail "rules see another client: $(cat "$TMP/said")"
came 127.77.7.8 "$V1 starttls"
ok "version 1, in the clear and with STARTTLS"

client "$ONE" "$HOST" "$V2" clear john@example.org
came "$ONE" "$V2 clear"
client "$ONE" "$HOST" "$TLS" tls john@example.org
came "$ONE" "$TLS tls"
ok "version 2 with values, and TLS behind it"

wait_until 'ctl show sessions >"$TMP/sessions" && ! grep -q 127 \
    "$TMP/sessions"'
cat >"$TMP/many.py" <<'END'
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])


def greeting(source):
    sock = socket.create_connection((host, port), 60, (source, 0))
    sock.settimeout(60)
    return sock, sock.recv(512).split()[0]


held = [greeting("127.77.7.9") for _ in range(3)]
assert [code for _, code in held] == [b"220"] * 3, held
assert greeting("127.77.7.9")[1] == b"421"
assert greeting("127.77.7.10")[1] == b"220"
END
timeout 100 python3 "$TMP/many.py" "$HOST" "$V2" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"
grep -q 'event=end client=127\.77\.7\.9 ' "$LOG" ||
    fail "the log does not know the client"
ok "each client has its own share of sessions"

# chat comes from an address that is in no network of balancers
for port in "$STRANGE" "$PROXIED"; do
	"$CHAT" "$HOST" "$port" >"$TMP/out" 2>&1 <<-END ||
	S: 554 5.7.1
	END
	    fail "$(cat "$TMP/out")"
done
grep -q 'event=refused .*no balancer' "$LOG" || fail "the log does not say so"
cat >"$TMP/bare.py" <<'END'
import socket
import sys

for first in (b"EHLO client.example\r\n", b"PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n",
              b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff"):
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), 60,
                                    (sys.argv[1], 0))
    sock.settimeout(60)
    sock.sendall(first)
    reply = b""
    while part := sock.recv(512):
        reply += part
    assert reply.startswith(b"554 5.5.0") and reply.count(b"\n") == 1, reply
END
timeout 100 python3 "$TMP/bare.py" "$HOST" "$PROXIED" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"
answers || fail "the server is gone"
ok "strangers are refused, and so is a balancer without a good header"
stop
