#!/bin/sh
# Success when it was asked for, delay when it is long, failure when it is
# given up, and nothing of what was not asked for (RFC 3461): each once.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3

names <<END
dsn.example MX 10 mx.dsn.example
mx.dsn.example A $HOST
old.example MX 10 mx.old.example
mx.old.example A 127.0.0.77
down.example MX 10 mx.down.example
mx.down.example A 127.0.0.78
END
peer dsn
peer old -a 127.0.0.77 ext=PIPELINING
directory <<END
domain own.example
account john addresses=john@own.example
account jane addresses=jane@own.example
account boss addresses=boss@own.example
alias both@own.example jane@own.example,boss@own.example
list all@own.example members=jane,boss owner=boss@own.example
END
onward <<END
queue { retry 1s; warn 2s; expire 6s }
END
start

# What the notices in a mailbox say: action and recipient.
actions() {
	find "$MAIL/own.example/$1" -path "*/new/*" -type f 2>/dev/null \
	    -exec grep -l '^Content-Type: message/delivery-status' {} + |
	    xargs -r sed -n 's/^Final-Recipient: rfc822; //p; s/^Action: //p' |
	    paste - - | LC_ALL=C sort
}

letter john@own.example "jane@own.example NOTIFY=SUCCESS" boss@own.example \
    "both@own.example NOTIFY=SUCCESS,FAILURE" \
    "all@own.example NOTIFY=SUCCESS" "x@dsn.example NOTIFY=SUCCESS" \
    "y@dsn.example NOTIFY=NEVER" "x@old.example NOTIFY=SUCCESS" \
    "z@old.example NOTIFY=FAILURE"
wait_until '[ "$(actions john | wc -l)" = 4 ]'
actions john >"$TMP/out"
expect_file "$TMP/out" <<END
all@own.example	delivered
both@own.example	expanded
jane@own.example	delivered
x@old.example	relayed
END
cat "$TMP"/dsn/[0-9]* | grep '^RCPT' | LC_ALL=C sort >"$TMP/out"
expect_file "$TMP/out" <<END
RCPT TO:<x@dsn.example> NOTIFY=SUCCESS ORCPT=rfc822;x@dsn.example
RCPT TO:<y@dsn.example> NOTIFY=NEVER ORCPT=rfc822;y@dsn.example
END
grep -q '^RCPT TO:<x@old.example>$' "$TMP"/old/[0-9]* ||
    fail "parameters that were not offered: $(cat "$TMP"/old/[0-9]*)"
ok "success is told where it was asked for, or passed on"

rm -rf "$MAIL/own.example/john"
letter john@own.example x@down.example "y@down.example NOTIFY=NEVER" \
    "z@down.example NOTIFY=DELAY" "w@down.example NOTIFY=FAILURE"
wait_until '[ "$(actions john | grep -c failed)" = 2 ]' 60
actions john >"$TMP/out"
expect_file "$TMP/out" <<END
w@down.example	failed
x@down.example	delayed
x@down.example	failed
z@down.example	delayed
END
grep -rhq '^Will-Retry-Until: ' "$MAIL/own.example/john" ||
    fail "nobody knows until when"
wait_until 'ctl show queue >"$TMP/out" && ! grep -q down.example "$TMP/out"'
ok "delay and failure are told to those who want to know"
stop
