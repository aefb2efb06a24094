#!/bin/sh
# Each process in turn is killed under load, at a moment that the load does
# not know: nothing that was answered 250 is lost, nothing is there more than
# once too often, and service resumes by itself.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf </dev/null
users=10
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory
start

# Kill it a few times while messages go in, then see that all is well.
kill_under_load() {	# name
	book=$TMP/book.$1
	: >"$book"
	background python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" \
	    16 600 example.org "$book" $users 2>"$TMP/load.err"
	load=$BACKGROUND
	for round in 100 250 400; do
		wait_until "[ \"\$(grep -c ok '$book' 2>/dev/null)\" \
		    -ge $round ] || ! alive $load" 60
		old=$(procs "$1" | head -n 1)
		kill -KILL "$old" || fail "$1: no process to kill"
		wait_until "[ -n \"\$(procs $1)\" ] &&
		    [ \"\$(procs $1 | head -n 1)\" != $old ]" 30
	done
	wait_until "! alive $load" 120
	wait "$load" || fail "$1: service did not resume: \
$(tail -n 5 "$TMP/load.err")"
	wait_until '[ -z "$(ctl -j show queue 2>/dev/null)" ] &&
	    ctl -j show queue >/dev/null 2>&1' 60
	python3 "$TOP/regress/py/load.py" check "$book" "$MAIL" \
	    >"$TMP/found" 2>&1 || fail "$1: $(cat "$TMP/found")"
	rm -rf "${MAIL:?}"/*
	ok "$1: $(head -n 1 "$TMP/found")"
}

for name in queue deliver lookup policy front control relay keys; do
	kill_under_load "$name"
done
stop
