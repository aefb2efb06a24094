#!/bin/sh
# smtpctl check: what a configuration or a directory would change for those
# who send mail, line for line; errors with their places; nothing is touched,
# and nothing is left behind, whoever is killed.
. "$(dirname "$0")/../lib.sh"
need python3
TMPDIR=$TMP/scratch
export TMPDIR
mkdir "$TMPDIR" "$TMP/sieve"
[ -z "$AS" ] || chown 65534:65534 "$TMPDIR"
echo 'if envelope :is "to" "x@y" { keep; }' >"$TMP/sieve/broken"
echo 'keep;' >"$TMP/sieve/fine"
rules() {	# of the block rcpt, to standard output
	printf 'rcpt {\n\tdirectory "accounts"\n'
	printf '\terrors { total 100; wait 0 }\n'
	cat
	echo '}'
}
mkconf <<END
throttle { match true; key '*'; rate 1/1d }
$(rules <<'RULES'
	catch-all true
RULES
)
END
directory <<'END'
domain own.example
domain other.example
account john addresses=john@own.example,@other.example
account jane addresses=jane@own.example uses=1
alias team@own.example john@own.example,jane@own.example,away@far.example
alias gone@own.example state=reject text="Moved."
list staff@own.example members=john,jane,x@far.example
END
start
check() {	# options and arguments: $TMP/out, $TMP/err, $CODE
	$AS "$SMTPCTL" -s "$SOCK" check "$@" >"$TMP/out" 2>"$TMP/err"
	CODE=$?
	# who is nobody has another name each time
	sed -e 's/check-[0-9a-f]\{8\}/NOBODY/g' \
	    -e 's/250 2.1.5 Recipient ok, to/OK/g' \
	    -e 's/550 5.1.1 No such mailbox/NONE/g' \
	    -e 's/550 5.7.1 Relaying not allowed/NO/g' "$TMP/out" >"$TMP/lines"
}
good() {
	check "$@"
	[ "$CODE" = 0 ] || fail "check $*: $CODE, $(cat "$TMP/err")"
}
wrong() {	# exit code, what it says, options
	wrong_code=$1
	wrong_text=$2
	shift 2
	check "$@"
	[ "$CODE" = "$wrong_code" ] ||
	    fail "check $*: $CODE, $(cat "$TMP/out" "$TMP/err")"
	grep -q -- "$wrong_text" "$TMP/err" ||
	    fail "check $*: no '$wrong_text' in $(cat "$TMP/err")"
}
# All octets of the server's files, but for the memory that the processes of
# a database share
files() {
	find "$TMP/spool" "$TMP/state" "$MAIL" "$DB" "$CONF" -type f \
	    ! -name '__db.*' -exec cksum {} + | sort -k 3
	find "$TMP/spool" "$TMP/state" "$MAIL" | sort
}
# A command that leaves them as they are.  What the server had to write down
# before may come to its files in between, once.
untouched() {
	files >"$TMP/before"
	"$@"
	files | diff "$TMP/before" - >"$TMP/diff" && return
	files >"$TMP/before"
	"$@"
	files | diff "$TMP/before" - >"$TMP/diff" || fail "$(cat "$TMP/diff")"
}
nothing_left() {
	wait_until '[ -z "$(ls "$TMPDIR")" ]' 30
	# of the trial, by its folder; not this grep
	grep -l "$TMPDIR/smtpd-chec[k]" /proc/[0-9]*/cmdline >"$TMP/left" \
	    2>/dev/null
	[ ! -s "$TMP/left" ] || fail "processes are left: $(cat "$TMP/left")"
}

# jane has had all that she may have, and the throttle is full: neither is
# a difference
say <<'END' || fail "on the wire"
S: 220
C: EHLO c.example
S* 250
C: MAIL FROM:<>
S: 250
C: RCPT TO:<jane@own.example>
S: 250
C: DATA
S: 354
C: .
S: 250
C: QUIT
S: 221
END
ctl directory add 'account zed addresses=zed@own.example' || fail "add"
wait_until '[ "$(mails)" = 1 ]' 30
untouched good -e
expect_file "$TMP/out" <<'END'
same 15, changed 0, new 0, lost 0, lists 0
END
[ ! -s "$TMP/err" ] || fail "says: $(cat "$TMP/err")"
nothing_left

# another directory, with the live changes and without
sed -e 's/,away@far.example//' -e 's/members=john,jane/members=jane/' \
    -e '/^alias gone@/d' "$TMP/directory.txt" >"$TMP/new.txt"
echo 'account new addresses=new@own.example' >>"$TMP/new.txt"
sed -e 's/john@own.example,@/john@own.example,j@own.example,@/' \
    -e '/^account jane/d' -e '/^alias team/d' -e 's/jane,//' \
    "$TMP/directory.txt" >"$TMP/less.txt"
