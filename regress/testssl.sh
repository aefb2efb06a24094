#!/bin/sh
# All that testssl.sh has to say of our TLS, at a listener that begins with it
# and at one with STARTTLS, on loopback: nothing may be above "info" but what is
# due to certificates that are made here.  Half an hour or more; what it found
# is kept in regress/bin.
# usage: make testssl
TEST=testssl
. "$(dirname "$0")/lib.sh"
need testssl openssl
SMTPS=$("$BIN/port" "$HOST")
SCAN_LIMIT=10800

# Findings of the test itself, each with its reason.
expected() {
	cat <<-END
	cert_chain_of_trust	the certificate signs itself
	cert_revocation	its issuer, who is nobody, cannot be asked
	engine_problem	of the OpenSSL that testssl.sh uses: it has no GOST
	END
}

# What it must have looked at, to be believed.
looked="SSLv2 SSLv3 TLS1 TLS1_1 TLS1_2 TLS1_3 cipherlist_NULL cipherlist_aNULL
    cipherlist_EXPORT PFS cipher_order heartbleed CCS ROBOT secure_renego
    secure_client_renego CRIME_TLS POODLE_SSL fallback_SCSV SWEET32 FREAK DROWN
    LOGJAM BEAST LUCKY13 RC4"

pair() {	# name, options of req
	pair_name=$1
	shift
	openssl req -x509 -nodes -days 80 "$@" -subj "/CN=mx.own.example" \
	    -addext "subjectAltName=DNS:mx.own.example,IP:$HOST" \
	    -keyout "$TMP/$pair_name.key" -out "$TMP/$pair_name.crt" \
	    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
	chmod 600 "$TMP/$pair_name.key"
	[ -z "$AS" ] || chown 65534:65534 "$TMP/$pair_name.key"
}

# In the background; SCAN is its process.
scan() {	# name, port, options
	scan_name=$1 scan_port=$2
	shift 2
	timeout "$SCAN_LIMIT" testssl --quiet --color 0 --warnings off -n none \
	    --connect-timeout 60 --openssl-timeout 60 \
	    --csvfile "$TMP/$scan_name.csv" "$@" "$HOST:$scan_port" \
	    >"$TMP/$scan_name.out" 2>&1 </dev/null &
	SCAN=$!
	STARTED="$STARTED $SCAN"
}

# Findings above "info" that are not expected, as "name: severity: text".
judge() {	# name, process; its exit code counts what it found
	wait "$2"
	[ $? -ne 124 ] || fail "$1: not done after $SCAN_LIMIT s"
	cp "$TMP/$1.csv" "$BIN/testssl-$1.csv" ||
	    fail "$1: $(tail "$TMP/$1.out")"
	for judge_id in $looked; do
		grep -q "^\"$judge_id\"," "$TMP/$1.csv" ||
		    fail "$1: nothing about $judge_id"
	done
	expected | cut -f 1 >"$TMP/expected"
	awk -F '","' 'NR == FNR { known[$1] = 1; next }
	{ id = $1; sub(/^"/, "", id) }
	FNR > 1 && $4 !~ /^(OK|INFO|DEBUG)$/ && !(id in known) {
		print id ": " $4 ": " $5 }' "$TMP/expected" "$TMP/$1.csv" \
	    >"$TMP/bad"
	[ ! -s "$TMP/bad" ] || fail "$1: $(cat "$TMP/bad")"
}

pair ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
pair rsa -newkey rsa:2048
mkconf <<END
pki ecdsa cert "$TMP/ecdsa.crt" key "$TMP/ecdsa.key"
pki rsa cert "$TMP/rsa.crt" key "$TMP/rsa.key"
listen on $HOST port $PORT name smtp starttls pki ecdsa
listen on $HOST port $SMTPS name submissions tls pki rsa
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start
echo "# testssl.sh, all of it, at two listeners; known beforehand:"
expected | sed 's/^/#	/'
scan starttls "$PORT" -t smtp
starttls=$SCAN
scan tls "$SMTPS"
tls=$SCAN
judge starttls "$starttls"
ok "STARTTLS, with an ECDSA certificate"
judge tls "$tls"
ok "TLS from the first octet, with an RSA certificate"
answers || fail "the server is gone"
stop
