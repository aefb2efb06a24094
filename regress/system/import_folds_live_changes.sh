#!/bin/sh
# An import into a running server: live changes are folded in, none is lost
# that comes while it runs, errors change nothing, one import at a time.
. "$(dirname "$0")/../lib.sh"
need mkfifo

domain="domain	example.org"
alice="account	alice	addresses=alice@example.org"
bob="account	bob	addresses=bob@example.org"

is() {		# local part, code at RCPT
	say >"$TMP/say.out" 2>&1 <<-END ||
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@example.net>
	S: 250
	C: RCPT TO:<$1@example.org>
	S: $2
	C: QUIT
	S: 221
	END
	    fail "$1 is not $2: $(cat "$TMP/say.out")"
}

live() {	# how many live changes there are
	ctl show stats | sed -n 's/^lookup.changes //p'
}

status() {	# expected exit status, smtpctl's arguments
	status_want=$1
	shift
	ctl "$@" >"$TMP/out" 2>"$TMP/err"
	status_is=$?
	[ "$status_is" = "$status_want" ] ||
	    fail "$*: exit $status_is, not $status_want: $(cat "$TMP/err")"
}

mkconf
printf '%s\n' "$domain" "$alice" "$bob" | directory
start
is alice 250
is carol 550

status 0 directory add "account carol addresses=carol@example.org"
status 0 directory delete account bob
is carol 250
is bob 550
[ "$(live)" -gt 0 ] || fail "no live changes"
printf '%s\n' "$domain" "$alice" "$bob" \
    "account	dave	addresses=dave@example.org" >"$TMP/new.txt"
status 0 directory import "$TMP/new.txt"
expect_file "$TMP/out" <<END
domains 1, accounts 3, addresses 3, aliases 0, lists 0
END
is alice 250
is bob 550
is carol 250
is dave 250
[ "$(live)" = 0 ] || fail "$(live) live changes are left"
ok "live changes are folded in, and are live no longer"

status 0 directory export
cp "$TMP/out" "$TMP/live.txt"
status 0 directory diff "$TMP/live.txt" "$DB"
ok "the export of the server is what is in the table"

# The import waits for its text in the middle of its work.
mkfifo "$TMP/slow"
[ -z "$AS" ] || chown 65534:65534 "$TMP/slow"
background ctl directory import "$TMP/slow" >"$TMP/slow.out" 2>&1
exec 3>"$TMP/slow"
wait_until 'grep -q "FLOCK .*:$(stat -c %i "$TMP") " /proc/locks'
status 75 directory import "$TMP/new.txt"
grep -q 'another import is under way' "$TMP/err" ||
    fail "a second import: $(cat "$TMP/err")"
ok "one import at a time"

status 0 directory add "account erin addresses=erin@example.org"
status 0 directory delete account alice
cat "$TMP/new.txt" >&3
exec 3>&-
wait "$BACKGROUND" || fail "the slow import: $(cat "$TMP/slow.out")"
is erin 250
is alice 550
is dave 250
[ "$(live)" -gt 0 ] || fail "what came later is no live change"
status 0 directory import "$TMP/new.txt"
is erin 250
is alice 550
[ "$(live)" = 0 ] || fail "$(live) live changes are left"
ok "what is changed while an import runs is not lost"

status 0 directory add "account frank addresses=frank@example.org"
printf '%s\n' "$domain" "$bob" "frob" "account x addresses=x@" >"$TMP/bad.txt"
status 65 directory import "$TMP/bad.txt"
grep -q "bad.txt:3:1: " "$TMP/err" && grep -q "bad.txt:4:" "$TMP/err" ||
    fail "not all errors: $(cat "$TMP/err")"
status 66 directory import "$TMP/nothing.txt"
is frank 250
is dave 250
[ "$(live)" -gt 0 ] || fail "a live change is lost"
ok "a text with errors changes nothing, and all of them are shown"

status 0 directory import -r "$TMP/new.txt"
is frank 550
is bob 250
[ "$(live)" = 0 ] || fail "$(live) live changes are left"
ok "with -r live changes are dropped"

status 66 directory import -n nobody "$TMP/new.txt"
mv "$DB" "$TMP/kept"
echo "do not touch" >"$DB"
status 65 directory import "$TMP/new.txt"
[ "$(cat "$DB")" = "do not touch" ] || fail "a file was replaced"
mv "$TMP/kept" "$DB"
is bob 250
ok "a file that is no table is not replaced"

restart
is bob 250
is alice 250
is erin 550
ok "so it is after a restart"