untouched good directory "$TMP/new.txt"
expect_file "$TMP/lines" <<'END'
gone+check@own.example: 550 5.2.1 Moved. -> NONE
gone@own.example: 550 5.2.1 Moved. -> NONE
new+check@own.example: NONE -> OK new
new@own.example: NONE -> OK new
list staff@own.example: 3 members -> 2 members
team+check@own.example: OK away@far.example, jane, john -> OK jane, john
team@own.example: OK away@far.example, jane, john -> OK jane, john
same 11, changed 4, new 2, lost 0, lists 1
END
check -e -r directory "$TMP/less.txt"
[ "$CODE" = 1 ] || fail "differences and -e: $CODE"
grep -v team "$TMP/lines" >"$TMP/some"
expect_file "$TMP/some" <<'END'
j+check@own.example: NONE -> OK john
j@own.example: NONE -> OK john
jane+check@own.example: OK jane -> NONE
jane@own.example: OK jane -> NONE
list staff@own.example: 3 members -> 2 members
zed+check@own.example: OK zed -> NONE
zed@own.example: OK zed -> NONE
same 9, changed 0, new 2, lost 6, lists 1
END
printf 'domain a.example\naccount x addresses=x\n' >"$TMP/bad.txt"
wrong 65 "^$TMP/bad.txt:2:21: " directory "$TMP/bad.txt"

# other rules
{
	grep -v '^rcpt\|catch-all\|errors\|directory "\|^}' "$CONF"
	rules <<'END'
	catch-all false
	rewrite if rcpt = 'zed@own.example' then 'john@own.example'
	relay ends_with(rcpt, 'check.invalid')
END
} >"$TMP/other.conf"
untouched good -f "$TMP/other.conf"
expect_file "$TMP/lines" <<'END'
NOBODY@check.invalid: NO -> OK NOBODY@check.invalid (onward)
NOBODY@other.example: OK john -> NONE
zed@own.example: OK zed -> OK john
same 12, changed 1, new 1, lost 1, lists 0
END
printf '# more\nEve@Other.Example\n\n<zed@own.example> NOTIFY=X\n' |
    $AS "$SMTPCTL" -j -s "$SOCK" check -f "$TMP/other.conf" -a - \
    >"$TMP/out" || fail "check -j -a"
sed -n 's/^{"address":"Eve@Other.Example",//p' "$TMP/out" | tr , '\n' \
    >"$TMP/some"
expect_file "$TMP/some" <<'END'
"old":"250 2.1.5 Recipient ok"
"old-targets":"john"
"new":"550 5.1.1 No such mailbox"
"new-targets":""}
END
tail -n 1 "$TMP/out" >"$TMP/some"
expect_file "$TMP/some" <<'END'
{"same":13,"changed":1,"new":1,"lost":2,"lists":0}
END

# what a reload would refuse, in its words
sed -e 's/^hostname .*/hostname mx.other.example/' "$CONF" >"$TMP/host.conf"
good -f "$TMP/host.conf"
cp "$CONF" "$TMP/good.conf"
cp "$TMP/host.conf" "$CONF"
ctl reload >"$TMP/out" 2>&1
cp "$TMP/good.conf" "$CONF"
sed -n "s|^$CONF: ||p" "$TMP/out" >"$TMP/said"
sed -n "s|^warning: $TMP/host.conf: ||p" "$TMP/err" | expect_file "$TMP/said"
grep -q "^'hostname' changed" "$TMP/said" || fail "$(cat "$TMP/said")"

# errors, with their places
{ cat "$CONF"; echo 'nonsense yes'; } >"$TMP/bad.conf"
wrong 65 "^$TMP/bad.conf:[0-9]*:1: " -f "$TMP/bad.conf"
wrong 65 "$TMP/none.conf" -f "$TMP/none.conf"
{ cat "$CONF"; echo "sieve 's' file '$TMP/sieve/broken'"; } >"$TMP/bad.conf"
wrong 65 "^$TMP/sieve/broken:1:" -f "$TMP/bad.conf"
sed -e "s|^directory accounts db.*|directory accounts db '$TMP/none.db'|" \
    -e "s|^spool.*|spool '$TMP/none/spool'|" "$CONF" >"$TMP/bad.conf"
wrong 65 "^directory accounts: .*$TMP/none.db" -f "$TMP/bad.conf"
grep -q "^spool $TMP/none/spool: " "$TMP/err" || fail "$(cat "$TMP/err")"
taken=$("$BIN/port" "$HOST") || exit 1
background python3 -c "import socket, sys
s = socket.create_server(('$HOST', $taken))
open('$TMP/listens', 'w').close()
s.accept()"
wait_until '[ -e "$TMP/listens" ]' 30
{ cat "$CONF"; echo "listen on $HOST port $taken name more"; } >"$TMP/bad.conf"
wrong 65 "^listen on $HOST port $taken: in use" -f "$TMP/bad.conf"
wrong 64 'usage: smtpctl check' directory
wrong 66 "$TMP/none" -a "$TMP/none"
nothing_left

# killed in the middle
killed() {
	for what in '' state socket; do
		$AS "$SMTPCTL" -s "$SOCK" check directory "$TMP/new.txt" \
		    >"$TMP/out" 2>&1 &
		killed=$!
		wait_until 'ls "$TMPDIR"/smtpd-check.*/$what' 30 >"$TMP/ls" 2>&1
		kill -KILL "$killed"
		wait "$killed" 2>/dev/null
		nothing_left
	done
}
untouched killed

# without a server, the rest of it
stop
good -f "$CONF"
grep -q 'nothing to compare with' "$TMP/err" || fail "$(cat "$TMP/err")"
[ ! -s "$TMP/out" ] || fail "says: $(cat "$TMP/out")"
wrong 65 "^$TMP/bad.txt:2:21: " -f "$CONF" directory "$TMP/bad.txt"
nothing_left
ok
