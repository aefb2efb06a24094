#!/bin/sh
# Accounts are added and deleted while lookup is killed again and again: each
# change that smtpctl said was done is there, at once and ever after; the
# server goes on, and after a restart nothing is different.
. "$(dirname "$0")/../lib.sh"

mkconf <<-END
rcpt { directory 'accounts'; errors { total 1000000; wait 0 } }
END
directory <<-END
domain example.org
account old addresses=old@example.org
END
start

live() {
	$AS "$SMTPCTL" -s "$SOCK" directory "$@" >"$TMP/live.out" 2>&1
}
# all that is in done, and gone, is answered like that
check() {
	{
		printf 'S: 220\nC: EHLO x.test\nS* 250\n'
		printf 'C: MAIL FROM:<a@b.test>\nS: 250\n'
		sort -u "$TMP/done" | while read -r name want; do
			printf 'C: RCPT TO:<%s@example.org>\nS: %s\n' \
			    "$name" "$want"
			[ "$want" = 550 ] ||
			    printf 'C: RSET\nS: 250\n%s\nS: 250\n' \
				'C: MAIL FROM:<a@b.test>'
		done
		printf 'C: QUIT\nS: 221\n'
	} | say >"$TMP/say.out" 2>&1 || fail "$1: $(tail -n 3 "$TMP/say.out")"
}

: >"$TMP/done"
n=0
while [ $((n += 1)) -le 120 ]; do
	if [ $((n % 15)) -eq 0 ]; then
		# at any moment of what comes next
		lookup=$(procs lookup | head -n 1)
		[ -z "$lookup" ] || kill -KILL "$lookup" 2>/dev/null &
	fi
	if live add "account u$n addresses=u$n@example.org"; then
		echo "u$n 250" >>"$TMP/done"
	elif ! grep -q 'in time\|again' "$TMP/live.out"; then
		fail "add u$n: $(cat "$TMP/live.out")"
	else
		# a lookup that is killed often is started later and later
		wait_until 'live get example.org' 60
	fi
	[ $((n % 10)) -eq 0 ] && grep -q "^u$((n - 5)) " "$TMP/done" ||
	    continue
	if live delete account u$((n - 5)); then
		sed "s/^u$((n - 5)) 250/u$((n - 5)) 550/" <"$TMP/done" \
		    >"$TMP/done.new" && mv "$TMP/done.new" "$TMP/done"
	else
		# it may have been done, and nobody was told
		sed "/^u$((n - 5)) /d" <"$TMP/done" >"$TMP/done.new" &&
		    mv "$TMP/done.new" "$TMP/done"
	fi
done
wait_until '[ -n "$(procs lookup)" ]'
wait_until 'live get example.org' 60
check "after the kills"
[ "$(grep -c 250 "$TMP/done")" -ge 60 ] || fail "few were added"
[ "$(grep -c 550 "$TMP/done")" -ge 3 ] || fail "few were deleted"
restart
check "after a restart"
ok "$(grep -c . "$TMP/done") changes"
stop
