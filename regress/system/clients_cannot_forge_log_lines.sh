#!/bin/sh
# Whatever a client sends, a line of the log is one that we wrote: no control
# octet, no octet above 126, and nothing of the client's at a line's start.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf </dev/null
directory <<EOF
domain example.org
account bob addresses=bob@example.org
EOF
start -v
cat >"$TMP/client.py" <<'EOF'
import socket
import sys

EVIL = [b"\n", b"\r", b"\r\n", b"\x00", b"\x1b[2J", b"\x07", b"\x7f",
        b"\xff\xfe", "\u2028\u202e".encode(), b"\x85", b"%s%n%x", b'"',
        b"\\", b"\t", b"\x9b", b"session=1 event=forged"]
FORGED = b"queue: message=1 event=forged"


def talk(*pieces):
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
        sock.settimeout(5)
        sock.recv(1000)
        for piece in pieces:
            try:
                sock.sendall(piece)
                sock.recv(10000)
            except OSError:
                return


for evil in EVIL:
    bad = evil + FORGED + evil
    talk(b"EHLO " + bad + b"\r\n")
    talk(b"EHLO x.y\r\n", b"MAIL FROM:<" + bad + b"@x.y>\r\n",
         b"MAIL FROM:<a@x.y> " + bad + b"\r\n",
         b"MAIL FROM:<a@x.y> ENVID=" + bad + b"\r\n")
    talk(b"EHLO x.y\r\n", b"MAIL FROM:<a@x.y>\r\n",
         b"RCPT TO:<" + bad + b"@example.org>\r\n",
         b"RCPT TO:<\"" + bad + b"\"@example.org>\r\n",
         b"RCPT TO:<nobody@" + bad + b">\r\n",
         b"RCPT TO:<nobody@example.org> ORCPT=rfc822;" + bad + b"\r\n")
    talk(b"EHLO x.y\r\n", b"MAIL FROM:<\"a" + bad + b"\"@x.y> SMTPUTF8\r\n",
         b"RCPT TO:<bob@example.org>\r\n", b"DATA\r\n",
         b"Subject: " + bad + b"\r\n\r\n" + bad + b"\r\n.\r\n")
    talk(b"EHLO x.y\r\n", b"VRFY " + bad + b"\r\n", bad + b"\r\n",
         b"HELP " + bad + b"\r\n")
EOF
python3 "$TMP/client.py" "$HOST" "$PORT" || fail "the client"
answers || fail "the server is gone"
stop

# every line begins with the name of a process and holds printable ASCII
names='smtpd|front|policy|lookup|queue|deliver|relay|control|keys'
LC_ALL=C grep -vE "^($names): " "$LOG" >"$TMP/bad" &&
    fail "lines of nobody: $(cat -v "$TMP/bad")"
LC_ALL=C grep -n '[^ -~]' "$LOG" >"$TMP/bad" &&
    fail "octets: $(cat -v "$TMP/bad")"
ok "nothing but printable ASCII"
# unquoted, the forged event would be a field of its own
grep -E '^queue: message=1 |^[a-z]+: [^"<]*event=forged' "$LOG" \
    >"$TMP/bad" && fail "forged: $(cat "$TMP/bad")"
[ "$(grep -c 'event=' "$LOG")" -gt 50 ] || fail "hardly anything was logged"
ok "no forged event"
