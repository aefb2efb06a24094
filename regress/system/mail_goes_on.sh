#!/bin/sh
# Mail for elsewhere goes to the mail exchangers of its domain, in one
# transaction for all who have the same; what cannot go is told to the sender
# in one notice; what others are told passes on.
. "$(dirname "$0")/../lib.sh"
need python3
. "$TOP/regress/relay.sh"

names <<END
far.example MX 20 gone.far.example
far.example MX 10 mx.far.example
far.example MX 15 nobody.far.example
mx.far.example A $HOST
gone.far.example A 127.0.0.99
implicit.example A $HOST
null.example MX 0 .
broken.example SERVFAIL
loop.example MX 10 mx.own.example
END
peer far rcpt.bad="550 5.1.1 no such user here" rcpt.full="452 4.2.2 full"
directory <<END
domain own.example
account john addresses=john@own.example
alias away@own.example joe@far.example
END
onward <<END
queue { retry 1h }
END
start

letter john@own.example a@far.example bad@far.example x@null.example \
    "full@far.example NOTIFY=FAILURE" x@nowhere.example x@loop.example \
    b@far.example away@own.example x@implicit.example
wait_until '[ "$(took far)" = 3 ]'
ok "everything went that can go"

# One transaction for the direct ones.
sort "$TMP"/far/[0-9]* | grep -c '^MAIL' >"$TMP/out"
expect_file "$TMP/out" <<END
3
END
cat "$TMP"/far/[0-9]* | grep '^RCPT' | sort >"$TMP/out"
expect_file "$TMP/out" <<END
RCPT TO:<a@far.example> ORCPT=rfc822;a@far.example
RCPT TO:<b@far.example> ORCPT=rfc822;b@far.example
RCPT TO:<joe@far.example> ORCPT=rfc822;away@own.example
RCPT TO:<x@implicit.example> ORCPT=rfc822;x@implicit.example
END
grep -q '^\.dots' "$TMP/far/1" || fail "the text: $(cat "$TMP/far/1")"
ok "recipients of one next hop go together, the text as it is"

only_mail "$MAIL/own.example/john" >"$TMP/notice"
for want in '^Return-Path: <>$' '^From: .*<MAILER-DAEMON@mx.own.example>$' \
    '^Auto-Submitted: auto-replied$' '^Content-Type: multipart/report;' \
    '^Content-Type: text/rfc822-headers$' '^Subject: a letter$' \
    '^Diagnostic-Code: smtp; 550 5.1.1 no such user here$' \
    '^Remote-MTA: dns; mx.far.example$' '^Reporting-MTA: dns; mx.own'; do
	grep -q -- "$want" "$TMP/notice" ||
	    fail "no $want in the notice: $(cat "$TMP/notice")"
done
sed -n 's/^Final-Recipient: rfc822; //p; s/^Status: //p' "$TMP/notice" |
    paste - - | LC_ALL=C sort >"$TMP/out"
expect_file "$TMP/out" <<END
bad@far.example	5.1.1
x@loop.example	5.4.6
x@nowhere.example	5.1.2
x@null.example	5.1.10
END
grep -q 'the text' "$TMP/notice" && fail "the notice has the text as well"
ok "the sender hears once of all that failed"

ctl show queue >"$TMP/out" || fail "show queue"
grep -q 'full@far.example.*waiting.*452 4.2.2 full' "$TMP/out" ||
    fail "not waiting: $(cat "$TMP/out")"
[ "$(grep -c example "$TMP/out")" = 1 ] || fail "$(cat "$TMP/out")"
ok "what is full waits"

# A notice that cannot be delivered ends.
letter nobody@own.example bad@far.example
wait_until 'grep -q "event=dropped.*nobody to tell" "$LOG"'
letter "" bad@far.example
wait_until '[ "$(grep -c "event=dropped" "$LOG")" = 2 ]'
ok "of a notice nothing comes"

letter john@own.example x@broken.example
wait_until 'grep -q "event=deferred to=<x@broken.example>.*4.4.3" "$LOG"'
ok "what the name server cannot tell is no reason to give up"

# Each size has its own time to wait for an answer.
queue=$(procs queue)
before=$(took far)
{
	printf 'S: 220\nC: EHLO c.test\nS* 250\n'
	for size in 1 2 3 4 5 6 7 8 9 10 11 12; do
		printf '%s\n' 'C: MAIL FROM:<john@own.example>' 'S: 250' \
		    'C: RCPT TO:<a@far.example>' 'S: 250' 'C: DATA' 'S: 354' \
		    'C: Subject: a longer letter' 'C:' \
		    "T: $size a line of some length" 'C: .' 'S: 250'
	done
	printf 'C: QUIT\nS: 221\n'
} | say >"$TMP/say.out" 2>&1 || fail "sizes: $(cat "$TMP/say.out")"
wait_until '[ "$(took far)" = $((before + 12)) ]'
[ "$(procs queue)" = "$queue" ] || fail "queue was started again"
ok "mail of any size goes on"

stop
