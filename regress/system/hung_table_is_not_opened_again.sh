#!/bin/sh
# A damaged page can make Berkeley DB read for ever.  The parent kills the
# lookup process that hangs, the next one leaves that table alone: its
# recipients hear "later", and at once, until it has been built anew.
. "$(dirname "$0")/../lib.sh"

mkconf </dev/null
{
	echo 'domain example.org'
	awk 'BEGIN { for (i = 0; i < 3000; i++)
	    printf "account b%d addresses=b%d@example.org\n", i, i }'
} >"$TMP/good.txt"
directory <"$TMP/good.txt"
start

# what b0 ... b2999 hear, in one session that gives up at the first wrong one
rcpts() {	# code
	{
		printf 'S: 220\nC: EHLO x.test\nS* 250\n'
		for i in 1 500 1000 1500 2000 2500; do
			printf 'C: MAIL FROM:<a@b.test>\nS: 250\n'
			printf 'C: RCPT TO:<b%d@example.org>\nS: %s\n' $i "$1"
			printf 'C: RSET\nS: 250\n'
		done
		printf 'C: QUIT\nS: 221\n'
	} | say >"$TMP/say.out" 2>&1
}
rcpts 250 || fail "the good table: $(tail -n 3 "$TMP/say.out")"

# zeros in the place of the pages of addresses, in a file that is renamed in
cp "$DB" "$TMP/bad.db"
dd if=/dev/zero of="$TMP/bad.db" bs=8192 seek=2 count=10 conv=notrunc \
    2>/dev/null
[ -z "$AS" ] || chown 65534:65534 "$TMP/bad.db"
mv "$TMP/bad.db" "$DB"
ctl reload >/dev/null 2>&1 || fail "reload"
background rcpts 451
wait_until 'grep -Eq "lookup 0 does not|table damaged" "$LOG"' 60
grep -q 'does not' "$LOG" || {
	ok "this damage was seen, nothing hung"
	exit 0
}
wait_until 'grep -q "did not end" "$LOG"' 60
before=$(date +%s)
rcpts 451 || fail "the hung table: $(tail -n 3 "$TMP/say.out")"
[ $(($(date +%s) - before)) -lt 10 ] || fail "it was opened again"

# once more with another death: it is remembered
old=$(procs lookup)
kill -KILL "$old"
wait_until '[ -n "$(procs lookup)" ] && [ "$(procs lookup)" != "$old" ]'
before=$(date +%s)
rcpts 451 || fail "after another death: $(tail -n 3 "$TMP/say.out")"
[ $(($(date +%s) - before)) -lt 10 ] || fail "it was opened again later"
[ "$(grep -c 'lookup 0 does not' "$LOG")" = 1 ] || fail "it hung again"

$AS "$SMTPCTL" -s "$SOCK" directory import "$TMP/good.txt" >/dev/null ||
    fail "import"
rcpts 250 || fail "the new table: $(tail -n 3 "$TMP/say.out")"
ok
stop
