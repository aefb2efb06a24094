#!/bin/sh
# A PostgreSQL server over TCP, with a password, and over TLS: one whose
# certificate does not fit, or that does not answer, is 451 and the log says
# why; one that was away is used again.  No password is shown anywhere.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../postgres.sh"
need python3 openssl

PGPORT=$("$BIN/port" 127.0.0.1)
MUTE=$("$BIN/port" "$HOST")
PROXY=$("$BIN/port" "$HOST")
export PGPORT
SECRET='Pa55+w0rd'

# Two authorities, and the server's certificate of the first one.
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" \
	    -keyout "$TMP/tls/$1.key" -out "$TMP/tls/$1.crt" \
	    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
}
mkdir "$TMP/tls"
authority one
authority two
cp "$TMP/tls/two.crt" "$TMP/tls/changes.crt"
echo "subjectAltName = DNS:localhost, IP:::1" >"$TMP/tls/names"
{
	openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" \
	    -keyout "$TMP/tls/db.key" -out "$TMP/tls/db.csr" &&
	    openssl x509 -req -in "$TMP/tls/db.csr" -CA "$TMP/tls/one.crt" \
	    -CAkey "$TMP/tls/one.key" -CAcreateserial -days 2 \
	    -extfile "$TMP/tls/names" -out "$TMP/tls/db.crt"
} 2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
chmod 644 "$TMP"/tls/*.crt
[ -z "$AS" ] || chown -R 65534:65534 "$TMP/tls"

PGARGS="-c listen_addresses=127.0.0.1,::1 -c ssl=on
    -c ssl_cert_file=$TMP/tls/db.crt -c ssl_key_file=$TMP/tls/db.key"
postgres_start
sql "CREATE TABLE t (a TEXT PRIMARY KEY);
    CREATE ROLE plain LOGIN PASSWORD '$SECRET';
    CREATE ROLE secure LOGIN PASSWORD '$SECRET';
    GRANT SELECT ON t TO plain, secure;
    INSERT INTO t SELECT unnest(ARRAY['tcp', 'tls', 'six', 'changes', 'name',
        'guess', 'mute', 'nowhere']) || '@x.example'" || fail "the tables"
$AS tee "$PG/data/pg_hba.conf" >/dev/null <<END
local all smtpd trust
hostnossl all plain all scram-sha-256
hostssl all secure all scram-sha-256
END
sql "SELECT pg_reload_conf()" >/dev/null || fail "reload"

# Says nothing, ever; and one that speaks TLS, in records as large as can be,
# for a server that does not.
cat >"$TMP/peers.py" <<'END'
import socket, ssl, sys, threading, time
host, mute, proxy, server, cert, key = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)


def forward(client):
    client.recv(8)
    client.sendall(b"S")
    inner = context.wrap_socket(client, server_side=True)
    outer = socket.create_connection(("127.0.0.1", int(server)))

    def up():
        while data := inner.recv(65536):
            outer.sendall(data)
        outer.shutdown(socket.SHUT_WR)
    threading.Thread(target=up, daemon=True).start()
    while data := outer.recv(1):
        time.sleep(0.1)
        outer.setblocking(False)
        try:
            while more := outer.recv(1 << 20):
                data += more
        except BlockingIOError:
            pass
        outer.setblocking(True)
        inner.sendall(data)


silent = socket.create_server((host, int(mute)))
listener = socket.create_server((host, int(proxy)))
print("ready", flush=True)
while True:
    threading.Thread(target=forward, args=(listener.accept()[0],),
                     daemon=True).start()
END
background python3 "$TMP/peers.py" "$HOST" "$MUTE" "$PROXY" "$PGPORT" \
    "$TMP/tls/db.crt" "$TMP/tls/db.key" >"$TMP/peers" 2>&1
wait_until 'grep -q ready "$TMP/peers"' 60

password=Pa55%2Bw0rd
store() {	# name, user and host, parameters
	echo "store $1 sql \"postgresql://${2%%@*}:$password@${2#*@}" \
	    "/mail?$3\" timeout 3s" | sed 's, /mail,/mail,'
}
full="sslmode=verify-full&sslrootcert=$TMP/tls"
{
	store tcp "plain@127.0.0.1:$PGPORT" sslmode=disable
	store tls "secure@localhost:$PGPORT" "$full/one.crt"
	store six "secure@[::1]:$PGPORT" "$full/one.crt"
	store changes "secure@localhost:$PGPORT" "$full/changes.crt"
	store name "secure@127.0.0.1:$PGPORT" "$full/one.crt"
	store guess "secure@localhost:$PGPORT" sslmode=require |
	    sed 's/w0rd/w0rd2/'
	store mute "secure@$HOST:$MUTE" sslmode=require
	store nowhere "secure@nowhere.invalid" sslmode=require
	store wide "plain@$HOST:$PROXY" sslmode=require
	echo "rcpt { directory false; errors { total 1000; wait 0 }; relay"
	for name in tcp tls six changes name guess mute nowhere; do
		echo "if starts_with(rcpt, '$name@') then sql_query('$name'," \
		    "'SELECT 1 FROM t WHERE a = ?', rcpt)"
	done
	cat <<-'END'
	if starts_with(rcpt, 'wide') then count(sql_query('wide',
	    'SELECT repeat(''x'', 5003) FROM generate_series(1, ?)',
	    strip_prefix(email_part(rcpt, 'local'), 'wide'))) > 4
	else false }
	END
} | sed "s/''x''/chr(120)/" | mkconf
chmod 600 "$CONF"
[ -z "$AS" ] || chown 65534:65534 "$CONF"

says() {	# recipients, each with what is said to it
	{
		echo "S: 220"
		printf 'C: HELO x.example\nS: 250\nC: MAIL FROM:<a@b.example>\n'
		echo "S: 250"
		for pair; do
			echo "C: RCPT TO:<${pair%%=*}@x.example>"
			echo "S: ${pair#*=}"
		done
	} | say >"$TMP/say" 2>&1
}
must() {
	says "$@" || fail "$(cat "$TMP/say")"
}
logs() {	# store, what is said of it
	grep -q "store $1: .*$2" "$LOG" || fail "the log has no '$2' of $1"
}

start
must tcp=250 tls=250 other=550
ok "TCP with a password, TLS with a certificate that is checked"
if grep -q '^0*01 ' /proc/net/if_inet6 2>/dev/null; then
	must six=250
	ok "IPv6"
fi
must changes=451 name=451 guess=451 mute=451 nowhere=451 tcp=250 tls=250
logs changes "certificate verify failed"
logs name "certificate for .*localhost.* does not match host name"
logs guess "password authentication failed"
logs nowhere "could not translate host name"
wait_until 'grep -q "store mute: .*does not answer" "$LOG"' 30
ok "who cannot be believed, or does not answer, is 451, and the log says why"
mv "$TMP/tls/one.crt" "$TMP/tls/new"
cp "$TMP/tls/new" "$TMP/tls/one.crt"
chmod 644 "$TMP/tls/one.crt"
mv "$TMP/tls/new" "$TMP/tls/changes.crt"
wait_until 'says changes=250' 30
ok "another certificate in the place of the old one"
must wide5=250 wide6=250 wide7=250 wide8=250 wide9=250 wide10=250 wide11=250 \
    wide12=250 wide13=250
ok "answers in records of any size"
postgres_stop
must tcp=451 tls=451
postgres_run
wait_until 'says tcp=250 tls=250' 60
ok "a server that was away"

$AS "$SMTPD" -n -v -f "$CONF" >"$TMP/dump" 2>&1 || fail "$(cat "$TMP/dump")"
grep -q "^store = tls .*localhost:$PGPORT/mail" "$TMP/dump" ||
    fail "the dump has no store: $(cat "$TMP/dump")"
ctl show stats >"$TMP/stats" 2>&1 || fail "show: $(cat "$TMP/stats")"
grep -q changes "$TMP/stats" || fail "no store: $(cat "$TMP/stats")"
for pid in "$PID" $(cat "/proc/$PID/task/$PID/children"); do
	tr '\0' ' ' <"/proc/$pid/cmdline"
	cat "/proc/$pid/comm"
done >"$TMP/ps"
! grep -E 'Pa55|w0rd' "$TMP/dump" "$TMP/stats" "$TMP/ps" "$LOG" ||
    fail "a password is shown"
ok "no password is shown"
stop
