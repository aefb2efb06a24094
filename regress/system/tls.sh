#!/bin/sh
# TLS as clients see it, certificates that change under way, and keys that no
# process but one ever sees.
. "$(dirname "$0")/../lib.sh"
need openssl python3
PORTS=$("$BIN/port" "$HOST")
REQUIRE=$("$BIN/port" "$HOST")
PY=$TOP/regress/py/tls.py

pair() {	# name, options of req
	pair_name=$1
	shift
	openssl req -x509 -nodes -days 30 "$@" -subj "/CN=$pair_name" \
	    -addext "subjectAltName=DNS:$pair_name" \
	    -keyout "$TMP/$pair_name.key.new" \
	    -out "$TMP/$pair_name.crt.new" 2>"$TMP/openssl" ||
	    fail "openssl: $(cat "$TMP/openssl")"
	chmod 600 "$TMP/$pair_name.key.new"
	[ -z "$AS" ] || chown 65534:65534 "$TMP/$pair_name.key.new"
	mv "$TMP/$pair_name.key.new" "$TMP/$pair_name.key"
	mv "$TMP/$pair_name.crt.new" "$TMP/$pair_name.crt"
}

tls() {		# command, port, argument
	timeout 60 python3 "$PY" "$1" "$HOST" "$2" "${3:--}" \
	    >"$TMP/said" 2>&1 || fail "tls.py $1: $(cat "$TMP/said")"
}

pair mx.test -newkey ec -pkeyopt ec_paramgen_curve:P-256
pair rsa.test -newkey rsa:2048
mkconf <<END
pki mx cert "$TMP/mx.test.crt" key "$TMP/mx.test.key"
pki rsa cert "$TMP/rsa.test.crt" key "$TMP/rsa.test.key"
listen on $HOST port $PORT name smtp starttls
listen on $HOST port $PORTS name submissions tls pki rsa
listen on $HOST port $REQUIRE name submission starttls require pki mx
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start

tls send "$PORT"
cipher=$(cut -d ' ' -f 2 "$TMP/said")
tls implicit "$PORTS"
wait_until '[ "$(mails)" -eq 2 ]'
[ "$(grep -rl 'with ESMTPS id' "$MAIL" | wc -l)" -eq 2 ] ||
    fail "no ESMTPS: $(grep -rh -A 2 ^Received "$MAIL")"
grep -rqF "$cipher" "$MAIL" || fail "Received does not name $cipher"
ok "mail comes over STARTTLS and over TLS, and its header says so"

for pair in mx.test:mx.test rsa.test:rsa.test no.test:mx.test -:mx.test; do
	tls cert "$PORT" "${pair%:*}"
	cmp -s "$TMP/said" "$TMP/${pair#*:}.crt" ||
	    fail "${pair%:*} did not get the certificate of ${pair#*:}"
done
ok "a client gets the certificate of the name that it asks for"

tls resume "$PORT"
grep -q 'event=tls .*resumed=1' "$LOG" || fail "the log shows none resumed"
tls inject "$PORT"
tls require "$REQUIRE"
ok "sessions are resumed; STARTTLS ends a group; it may be required"

# New certificates, with a session under way.
mkfifo "$TMP/in" "$TMP/half.in"
timeout 100 python3 "$PY" hold "$HOST" "$PORT" <"$TMP/in" >"$TMP/held" 2>&1 &
held=$!
STARTED="$STARTED $held"
exec 3>"$TMP/in"
wait_until 'grep -q ready "$TMP/held"'
cp "$TMP/mx.test.crt" "$TMP/before.crt"
pair mx.test -newkey ec -pkeyopt ec_paramgen_curve:P-256
ctl reload >"$TMP/reload" 2>&1 || fail "reload: $(cat "$TMP/reload")"
wait_until 'grep -q "certificates read" "$LOG"'
tls cert "$PORT" mx.test
cmp -s "$TMP/said" "$TMP/mx.test.crt" || fail "the certificate did not change"
tls send "$PORT"
echo NOOP >&3
wait_until 'grep -q said "$TMP/held"'
exec 3>&-
wait "$held" || fail "the session under way: $(cat "$TMP/held")"
ok "reload brings new certificates, and ends no session"

# Twice, with handshakes under way.
timeout 100 python3 "$PY" half "$HOST" "$PORT" <"$TMP/half.in" \
    >"$TMP/half" 2>&1 &
half=$!
STARTED="$STARTED $half"
exec 4>"$TMP/half.in"
wait_until 'grep -q ready "$TMP/half"' 60
for name in mx.test rsa.test; do
	pair $name -newkey ec -pkeyopt ec_paramgen_curve:P-256
	ctl reload >"$TMP/reload" 2>&1 || fail "reload: $(cat "$TMP/reload")"
done
wait_until '[ "$(grep -c "certificates read" "$LOG")" -eq 3 ]'
echo >&4
exec 4>&-
wait "$half" || fail "handshakes under way: $(cat "$TMP/half")"
tls cert "$PORT" rsa.test
cmp -s "$TMP/said" "$TMP/rsa.test.crt" || fail "the certificate did not change"
ok "nor does it end a handshake, even twice in a row"

# One that is bad changes nothing.
echo rubbish >"$TMP/mx.test.crt.new"
cp "$TMP/mx.test.crt" "$TMP/good.crt"
mv "$TMP/mx.test.crt.new" "$TMP/mx.test.crt"
ctl reload >"$TMP/reload" 2>&1 && fail "a bad certificate was taken"
grep -q "mx.test.crt.*no certificate" "$TMP/reload" ||
    fail "reload does not say why: $(cat "$TMP/reload")"
mv "$TMP/good.crt" "$TMP/mx.test.crt"
tls send "$PORT"
ok "a certificate that is bad is refused with its reason"

# The keys process dies, again and again; then it cannot be had for a while.
kill_proc keys KILL
wait_until 'grep -q "keys 0: started again" "$LOG"'
tls send "$PORT"
kill_proc keys STOP
tls temp "$PORT"
kill_proc keys CONT
wait_until 'timeout 60 python3 "$PY" send "$HOST" "$PORT" >"$TMP/said" 2>&1'
ok "when keys dies or hangs, handshakes fail and the rest goes on"

# No key is in the memory of any process but keys and the parent.
python3 "$TOP/regress/py/scan.py" "$TMP"/*.key -- "$(procs keys)" \
    >"$TMP/said" 2>&1
case $? in
0)	fail "keys does not have them either: the scan is blind" ;;
1)	;;
*)	skip "memory of other processes: $(cat "$TMP/said")" ;;
esac
for name in front policy lookup queue deliver relay control; do
	for pid in $(procs $name); do
		python3 "$TOP/regress/py/scan.py" "$TMP"/*.key -- "$pid" \
		    >"$TMP/said" 2>&1 || fail "$name: $(cat "$TMP/said")"
	done
done
ok "no process but keys has a private key in its memory"
stop
