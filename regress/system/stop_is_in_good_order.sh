#!/bin/sh
# SIGTERM: sessions hear 421, what was accepted is there at the next start or
# already delivered, nothing runs on, the control socket is gone, exit code 0.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf </dev/null
directory <<EOF
domain example.org
account bob addresses=bob@example.org
EOF
start
cat >"$TMP/client.py" <<'EOF'
import os
import signal
import socket
import sys
import time

address = (sys.argv[1], int(sys.argv[2]))


def open_session(*lines):
    sock = socket.create_connection(address, 20)
    file = sock.makefile("rb")
    assert file.readline().startswith(b"220"), "greeting"
    for line in lines:
        sock.sendall(line + b"\r\n")
        while True:
            reply = file.readline()
            assert reply[:1] in b"23", reply
            if reply[3:4] != b"-":
                break
    return sock, file


TO = (b"EHLO x.y", b"MAIL FROM:<a@x.y>", b"RCPT TO:<bob@example.org>")
fresh = open_session()
idle = open_session(*TO)
middle = open_session(*TO, b"DATA")
middle[0].sendall(b"Subject: half\r\n\r\nhalf a mess")
done = [open_session(*TO, b"DATA", b"Subject: whole\r\n\r\nx\r\n.")
        for _ in range(20)]
os.kill(int(sys.argv[3]), signal.SIGTERM)
start = time.monotonic()
for name, (sock, file) in (("fresh", fresh), ("idle", idle),
                           ("in DATA", middle), ("done", done[0])):
    last = file.read()
    assert last.startswith(b"421 4."), "%s: %r" % (name, last)
    assert last.count(b"\r\n") == 1, "%s: %r" % (name, last)
assert time.monotonic() - start < 15, "good-bye came late"
EOF
kids=$(cat "/proc/$PID/task/$PID/children")
parent=$PID
python3 "$TMP/client.py" "$HOST" "$PORT" "$parent" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"
ok "sessions hear 421"
wait_until '! alive "$PID"' 30
wait "$PID"
code=$?
PID=
[ $code = 0 ] || fail "exit code $code"
for kid in $kids; do
	alive "$kid" && fail "process $kid runs on"
done
[ ! -e "$SOCK" ] || fail "$SOCK is still there"
ok "nothing is left"

start
wait_until '[ "$(mails)" = 20 ]' 30
[ "$(grep -rl '^Subject: whole' "$MAIL" | wc -l)" = 20 ] ||
    fail "not the messages that were accepted"
ok "what was accepted is there, half a message is not"

# ^C on a terminal reaches all processes at once: the parent decides
kill -INT $(cat "/proc/$PID/task/$PID/children") || fail "no children"
answers || fail "a child took SIGINT for itself"
kill -INT "$PID"
wait_until '! alive "$PID"' 30
wait "$PID" || fail "SIGINT: exit code $?"
PID=
ok "SIGINT is the parent's"
