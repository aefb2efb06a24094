#!/bin/sh
# What scanners say of our TLS: two versions, authenticated encryption only,
# and nothing that is open to attack.
. "$(dirname "$0")/../lib.sh"
need nmap openssl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=mx.own.example -keyout "$TMP/key" -out "$TMP/crt" \
    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
SMTPS=$("$BIN/port" "$HOST")
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name smtp starttls
listen on $HOST port $SMTPS name submissions tls
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start

nmap -Pn -p "$SMTPS" --script \
    ssl-enum-ciphers,ssl-heartbleed,ssl-poodle,ssl-ccs-injection,ssl-dh-params \
    "$HOST" >"$TMP/nmap" 2>&1 || fail "nmap: $(cat "$TMP/nmap")"
grep -q 'TLSv1\.3' "$TMP/nmap" && grep -q 'TLSv1\.2' "$TMP/nmap" ||
    fail "a version is missing: $(cat "$TMP/nmap")"
grep -Eq 'SSLv|TLSv1\.[01]|VULNERABLE' "$TMP/nmap" &&
    fail "old or open to attack: $(cat "$TMP/nmap")"
grep ' TLS_' "$TMP/nmap" | grep -Evq '_GCM_|_POLY1305_' &&
    fail "a cipher is not authenticated: $(cat "$TMP/nmap")"
grep -q 'least strength: A' "$TMP/nmap" || fail "$(cat "$TMP/nmap")"
ok "nmap finds TLS 1.2 and 1.3, authenticated ciphers, and nothing open"

# the plus has them run on a port that is not 25
nmap -Pn -p "$PORT" --script "+smtp-commands,+smtp-open-relay,\
+smtp-enum-users,+smtp-vuln-cve2010-4344,+smtp-vuln-cve2011-1720,\
+smtp-vuln-cve2011-1764" --script-args 'smtp.domain=client.test' "$HOST" \
    >"$TMP/nmap" 2>&1 || fail "nmap: $(cat "$TMP/nmap")"
grep -q 'smtp-commands: mx.own.example' "$TMP/nmap" ||
    fail "no commands: $(cat "$TMP/nmap")"
grep -q "doesn't seem to be an open relay" "$TMP/nmap" ||
    fail "an open relay: $(cat "$TMP/nmap")"
grep -q "Couldn't find any accounts" "$TMP/nmap" ||
    fail "accounts are told: $(cat "$TMP/nmap")"
grep -q 'VULNERABLE' "$TMP/nmap" && grep -v 'NOT VULNERABLE' "$TMP/nmap" |
    grep -q VULNERABLE && fail "$(cat "$TMP/nmap")"
answers || fail "the server is gone"
ok "nmap finds no open relay, no accounts, and nothing open"
stop
