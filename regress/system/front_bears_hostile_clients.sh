#!/bin/sh
# Clients that do what none should, in the clear, in TLS and behind a balancer:
# every state cut off, close_notify and commands behind it, first flights that
# were changed, headers that are none.  Nobody is let in, nothing is said in
# the clear where TLS has begun, and no process dies of it.
. "$(dirname "$0")/../lib.sh"
need openssl python3
TLS=$("$BIN/port" "$HOST")
PROXY=$("$BIN/port" "$HOST")
ROUNDS=${ROUNDS:-60}

openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt \
    ec_paramgen_curve:P-256 -subj /CN=mx.test -keyout "$TMP/key" \
    -out "$TMP/crt" 2>"$TMP/openssl" || fail "$(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name smtp starttls pki mx auth accounts insecure
listen on $HOST port $TLS name submissions tls pki mx auth accounts
listen on $HOST port $PROXY name proxied tls pki mx proxy from '127.0.0.0/8'
auth {
	mechanisms "PLAIN LOGIN SCRAM-SHA-256"
	errors { total 100; wait 0 }
}
session { max-sessions-per-client 1000 }
END
directory <<END
domain example.org
account ann addresses=ann@example.org
	secret=$(echo pencil | "$SMTPCTL" encrypt -t scram)
account bob addresses=bob@example.org
END
start
for name in front policy lookup queue keys hash; do procs $name; done \
    >"$TMP/before"

timeout 500 python3 "$TOP/regress/py/hostile.py" "$HOST" "$PORT" "$TLS" \
    "$PROXY" "$ROUNDS" "${SEED:-1}" >"$TMP/said" 2>&1 ||
    fail "$(cat "$TMP/said")"
for name in front policy lookup queue keys hash; do procs $name; done \
    >"$TMP/after"
cmp -s "$TMP/before" "$TMP/after" || fail "a process has died"
ok "$ROUNDS hostile connections: $(cat "$TMP/said")"

answers || fail "the server does not answer"
sessions() { ctl -j show sessions 2>/dev/null | grep -c session; }
wait_until '[ "$(sessions)" -eq 0 ]' 30
ok "none of them is left over"
stop
