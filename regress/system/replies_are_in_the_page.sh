#!/bin/sh
# Every code that the server has for its clients is in smtpd(8), and no other.
. "$(dirname "$0")/../lib.sh"

sed -n 's/.*= { \([0-9]*\), "\([0-9.]*\)".*/\1 \2/p' \
    "$TOP/smtpd/smtp/reply.c" | sed 's/ $//' | sort -u >"$TMP/source"
[ "$(wc -l <"$TMP/source")" -gt 30 ] || fail "few: $(cat "$TMP/source")"
sed -n '/^\.Sh REPLIES/,/^\.Sh FILES/s/^\.It Li //p' "$TOP/man/smtpd.8" |
    sed 's/ , /\n/g' | sort >"$TMP/page"
diff "$TMP/source" "$TMP/page" >"$TMP/out" || fail "$(cat "$TMP/out")"
ok "smtpd(8) has all $(wc -l <"$TMP/page") codes"
