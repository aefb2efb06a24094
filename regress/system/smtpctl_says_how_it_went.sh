#!/bin/sh
# The commands of smtpctl(8) on a running server, and their exit status.
. "$(dirname "$0")/../lib.sh"
need python3

status() {	# expected exit status, smtpctl's arguments
	status_want=$1
	shift
	ctl "$@" >"$TMP/out" 2>"$TMP/err"
	status_is=$?
	[ "$status_is" = "$status_want" ] ||
	    fail "$*: exit $status_is, not $status_want: $(cat "$TMP/err")"
	[ "$status_want" = 0 ] || [ -s "$TMP/err" ] ||
	    fail "$*: no reason is given"
}

says() {	# a pattern in the output
	grep -Eq "$1" "$TMP/out" "$TMP/err" ||
	    fail "no '$1' in: $(cat "$TMP/out" "$TMP/err")"
}

status 69 show status
says 'is smtpd running\?'
status 69 directory import "$TMP/x"
says '[-]o'
ok "without a server: 69, and what to do"

mkconf <<END
queue { retry 1h }
END
directory <<END
domain	example.org
account	bob	addresses=bob@example.org
END
start
wait_until 'ctl -q show status >"$TMP/out" && ! grep -qv " ready " "$TMP/out"'

status 0 show status
says '^process +instance +pid +state +uptime +restarts$'
for proc in lookup queue deliver relay keys control policy front; do
	says "^$proc +0 +[0-9]+ +ready +[0-9]+ +0\$"
done
status 0 status
status 0 -q show status
! grep -q process "$TMP/out" || fail "-q has a heading"
for what in status stats sessions queue; do
	status 0 -j show $what
	python3 -c 'import json, sys
for line in sys.stdin: json.loads(line)' <"$TMP/out" || fail "-j show $what"
done
status 0 -j directory export
python3 -c 'import json, sys
assert [json.loads(line)["record"].split()[0] for line in sys.stdin] == \
    ["domain", "account"]' <"$TMP/out" || fail "-j directory export"
status 0 show stats
says '^queue\.messages 0$'
for proc in lookup queue deliver relay keys policy front; do
	says "^$proc\\.[a-z_]+ [0-9]+\$"
done
ok "what is shown has its columns, and is JSON with -j"

# a file where the mailbox's folder should be: the message has to wait
$AS touch "$MAIL/example.org"
say <<END
S: 220
C: EHLO client.example
S* 250
C: MAIL FROM:<a@example.net>
S: 250
C: RCPT TO:<bob@example.org>
S: 250
C: DATA
S: 354
C: Subject: wait
C:
C: .
S: 250
C: QUIT
S: 221
END
wait_until 'ctl -q show queue | grep -q "bob@example.org.* 1 "'
status 0 -q show queue
id=$(cut -d ' ' -f 1 "$TMP/out")
status 0 show queue "$id"
says "^$id +a@example.net +bob@example.org "
status 0 queue list
says "$id"
status 0 queue hold "$id"
says '^changed 1$'
status 0 show queue "$id"
says ' held '
status 65 queue hold 0123456789abcdef
status 0 queue release "$id"
status 0 show queue "$id"
! grep -q ' held ' "$TMP/out" || fail "released and still held"
rm -f "$MAIL/example.org"
status 0 queue retry all
says '^changed 1$'
wait_until '[ "$(mails)" = 1 ]'
wait_until '[ -z "$(ctl -q show queue)" ]'
status 65 show queue "$id"
status 64 show queue xyz
status 64 queue remove
ok "the queue does what it is told"

$AS touch "$MAIL/other"
status 0 directory add "domain example.com"
status 0 directory add "account eve addresses=eve@example.com"
$AS touch "$MAIL/example.com"
for n in 1 2 3; do
	say <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<$n@example.net>
	S: 250
	C: RCPT TO:<eve@example.com>
	S: 250
	C: DATA
	S: 354
	C: .
	S: 250
	C: QUIT
	S: 221
	END
done
wait_until '[ "$(ctl -q show queue | wc -l)" = 3 ]'
status 0 queue remove all
says '^changed 3$'
status 0 -q show queue
[ ! -s "$TMP/out" ] || fail "removed and still there: $(cat "$TMP/out")"
[ "$(mails)" = 1 ] || fail "$(mails) mails"
ok "what is removed is gone, and nobody gets it"

status 66 directory get nobody@example.org
status 65 directory add "account"
status 65 directory add "list x@example.org members=nobody"
status 66 directory get -n nothing bob
status 66 directory delete nobody@example.org
status 64 directory delete
status 64 directory add alias x@example.org bob@example.org
status 64 frob
status 64 -z status
status 64 directory import -t frob x
ok "directory commands that cannot be: 64, 65, 66, and why"

cp "$CONF" "$TMP/good.conf"
echo "frob yes" >>"$CONF"
echo "prefork 99" >>"$CONF"
status 78 reload
says 'smtpd.conf:[0-9]+:1: unknown word .frob.'
says 'smtpd.conf:[0-9]+:9: unexpected .99.'
cp "$TMP/good.conf" "$CONF"
status 0 reload
ok "reload of a wrong configuration: 78, and every error"

for what in stats status; do
	ctl -j show $what >"$TMP/out" || fail "show $what: $?"
	python3 -c '
import json, sys
def once(pairs):
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), names
    return dict(pairs)
rows = [json.loads(row, object_pairs_hook=once) for row in sys.stdin]
assert len(rows) > 4 and all("process" in row for row in rows), rows
' <"$TMP/out" 2>"$TMP/err" || fail "-j show $what: $(tail -n 1 "$TMP/err")"
done
ok "each name is once in a row of JSON"

ctl show status >/dev/full 2>"$TMP/err"
[ $? = 74 ] || fail "a full disk: $(cat "$TMP/err")"
ok "output that cannot be written: 74"

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$TMP/bin"
	as() {	# uid, gid, arguments
		setpriv --reuid "$1" --regid "$2" --clear-groups -- \
		    "$SMTPCTL" -s "$SOCK" $3 >"$TMP/out" 2>"$TMP/err"
	}
	as 12345 12345 "show status"
	[ $? = 77 ] || fail "a stranger may look"
	as 12345 65534 "show status" || fail "the group may not look"
	for change in reload stop "log verbose" "queue retry all" \
	    "directory export" "directory delete bob@example.org"; do
		as 12345 65534 "$change"
		[ $? = 77 ] || fail "$change by the group"
	done
	as 65534 65534 "directory get bob" || fail "the owner may not look"
	ok "the group may look, root and the owner may change"
fi

status 0 stop
wait_until '! alive "$PID"' 20
wait "$PID" || fail "the server ended with $?"
PID=
status 69 show status
ok "stop ends the server"
