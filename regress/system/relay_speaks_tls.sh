#!/bin/sh
# STARTTLS where it is offered, in clear where it breaks, never in clear where
# it is wanted; certificates are checked where that is wanted; secrets are sent
# over TLS only.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3 openssl
cp "$BIN/relayer" "$TMP/relayer"
printf 'Subject: x\r\n\r\ntext\r\n' >"$TMP/text"
chmod 755 "$TMP/relayer"
chmod 644 "$TMP/text"

# A certificate of ours, in the list of those that are trusted or not.
cert() {	# name, address
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" \
	    -addext "subjectAltName=DNS:$1,IP:$2" -keyout "$TMP/$1.key" \
	    -out "$TMP/$1.crt" 2>"$TMP/openssl" ||
	    fail "openssl: $(cat "$TMP/openssl")"
	chmod 644 "$TMP/$1.crt" "$TMP/$1.key"
}
cert good.test "$HOST"
cert other.test 127.0.0.1
cp "$TMP/good.test.crt" "$TMP/ca.pem"
chmod 644 "$TMP/ca.pem"

try() {	# expected, options and next hop
	t_want=$1
	shift
	RELAYER_CA=$TMP/ca.pem $AS timeout 60 "$TMP/relayer" "$@" a@a.test \
	    "$TMP/text" x@b.test >"$TMP/out" 2>>"$LOG" || fail "ended: $*"
	head -n 1 "$TMP/out" | grep -Eq "^$t_want" ||
	    fail "$*: $(cat "$TMP/out"), not $t_want"
}
P2=$("$BIN/port" "$HOST")
P3=$("$BIN/port" "$HOST")
P4=$("$BIN/port" "$HOST")
P5=$("$BIN/port" "$HOST")
peer good tls="$TMP/good.test.crt,$TMP/good.test.key" auth=me:secret
peer other -p "$P2" tls="$TMP/other.test.crt,$TMP/other.test.key"
peer clear -p "$P3"
peer broken -p "$P4" tls=x,x
peer inject -p "$P5" tls="$TMP/other.test.crt,$TMP/other.test.key" \
    starttls='220 go\n250 injected'

try 'ok 250' "smtp://$HOST:$P2"
grep -q '^STARTTLS' "$TMP/other/log" || fail "no STARTTLS"
try 'ok 250' "smtp://$HOST:$P3"
ok "TLS where it is offered"
try 'ok 250' "smtp://$HOST:$P4"
[ "$(grep -c '^connect' "$TMP/broken/log")" = 2 ] || fail "not tried again"
ok "in clear where it breaks"
try 'later 0' "smtp+anytls://$HOST:$P4"
try 'later 0 4.4.1.*TLS is required' "smtp+anytls://$HOST:$P3"
try 'ok 250' "smtp+anytls://$HOST:$P2"
[ "$(took clear)$(took broken)" = 11 ] || fail "sent in clear"
ok "never in clear where TLS is wanted"
try 'later 0 4.4.1.*TLS' "smtp+tls://$HOST:$P2"
try 'later 0 4.4.1.*TLS' "smtp+tls://$HOST:$P3"
[ "$(took other)" = 2 ] || fail "sent to another"
ok "a certificate that does not fit is refused"
try 'ok 250' "smtp+notls://$HOST:$P2"
tac "$TMP/other/log" | sed '/^connect/q' | grep -q STARTTLS &&
    fail "TLS was used"
ok "no TLS where none is wanted"
try 'later 0' "smtp+anytls://$HOST:$P5"
[ "$(took inject)" = 0 ] || fail "went on behind an injection"
ok "octets behind the reply to STARTTLS end the session"

try 'ok 250' -s "me@$HOST=secret" "smtp+tls://me@$HOST:$MX"
try 'later 0 4.7.0.*535' -s "me@$HOST=wrong" "smtp+tls://me@$HOST:$MX"
try 'later 0 4.7.0' -s "me@$HOST=secret" "smtp://me@$HOST:$P3"
grep -q '^AUTH' "$TMP/clear/log" && fail "a secret in clear"
ok "secrets are sent over TLS only"
