#!/bin/sh
# Reload and rollback of the whole configuration: sessions keep the rules with
# which they began, none is dropped, what is wrong changes nothing, and nothing
# is left behind by many of them.
. "$(dirname "$0")/../lib.sh"
need python3

conf() {	# limit of recipients, more settings
	mkconf <<-END
	prefork 2
	listen on $HOST port $PORT name smtp
	rcpt { directory 'accounts'; errors { total 100; wait 0 }
	    max-recipients $1
	    rewrite if rcpt_domain = 'go$1.example' then 'a@example.org' }
	${2:-}
	END
}
generation() {
	ctl -j show generations | python3 -c 'import json, sys
for row in map(json.loads, sys.stdin):
    if row["state"] == "current": print(row["generation"])'
}
reload() {
	ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
}
limit() {	# what EHLO says of new sessions
	say >"$TMP/out" 2>&1 <<-END || fail "$(cat "$TMP/out")"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<x@client.example>
	S: 250
	C: RCPT TO:<any@go$1.example>
	S: 250
	C: RCPT TO:<any@go$2.example>
	S: $3
	C: QUIT
	S: 221
	END
}

conf 11
directory <<END
domain example.org
account a addresses=a@example.org,@example.org
END
start
[ "$(generation)" = 1 ] || fail "it begins with $(ctl show generations)"

# Sessions that stay, each at another point; they go on when told.
cat >"$TMP/stay.py" <<'END'
import socket
import sys

HOST, PORT = sys.argv[1], int(sys.argv[2])


class Client:
    def __init__(self):
        self.sock = socket.create_connection((HOST, PORT), 60)
        self.sock.settimeout(60)
        self.file = self.sock.makefile("rb")
        self.read("220")

    def read(self, code):
        lines = [self.file.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(self.file.readline())
        assert lines[-1].startswith(code.encode()), (code, lines)
        return b"".join(lines)

    def say(self, line, code):
        self.sock.sendall(line.encode() + b"\r\n")
        return self.read(code)


def rules_of(client, good, bad):
    client.say("RCPT TO:<x@go%s.example>" % good, "250")
    client.say("RCPT TO:<x@go%s.example>" % bad, "550")


idle, helo, mail = [[Client() for _ in range(6)] for _ in range(3)]
for client in helo + mail:
    assert b"RCPTMAX=11" in client.say("EHLO client.example", "250")
for client in mail:
    client.say("MAIL FROM:<x@client.example>", "250")
data = Client()
data.say("EHLO client.example", "250")
data.say("MAIL FROM:<x@client.example>", "250")
data.say("RCPT TO:<a@example.org>", "250")
data.say("DATA", "354")
print("ready", flush=True)
sys.stdin.readline()
for client in idle:
    assert b"RCPTMAX=11" in client.say("EHLO client.example", "250")
for client in idle + helo:
    client.say("MAIL FROM:<x@client.example>", "250")
for client in idle + helo + mail:
    rules_of(client, 11, 12)
    client.say("RSET", "250")
    client.say("MAIL FROM:<x@client.example>", "250")
    rules_of(client, 11, 12)
data.say("Subject: held\r\n\r\ntext\r\n.", "250")
for client in idle + helo + mail + [data]:
    client.say("QUIT", "221")
END
mkfifo "$TMP/go"
timeout 300 python3 "$TMP/stay.py" "$HOST" "$PORT" <"$TMP/go" \
    >"$TMP/stay" 2>&1 &
stay=$!
STARTED="$STARTED $stay"
exec 3>"$TMP/go"
wait_until 'grep -q ready "$TMP/stay" || ! alive "$stay"' 60
background python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 4 150 \
    example.org "$TMP/book" 2>"$TMP/err"
load=$BACKGROUND
wait_until 'grep -q "event=message" "$LOG"' 60
limit 11 12 550
for n in 12 13 14; do
	conf $n
	reload
	grep -q "^generation $((n - 10))\$" "$TMP/out" ||
	    fail "$(cat "$TMP/out")"
	limit $n $((n - 1)) 550
done
ok "new sessions have the new rules, three times"

echo go >&3
exec 3>&-
wait "$stay" || fail "sessions of before: $(cat "$TMP/stay")"
wait_until '[ "$(ctl -jq show generations | wc -l)" = 1 ]' 30
ok "sessions of before keep theirs, and then the old policies leave"

while alive "$load"; do
	conf 13
	reload
	conf 14
	reload
done
wait "$load" || fail "load: $(tail "$TMP/err")"
[ "$(grep -vc ok "$TMP/book")" = 0 ] ||
    fail "$(grep -v ok "$TMP/book" | head -n 5; head -n 5 "$TMP/err")"
ok "no mail under way is refused, no session dropped"

now=$(generation)
conf 15 'rcpt { nonsense 5 }
mail { rewrite if then 5 }'
ctl reload >"$TMP/out" 2>&1
[ $? = 78 ] || fail "a broken configuration was taken"
[ "$(grep -Ec "^$CONF:[0-9]+:[0-9]+: " "$TMP/out")" -ge 2 ] ||
    fail "not all errors: $(cat "$TMP/out")"
conf 15 "spool \"$TMP/other\""
ctl reload >"$TMP/out" 2>&1 && fail "another spool was taken"
grep -q "'spool'.*restart" "$TMP/out" || fail "$(cat "$TMP/out")"
limit 14 15 550
[ "$(generation)" = "$now" ] || fail "generation $(generation)"
ok "what is wrong changes nothing, and all of it is said"

ctl rollback >"$TMP/out" 2>&1 || fail "rollback: $(cat "$TMP/out")"
limit 13 14 550
kill_proc policy KILL
wait_until '[ "$(ctl -q show status | grep -c ready)" = \
    "$(ctl -q show status | wc -l)" ]' 30
limit 13 14 550
ctl rollback >"$TMP/out" 2>&1 || fail "rollback: $(cat "$TMP/out")"
limit 14 13 550
ok "rollback goes back, and a policy that dies comes back with its rules"

# Nothing grows: sockets, memory, processes.
size() {
	for pid in "$PID" $(procs front) $(procs lookup) $(procs control); do
		ls "/proc/$pid/fd" | wc -l
	done | tr '\n' ' '
	procs '[a-z]*' | wc -l
}
memory() {
	awk '/VmRSS/ { print $2 }' "/proc/$PID/status"
}
many() {
	n=0
	while [ $((n += 1)) -le "$1" ]; do
		conf $((20 + n % 7))
		reload
	done
	wait_until '[ "$(ctl -jq show generations | wc -l)" = 1 ]' 30
}
many 9
before=$(size)
rss=$(memory)
many 20
[ "$(size)" = "$before" ] || fail "grown: $before to $(size)"
# a sanitizer keeps what was freed for a while, and looks for leaks itself
grep -q __asan_init "$SMTPD" || [ "$(memory)" -lt $((rss + rss / 4 + 4096)) ] ||
    fail "memory: $rss to $(memory) KB"
ok "thirty reloads leave nothing behind"

stop
