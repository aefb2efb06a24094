#!/bin/sh
# Logins of clients that others wrote, over TLS: each mechanism with the right
# password, which is let in and sends mail, and with a wrong one, which is 535.
# All of them check the certificate.
. "$(dirname "$0")/../lib.sh"
need openssl gsasl msmtp curl swaks python3
PORTS=$("$BIN/port" "$HOST")
PORTC=$("$BIN/port" "$HOST")

openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt \
    ec_paramgen_curve:P-256 -subj /CN=mx.test -addext \
    "subjectAltName=IP:$HOST" -keyout "$TMP/key" -out "$TMP/crt" \
    2>"$TMP/openssl" || fail "$(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name submission starttls require pki mx auth accounts
listen on $HOST port $PORTS name submissions tls pki mx auth accounts
listen on $HOST port $PORTC name clear auth accounts insecure
rcpt { relay false; errors { total 1000; wait 0 } }
auth {
	mechanisms "PLAIN LOGIN SCRAM-SHA-256"
	errors { total 3; wait 0 }
}
END
secret() { echo pencil | "$SMTPCTL" encrypt -t "$1"; }
directory <<END
domain example.org
account ann addresses=ann@example.org secret=$(secret scram)
account bob addresses=bob@example.org secret=$(secret sha512)
END
start
printf 'Subject: hello\r\n\r\nhello\r\n' >"$TMP/text"

# Each: mechanism, login, password; fails as the client does.
starttls_gsasl() {
	gsasl --smtp --connect="$HOST:$PORT" --starttls \
	    --x509-ca-file="$TMP/crt" --no-cb -m "$1" -a "$2" -p "$3" \
	    </dev/null
}

starttls_swaks() {
	swaks --server "$HOST:$PORT" --tls --tls-verify --tls-ca-path \
	    "$TMP/crt" --auth "$1" --auth-user "$2" --auth-password "$3" \
	    --from "$2@example.org" --to ann@example.org --timeout 60
}

clear_swaks() {
	swaks --server "$HOST:$PORTC" --auth "$1" --auth-user "$2" \
	    --auth-password "$3" --from "$2@example.org" \
	    --to ann@example.org --timeout 60
}

tls_msmtp() {
	msmtp --host="$HOST" --port="$PORTS" --tls=on --tls-starttls=off \
	    --tls-trust-file="$TMP/crt" --auth="$(echo "$1" | tr A-Z a-z)" \
	    --user="$2" --passwordeval="echo '$3'" --from="$2@example.org" \
	    ann@example.org <"$TMP/text"
}

tls_curl() {
	curl -sS -v --cacert "$TMP/crt" --max-time 60 "smtps://$HOST:$PORTS" \
	    --user "$2:$3" --login-options "AUTH=$1" \
	    --mail-from "$2@example.org" --mail-rcpt ann@example.org \
	    --upload-file "$TMP/text"
}

cat >"$TMP/login.py" <<'END'
import smtplib
import ssl
import sys

crt, host, port, mechanism, login, password = sys.argv[1:]
context = ssl.create_default_context(cafile=crt)
with smtplib.SMTP(host, int(port)) as smtp:
    smtp.starttls(context=context)
    smtp.ehlo()
    smtp.user, smtp.password = login, password
    smtp.auth(mechanism, getattr(smtp, "auth_" + mechanism.lower()))
    smtp.sendmail(login + "@example.org", ["ann@example.org"],
                  b"Subject: hello\r\n\r\nhello\r\n")
END

starttls_smtplib() {
	python3 "$TMP/login.py" "$TMP/crt" "$HOST" "$PORT" "$@"
}

# A wrong password first; then the right one, whose message comes in.
try() {		# how_client, mechanism, login
	"$1" "$2" "$3" pencilx >"$TMP/out" 2>&1 &&
	    fail "$1 $2: a wrong password: $(cat "$TMP/out")"
	grep -q 535 "$TMP/out" ||
	    fail "$1 $2: a wrong password: $(cat "$TMP/out")"
	"$1" "$2" "$3" pencil >"$TMP/out" 2>&1 ||
	    fail "$1 $2: $(cat "$TMP/out")"
	[ "$1" = starttls_gsasl ] || sent=$((sent + 1))
	tried="$tried $1:$2"
	logins=$((logins + 1))
}

sent=0
logins=0
tried=
for client in starttls_gsasl tls_msmtp; do
	try $client SCRAM-SHA-256 ann
done
ok "SCRAM-SHA-256: gsasl, msmtp"
for mechanism in PLAIN LOGIN; do
	for client in starttls_gsasl tls_msmtp tls_curl starttls_smtplib \
	    clear_swaks; do
		try $client $mechanism bob
	done
	if perl -MNet::SSLeay -e 1 2>/dev/null; then
		try starttls_swaks $mechanism ann
	else
		echo "# swaks has no TLS: needs libnet-ssleay-perl"
	fi
	ok "$mechanism: gsasl, msmtp, curl, smtplib, swaks"
done
wait_until '[ "$(mails)" -eq $sent ]' 60
[ "$(grep -rl 'with ESMTPA id' "$MAIL" | wc -l)" -eq 2 ] &&
    [ "$(grep -rl 'with ESMTPSA id' "$MAIL" | wc -l)" -eq $((sent - 2)) ] ||
    fail "what Received says: $(grep -rhA 2 '^Received' "$MAIL")"
ok "Received says that the client had logged in, and whether over TLS"
count() { grep -c "event=auth .*reply=\"$1" "$LOG"; }
[ "$(count 235)" -eq $logins ] && [ "$(count 535)" -ge $logins ] ||
    fail "$logins logins of$tried, $(count 235) in the log"
grep -q pencil "$LOG" && fail "a password is in the log"
ok "the log has each of them, and no password"
stop
