#!/bin/sh
# While a client goes on giving recipients, the directory is imported anew
# many times, changed live, and lookup's tables are reloaded: nobody is
# refused or accepted wrongly, and nobody hears "later".
. "$(dirname "$0")/../lib.sh"
need python3

mkconf <<-END
rcpt { directory 'accounts'; errors { total 1000000; wait 0 } }
END

live() {
	$AS "$SMTPCTL" -s "$SOCK" directory "$@" >"$TMP/live.out" 2>&1
}

directory <<-END
domain example.org
domain example.net alias-of=example.org
domain catch.example
account same addresses=same@example.org,@catch.example
account g0 addresses=g0@example.org
alias to@example.org g0@example.org
END
start
live add 'account early addresses=early@example.org' ||
    fail "add: $(cat "$TMP/live.out")"
background python3 "$TOP/regress/py/judge.py" "$HOST" "$PORT" \
    "$TMP/stop" same@example.org=Y same+tag@example.net=Y \
    who@catch.example=Y early@example.org=Y to@example.org=Y \
    never@example.org=N g0@example.org=YN g7@example.org=NYN \
    g20@example.org=NY live@example.org=NYN late@example.org=NY \
    >"$TMP/judge.out" 2>&1
judge=$BACKGROUND
wait_until 'grep -q begun "$TMP/judge.out" || ! alive "$judge"'

n=0
while [ $((n += 1)) -le 20 ]; do
	# as an administrator does who keeps the live changes: what is there
	# now, changed.  What was live is in the table then.
	live export || fail "export: $(cat "$TMP/live.out")"
	sed "s/g$((n - 1))\([ @]\)/g$n\1/g; s/g$((n - 1))\$/g$n/" \
	    <"$TMP/live.out" >"$TMP/next.txt"
	live import "$TMP/next.txt" ||
	    fail "import $n: $(cat "$TMP/live.out")"
	case $n in
	4)	live add 'account live addresses=live@example.org' ;;
	9)	live delete account live ;;
	12)	live add 'account late addresses=late@example.org' ;;
	15)	ctl reload ;;
	*)	true ;;
	esac || fail "$n: $(cat "$TMP/live.out")"
done
touch "$TMP/stop"
wait "$judge" || fail "$(cat "$TMP/judge.out")"

# all changes are in the table by now
live export || fail "export: $(cat "$TMP/live.out")"
grep -q '^account early ' "$TMP/live.out" || fail "early is not there"
$AS "$SMTPCTL" directory export "$DB" >"$TMP/table.out" ||
    fail "export of the table"
diff "$TMP/live.out" "$TMP/table.out" >"$TMP/diff" ||
    fail "table and server differ: $(cat "$TMP/diff")"
ok "$(tail -n 1 "$TMP/judge.out")"
stop
