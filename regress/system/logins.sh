#!/bin/sh
# AUTH: every mechanism with every kind of secret, what is wrong, and that no
# process keeps a password.
. "$(dirname "$0")/../lib.sh"
need openssl python3
PORTS=$("$BIN/port" "$HOST")
PY=$TOP/regress/py/auth.py

secret() {	# type, password
	echo "${2:-pencil}" | "$SMTPCTL" encrypt -t "$1"
}

try() {		# command of auth.py, what it shows
	timeout 200 python3 "$PY" "$1" "$HOST" "$PORTS" "$PORT" \
	    >"$TMP/said" 2>&1 || fail "$1: $(cat "$TMP/said")"
	ok "$2"
}

openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt \
    ec_paramgen_curve:P-256 -subj /CN=mx.test -keyout "$TMP/key" \
    -out "$TMP/crt" 2>"$TMP/openssl" || fail "$(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORTS name submissions tls pki mx auth accounts
listen on $HOST port $PORT name clear auth accounts insecure
rcpt { relay authenticated; errors { total 1000; wait 0 } }
relay host "smtp://$HOST:9"
auth {
	mechanisms "PLAIN LOGIN SCRAM-SHA-256"
	require if helo_domain = 'required.test' then true else false
	errors { total 3; wait 100ms }
}
END
SCRAM=$(secret scram)
directory <<END
domain example.org
domain catchall.test
domain alias.test alias-of=example.org
account ann addresses=ann@example.org,@catchall.test secret=$SCRAM
account bob addresses=bob@example.org secret=$(secret sha512)
account eve addresses=eve@example.org secret=$(secret yescrypt)
account max addresses=max@example.org
	secret=$(secret bcrypt "pencil of a kind that is nowhere else")
account gone addresses=gone@example.org state=reject secret=$(secret scram)
account old addresses=old@example.org expires=2001-01-01
	secret=$(secret scram)
account none addresses=none@example.org
alias team@example.org ann@example.org,bob@example.org
alias deep@example.org team@example.org
alias tobob@example.org bob@example.org
list list@example.org members=ann,bob
END
start

try mechanisms "each mechanism lets in who knows the password"
try refusals "who does not is refused, and learns nothing else"
try errors "errors wait, and the third one ends the session"
try syntax "what is malformed, cancelled or not the time is refused as such"
try groups "what is sent behind AUTH too early is never understood"
try senders "who has logged in sends by its own addresses, and is relayed"
try library "Python's client logs in"

grep -q 'pencil' "$LOG" && fail "a password is in the log"
grep -q 'event=auth .*login="ann" reply="235 2.7.0"' "$LOG" ||
    fail "no login in the log"
ok "the log has who logged in, and no password"

# Not with a sanitizer: it keeps what was freed.
if ! grep -qc AddressSanitizer "$SMTPD" && [ "$(id -u)" -eq 0 ]; then
	mkfifo "$TMP/fifo"
	: >"$TMP/kept"
	python3 "$PY" memory "$HOST" "$PORTS" "$PORT" \
	    <"$TMP/fifo" >"$TMP/kept" 2>&1 &
	client=$!
	exec 3>"$TMP/fifo"
	wait_until '[ "$(wc -l <"$TMP/kept")" -ge 4 ] || ! alive $client'
	alive "$client" || fail "memory: $(cat "$TMP/kept")"
	python3 "$PY" scan "$TMP/kept" "$client" >"$TMP/said" 2>&1 &&
		fail "the scan does not find what the client has"
	for name in front policy lookup hash; do
		# shellcheck disable=SC2046
		python3 "$PY" scan "$TMP/kept" $(procs "$name") \
		    >"$TMP/said" 2>&1
		case $? in
		0)	;;
		2)	echo "# memory of $name cannot be read" ;;
		*)	fail "$name: $(cat "$TMP/said")" ;;
		esac
	done
	exec 3>&-
	wait "$client" || fail "memory: $(cat "$TMP/kept")"
	ok "no process keeps a password, right or wrong"
fi

# A hash process that dies is one login that is asked to come again.
kill_proc hash KILL
wait_until '[ "$(procs hash | wc -w)" -eq 2 ]'
try mechanisms "hash processes come back"
stop
