#!/bin/sh
# What explain prints for people and for programs, and what it refuses.
. "$(dirname "$0")/../lib.sh"
mkconf <<END
prefork 2
store default db
listen on $HOST port $PORT name in
rcpt {
	directory 'accounts'
	relay !is_empty(authenticated_as)
	rewrite if matches('^old-(.+)@own.example$', rcpt) then \$1 +
		    '@own.example'
		else if rcpt = 'bad@own.example' then rcpt + ' is bad'
	catch-all if counter_incr('', 'asked', 1) > 1 then 'john@own.example'
	errors { total 1; wait 200ms }
}
END
directory <<END
domain own.example
account john addresses=john@own.example login=jo
alias team@own.example john@own.example,away@far.example
alias gone@own.example state=reject text="Moved."
END
start

# the words of the command; a line that must be printed
shows() {
	wanted=$1
	shift
	ctl explain rcpt "$@" >"$TMP/out" 2>&1 || fail "$*: $(cat "$TMP/out")"
	grep -Eq -- "$wanted" "$TMP/out" ||
	    fail "$*: no '$wanted' in: $(cat "$TMP/out")"
}
refuses() {	# exit code, text, words
	code=$1
	wanted=$2
	shift 2
	ctl explain rcpt "$@" >"$TMP/out" 2>&1
	got=$?
	[ $got = "$code" ] || fail "$*: exit code $got"
	grep -q -- "$wanted" "$TMP/out" || fail "$*: $(cat "$TMP/out")"
}

shows '^reply  *250 2.1.5 Recipient ok$' john@own.example
shows "^setting .*, rule $CONF:7:.*value 'john@own.example'" \
    old-john@own.example
shows "^setting .*, captures \\\$1='john'\$" OLD-John@own.example
shows '^rewrite  *john@own.example$' old-john@own.example
shows '^candidate  *literal, .*is account, account john$' old-john@own.example
shows '^behind  *away@far.example, depth 1, is outside$' team@own.example
shows '^fault  *rcpt.rewrite, rule .*:9:.* wanted address$' bad@own.example
shows '^reply  *451 4.3.0' bad@own.example
shows '^reply  *550 5.2.1 Moved.$' gone@own.example
shows '^reply  *421 4.7.0' gone@own.example
shows '^wait  *200 ms before the reply$' gone@own.example
shows '^reply  *550 5.7.1' x@far.example
shows '^reply  *250 2.1.5' x@far.example auth jo
shows "^reply  *553 5.7.1" x@far.example auth jo from x@own.example
shows '^reply  *501 5.1.7' john@own.example from 'a@@b'
shows '^reply  *501 5.5.4' john@own.example helo 'a b'
shows '^reply  *501 5.1.3' '<john@own.example'
shows '^reply  *501 5.5.4' '<john@own.example> NOTIFY=X'

# rules that write have not: however often it is asked, it is the first time
for _ in 1 2 3; do
	shows "^look-up  *counter_incr\\('', 'asked', 1\\), value 1$" \
	    nobody@own.example
done
say <<END || fail "on the wire"
S: 220
C: EHLO c.example
S* 250
C: MAIL FROM:<>
S: 250
C: RCPT TO:<nobody@own.example>
S: 550
S: 421
END
shows "value 2$" nobody@own.example
shows '^reply  *250 2.1.5' nobody@own.example
# what was said then, and would be said now
id=$(sed -n 's/.*event=rcpt .*rcpt=<nobody@own.example> .* id=//p' "$LOG")
ctl why "$id" >"$TMP/out" 2>&1 || fail "why $id: $(cat "$TMP/out")"
grep -q '^then  *unknown, at directory, reply 550 5.1.1 .*, wait 200 ms' \
    "$TMP/out" || fail "why: $(cat "$TMP/out")"
grep -q '^client  *127.*, helo c.example, listener in, .*nobody@own.example' \
    "$TMP/out" || fail "why: $(cat "$TMP/out")"
grep -q '^reply  *250 2.1.5' "$TMP/out" || fail "why: $(cat "$TMP/out")"
ctl why 0123456789abcdef >"$TMP/out" 2>&1
[ $? = 66 ] || fail "why of nothing: $(cat "$TMP/out")"
ctl why all >"$TMP/out" 2>&1
[ $? = 64 ] || fail "why of all: $(cat "$TMP/out")"
! grep -q 'event=fault' "$LOG" || fail "the log tells of an explanation"

ctl -j explain rcpt gone@own.example >"$TMP/out" || fail "-j"
text='"550 5.2.1 Moved.\\u000d\\n421 4.7.0 Too many errors, '
text="$text"'closing connection\\u000d\\n"'
tail -n 1 "$TMP/out" | sed "s/$text/@/" >"$TMP/last"
expect_file "$TMP/last" <<'END'
{"step":"reply","what":"RCPT","code":550,"wait":200,"text":@}
END

refuses 65 'no such login' john@own.example auth john
refuses 65 'no such listener, expected one of in' john@own.example listener out
refuses 64 'client: expected an IP address' john@own.example client x
refuses 64 'a value is missing' john@own.example from
refuses 64 'expected from, client' john@own.example form a@b.test
refuses 64 'usage: smtpctl explain rcpt'
ok
