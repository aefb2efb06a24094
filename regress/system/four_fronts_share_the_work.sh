#!/bin/sh
# prefork 4: four pairs of front and policy serve one port; the death of one
# costs only its own sessions.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf <<EOF
prefork 4
session { max-sessions-per-client 1000 }
EOF
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory
start
wait_until 'grep -q "smtpd: ready" "$LOG"' 30
[ "$(procs front | wc -l)" = 4 ] && [ "$(procs policy | wc -l)" = 4 ] ||
    fail "fronts: $(procs front), policies: $(procs policy)"
[ "$(procs queue | wc -l)" = 1 ] && [ "$(procs lookup | wc -l)" = 1 ] ||
    fail "more than one queue or lookup"
python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 16 300 example.org \
    "$TMP/book" 2>"$TMP/err" || fail "$(tail "$TMP/err")"
wait_until '[ -z "$(ctl -j show queue)" ]' 60
python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" >"$TMP/found" ||
    fail "$(cat "$TMP/found")"
ok "$(head -n 1 "$TMP/found")"

cat >"$TMP/client.py" <<'EOF'
import os
import signal
import socket
import sys
import time

address = (sys.argv[1], int(sys.argv[2]))
socks = []
for _ in range(200):
    sock = socket.create_connection(address, 20)
    assert sock.recv(1000).startswith(b"220")
    socks.append(sock)
os.kill(int(sys.argv[3]), signal.SIGKILL)
time.sleep(0.3)
lost = 0
for sock in socks:
    sock.settimeout(20)
    try:
        sock.sendall(b"NOOP\r\n")
        lost += not sock.recv(1000).startswith(b"250")
    except OSError:
        lost += 1
print("%d of 200 sessions lost" % lost)
assert 0 < lost < 200, lost
EOF
python3 "$TMP/client.py" "$HOST" "$PORT" "$(procs front | head -n 1)" \
    >"$TMP/out" 2>&1 || fail "$(cat "$TMP/out")"
ok "$(cat "$TMP/out")"
wait_until '[ "$(procs front | wc -l)" = 4 ]' 20
stop
