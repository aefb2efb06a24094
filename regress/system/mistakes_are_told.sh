#!/bin/sh
# What people do when they come from elsewhere: octets that an editor adds,
# statements of other servers, a text in the place of a table.
. "$(dirname "$0")/../lib.sh"

BOM=$(printf '\357\273\277')
printf '%sdomain own.example\r\naccount john addresses=john@own.example\r\n' \
    "$BOM" | directory
mkconf <<END
sieve 'marked' file "marked.sieve"
rcpt { script 'marked'; errors { total 100; wait 0 } }
END
printf '%srequire ["reject"];\r\nreject "550 5.7.1 No";\r\n' "$BOM" \
    >"$TMP/marked.sieve"
{ printf '%s' "$BOM"; cat "$CONF"; } >"$TMP/marked" && mv "$TMP/marked" "$CONF"
"$SMTPD" -n -f "$CONF" >"$TMP/out" 2>&1 || fail "$(cat "$TMP/out")"
ok "a byte order mark is passed over"

cat >>"$CONF" <<END
myhostname = mx.own.example
smtpd_recipient_restrictions = permit_mynetworks
END
"$SMTPD" -n -f "$CONF" >"$TMP/out" 2>&1 || fail "a warning was an error"
n=$(wc -l <"$CONF")
grep -q ":$n:1: warning: macro 'smtpd_recipient_restrictions' is not used" \
    "$TMP/out" || fail "no warning: $(cat "$TMP/out")"
ok "statements of another server are named"

echo 'hostname = mx.own.example' >>"$CONF"
"$SMTPD" -n -f "$CONF" 2>"$TMP/out" && fail "a setting with = was taken"
grep -q "unexpected '=', expected hostname NAME" "$TMP/out" ||
    fail "$(cat "$TMP/out")"
ok "a setting is no macro"

code=0
"$SMTPCTL" directory export "$TMP/directory.txt" >"$TMP/out" 2>&1 || code=$?
[ "$code" = 65 ] && grep -q 'directory.txt: not a table, or damaged' \
    "$TMP/out" || fail "exit code $code: $(cat "$TMP/out")"
ok "a text is not a table"

sieve() {	# script, what is said of it
	echo "$1" >"$TMP/marked.sieve"
	"$SMTPD" -n -f "$CONF" 2>"$TMP/out" && fail "taken: $1"
	grep -Fq "$2" "$TMP/out" || fail "$1: $(cat "$TMP/out")"
}
sieve 'require "fileinto";' \
    "unknown extension 'fileinto', expected none that needs a message"
sieve 'if true { keep; } elseif false { stop; }' "expected 'elsif'"
sieve "require 'reject';" 'expected strings in "..."'
sieve 'require ["variables"]; set "envelope.to" "x@y.example";' \
    'require "vnd.smtpd.rcpt"'
ok "scripts say what was meant"
