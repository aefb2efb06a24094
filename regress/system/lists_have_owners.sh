#!/bin/sh
# A list's members see its owner as the sender, and its owner hears of those
# that fail, by name; a large list holds nobody up, and nobody gets it twice.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3
N=${N:-3000}
GONE=gone@far.example,lost@far.example

names <<END
far.example MX 10 mx.far.example
mx.far.example A $HOST
END
peer far rcpt.gone="550 5.1.1 gone" rcpt.lost="550 5.1.1 lost"
{
	echo "domain own.example"
	echo "account john addresses=john@own.example"
	echo "account boss addresses=boss@own.example"
	echo "list small@own.example owner=boss@own.example" \
	    "members=john@own.example,a@far.example,$GONE"
	echo "list large@own.example owner=boss@own.example members=$(
	    seq -f 'm%.0f@far.example' -s, 1 "$N")"
} | directory
onward <<END
aliases { expansion 200000 }
queue { retry 1s }
END
start

letter john@own.example small@own.example
wait_until '[ "$(took far)" = 1 ]'
only_mail "$MAIL/own.example/boss" >"$TMP/notice"
grep -q '^MAIL FROM:<boss@own.example>' "$TMP/far/1" || fail "not the owner"
grep '^RCPT' "$TMP/far/1" >"$TMP/out"
expect_file "$TMP/out" <<END
RCPT TO:<a@far.example>
END
sed -n 's/^Final-Recipient: rfc822; //p' "$TMP/notice" | sort >"$TMP/out"
expect_file "$TMP/out" <<END
gone@far.example
lost@far.example
END
wait_until '[ "$(mails "$MAIL/own.example/john")" = 1 ]'
grep -rq '^Subject: Your message' "$MAIL/own.example/john" &&
    fail "the writer was told"
wait_until 'ctl show queue >"$TMP/out" && ! grep -q small "$TMP/out"'
ok "the owner hears of members that fail"

letter john@own.example large@own.example
letter john@own.example john@own.example
wait_until '[ "$(mails "$MAIL/own.example/john")" = 2 ]'
ok "others are served meanwhile"
wait_until '! ctl show queue | grep -q large' 120
cat "$TMP"/far/[0-9]* | sed -n 's/^RCPT TO:<\(m[0-9]*\)@.*/\1/p' |
    sort >"$TMP/got"
seq -f 'm%.0f' 1 "$N" | sort >"$TMP/want"
cmp -s "$TMP/want" "$TMP/got" ||
    fail "$(wc -l <"$TMP/got") of $N: $(diff "$TMP/want" "$TMP/got" | head)"
ok "each member has it once"
stop
