#!/bin/sh
# From the client's address to what the next server said, the log shows the way
# of a message, and smtpd(8) has every event that is logged in good order.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3

names <<END
far.example MX 10 mx.far.example
mx.far.example A $HOST
END
peer far rcpt.gone="550 5.1.1 gone"
directory <<END
domain own.example
account john addresses=john@own.example
account jane addresses=jane@own.example
alias both@own.example john@own.example,jane@own.example
alias away@own.example a@far.example
alias mixed@own.example john@own.example,a@far.example,gone@far.example
END
onward </dev/null
start

# What the log says of a recipient, and of an event.
of() {
	sed -n "s/.*event=\([a-z]*\) to=<$1>/\1/p" "$LOG"
}

letter jo@else.example both@own.example
wait_until 'grep -q event=done "$LOG"'
id=$(sed -n 's/.*=message client=127.0.0.1 id=\([0-9a-f]*\) .*/\1/p' "$LOG")
[ ${#id} = 16 ] || fail "no client with the message"
[ "$(of both@own.example)" = "expanded tries=1" ] ||
    fail "both: $(of both@own.example)"
[ "$(grep -c "message=$id event=member to=<j[aon][a-z]*>" "$LOG")" = 2 ] ||
    fail "not each member"
ok "an alias of two is expanded to both"

letter jo@else.example away@own.example
wait_until 'grep -q "event=relayed to=<away@own.example>" "$LOG"'
of away@own.example |
    grep -q '^relayed tries=1 why="mx.far.example said: 250' ||
    fail "$(of away@own.example)"
ok "what the next server said is there"

letter john@own.example mixed@own.example
wait_until 'grep -q "to=<mixed@own.example>" "$LOG"'
of mixed@own.example | grep -q '^expanded tries=1 why=".*550 5.1.1 gone"' ||
    fail "$(of mixed@own.example)"
grep -q 'event=member-failed to=<gone@far.example> why=".*550' "$LOG" ||
    fail "who has not got it?"
ok "one of which a member failed says so"

say <<END
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<jo@else.example>
S: 250
C: RCPT TO:<nobody@own.example>
S: 550
C: QUIT
S: 221
END
grep -q 'event=rcpt client=127.0.0.1 rcpt=<nobody@.*"550 5.1.1"' "$LOG" ||
    fail "no client with the refusal"
ok "refusals name the client"

hash=$(echo pass | ctl encrypt)
ctl directory add "account eve secret=$hash addresses=eve@own.example" ||
    fail "a change"
ctl directory delete account eve || fail "its end"
grep -q 'directory add by uid [0-9]*: account eve$' "$LOG" &&
    grep -q 'directory delete by uid [0-9]*: account eve$' "$LOG" ||
    fail "which change?"
grep -Fq "$hash" "$LOG" && fail "a secret is in the log"
ok "changes of the directory are named, without secrets"
stop

page=$TOP/man/smtpd.8
cd "$TOP" || exit 1
{
	echo member member-failed delivered expanded relayed
	echo deferred dropped done removed
	cat smtpd/*/*.c lookup/*.c | grep -A 3 'log_\(info\|debug\)(' |
	    sed -n 's/.*[" ]event=\([a-z-]*\) .*/\1/p'
} | tr ' ' '\n' | sort -u >"$TMP/events"
while read -r event; do
	grep -Eq "^\.It Li (.* , )?$event( ,.*)?\$" "$page" ||
	    fail "smtpd(8) has no event=$event"
done <"$TMP/events"
ok "smtpd(8) has the $(wc -l <"$TMP/events") events"
