#!/bin/sh
# The harvest memory: a network gets no more errors than its budget, however
# many sessions and processes it spreads them over; then known and unknown
# recipients are the same, nobody of it comes in, and nothing that is killed
# forgives it; other networks notice nothing.
. "$(dirname "$0")/../lib.sh"
need python3

mkconf <<EOF
prefork 2
harvest { budget 20/10h; ban 10m; exempt ['127.7.7.7', '127.8.0.0/16'] }
session { max-sessions-per-client 1000 }
EOF
directory <<EOF
domain example.org
account jane addresses=jane@example.org
EOF
start

harvest() {	# how, source, arguments
	python3 "$TOP/regress/py/harvest.py" "$HOST" "$PORT" "$@"
}
rcpts() {	# source, expected, names
	rcpts_from=$1
	rcpts_want=$2
	shift 2
	harvest rcpts "$rcpts_from" "$@" >"$TMP/replies" 2>&1 ||
	    fail "$(cat "$TMP/replies")"
	[ "$(cat "$TMP/replies")" = "$rcpts_want" ] ||
	    fail "$rcpts_from: $(cat "$TMP/replies"), expected $rcpts_want"
}
refused() {
	[ "$(harvest rcpts "$1" jane)" = '421 4.7.0' ]
}
figure() {
	ctl show stats 2>/dev/null | sed -n "s/^$1 //p"
}

rcpts 127.1.1.1 '250 2.1.5,550 5.1.1,250 2.1.5' jane typo jane
ok "one typo costs nothing"

harvest parallel 127.2.2.1 >"$TMP/out" 2>&1 || fail "$(cat "$TMP/out")"
ok "a hundred sessions share one budget: $(cat "$TMP/out")"

rcpts 127.2.2.250 '421 4.7.0' jane
rcpts 127.2.3.1 '250 2.1.5,550 5.1.1' jane typo
[ "$(grep -c 'event=ban network=127.2.2.0/24' "$LOG")" = 1 ] ||
    fail "$(grep event=ban "$LOG")"
ok "the network is refused, in one line, and its neighbour is not"

harvest inside 127.3.3.3 "$SMTPCTL" -s "$SOCK" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"
grep 'event=rcpt.*450 4\.7\.1' "$LOG" >"$TMP/out" &&
    fail "a line of each attempt: $(cat "$TMP/out")"
rcpts 127.3.3.4 '250 2.1.5' jane
ok "known and unknown are alike, until smtpctl pardons"

names=$(for n in $(seq 30); do echo "t$n"; done)
want=$(echo "$names" | sed 's/.*/550 5.1.1/' | tr '\n' , | sed 's/,$//')
# shellcheck disable=SC2086
rcpts 127.7.7.7 "$want" $names
# shellcheck disable=SC2086
rcpts 127.8.9.9 "$want" $names
ok "exempt networks draw nothing"

ctl show harvest >"$TMP/out" || fail "show harvest"
grep -Eq '^127\.2\.2\.0/24 +banned +20 +20 +[0-9]+ +[0-9]+$' "$TMP/out" ||
    fail "$(cat "$TMP/out")"
ctl -j show harvest >"$TMP/out" || fail "show harvest"
grep -q '"network":"127.1.1.0/24","state":"free","taken":1,' "$TMP/out" ||
    fail "$(cat "$TMP/out")"
grep -q '127\.[78]' "$TMP/out" && fail "$(cat "$TMP/out")"
ctl pardon 127.250.1.1 >"$TMP/out" 2>&1
[ $? = 65 ] || fail "pardon of nobody: $(cat "$TMP/out")"
ctl pardon 127.2.2.0/16 >"$TMP/out" 2>&1
[ $? = 64 ] || fail "pardon of no network: $(cat "$TMP/out")"
[ "$(figure lookup.harvest_bans)" = 2 ] || fail "$(ctl show stats)"
ok "show harvest"

for who in lookup policy front; do
	for pid in $(procs $who); do
		kill -KILL "$pid"
		wait_until '! alive "$pid"' 30
	done
	wait_until '[ "$(figure policy.banned_networks)" = 1 ] &&
	    [ "$(figure policy1.banned_networks)" = 1 ]' 60
done
wait_until 'refused 127.2.2.9' 60
restart
wait_until 'refused 127.2.2.9' 60
rcpts 127.1.1.1 '250 2.1.5' jane
ok "no kill and no restart forgives it"
stop
