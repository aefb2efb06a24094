#!/bin/sh
# A client may be refused as often as it likes, but the log does not grow
# with each: a hundred lines at once, one a second from then on, and how
# many were left out when the session ends.
. "$(dirname "$0")/../lib.sh"
need python3

REFUSALS=5000

mkconf </dev/null
directory <<EOF
domain example.org
account jane addresses=jane@example.org
EOF
start

# refused as too large, which no limit of errors counts
python3 - "$HOST" "$PORT" "$REFUSALS" >"$TMP/seconds" <<'EOF' || fail "client"
import socket, sys, time
host, port, refusals = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start = time.time()
s = socket.create_connection((host, port), 60)
f = s.makefile("rb")
f.readline()
s.sendall(b"HELO client.example\r\n")
f.readline()
for _ in range(refusals // 50):
    s.sendall(b"MAIL FROM:<a@b.example> SIZE=99999999999\r\n" * 50)
    for _ in range(50):
        line = f.readline()
        assert line.startswith(b"552 "), line
s.sendall(b"QUIT\r\n")
f.read()
print(int(time.time() - start) + 1)
EOF
wait_until 'grep -q event=unlogged "$LOG"'
lines=$(grep -c 'event=mail .*552 5\.3\.4' "$LOG")
left=$(sed -n 's/.*event=unlogged.* refusals=//p' "$LOG")
most=$((100 + $(cat "$TMP/seconds")))
[ "$lines" -ge 100 ] && [ "$lines" -le "$most" ] ||
    fail "$lines lines, at most $most expected"
[ "$((lines + left))" = "$REFUSALS" ] || fail "$lines and $left"
ok "$lines of $REFUSALS refusals are in the log, which says that $left are not"
