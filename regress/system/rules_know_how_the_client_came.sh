#!/bin/sh
# What rules hear of the listener and of TLS, from clients that come in the
# clear, with STARTTLS and with TLS, of either version.
. "$(dirname "$0")/../lib.sh"
need openssl python3
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=mx.own.example -keyout "$TMP/key" -out "$TMP/crt" \
    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
SMTPS=$("$BIN/port" "$HOST")
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name mx starttls
listen on $HOST port $SMTPS name smtps tls
rcpt {
	directory 'accounts'
	rewrite if rcpt = 'say@example.org' then is_tls + '.' + listener +
	    '.v' + tls.version + '.c' + tls.cipher + '@example.org'
}
END
directory <<END
domain example.org
account all addresses=all@example.org,@example.org
END
start
cat >"$TMP/client.py" <<'END'
"""client.py host port clear|starttls|tls [1.2|1.3]: prints its own view"""
import smtplib
import ssl
import sys

host, port, how = sys.argv[1:4]
context = ssl._create_unverified_context()
if len(sys.argv) > 4:
    version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
    context.minimum_version = version[sys.argv[4]]
    context.maximum_version = version[sys.argv[4]]
if how == "tls":
    smtp = smtplib.SMTP_SSL(host, int(port), "client.example", timeout=60,
                            context=context)
else:
    smtp = smtplib.SMTP(host, int(port), "client.example", timeout=60)
if how == "starttls":
    smtp.starttls(context=context)
smtp.sendmail("a@client.example", ["say@example.org"], "Subject: x\n\n")
if how == "clear":
    print("0.mx.v.c@example.org")
else:
    print("1.%s.v%s.c%s@example.org" % ("smtps" if how == "tls" else "mx",
                                        smtp.sock.version(),
                                        smtp.sock.cipher()[0]))
smtp.quit()
END
for how in "$PORT clear" "$PORT starttls 1.2" "$PORT starttls 1.3" \
    "$SMTPS tls 1.2" "$SMTPS tls 1.3"; do
	# shellcheck disable=SC2086
	want=$(timeout 100 python3 "$TMP/client.py" "$HOST" $how \
	    2>"$TMP/err") ||
	    fail "$how: $(cat "$TMP/err")"
	wait_until "grep -qrsixF 'X-Original-To: $want' '$MAIL'"
	ok "$how is $want"
done
stop
