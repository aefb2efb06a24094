#!/bin/sh
# What rules cost: the CPU of a pipelined RCPT, all processes together, with
# constants, with the rules that smtpd.conf(5) shows, and with each kind of
# store and a throttle, as a ratio, since machines differ and this one may be
# busy.  From the top of the tree, after
# `make tests`.  usage: rules.sh [addresses [seconds]]

addresses=${1:-100000}
seconds=${2:-5}
TOP=$(cd "$(dirname "$0")/../.." && pwd)
TEST=bench/rules
. "$TOP/regress/lib.sh"
need awk
hz=$(getconf CLK_TCK)

# CPU ticks of all processes of the server
ticks() {
	for p in "$PID" $(cat "/proc/$PID/task/$PID/children"); do
		sed 's/.*) //' "/proc/$p/stat"
	done 2>/dev/null | awk '{ t += $12 + $13 } END { print t + 0 }'
}

# Microseconds of CPU for each RCPT with the configuration of standard input.
cost() {	# name
	mkconf
	start
	# the table into the cache
	"$BIN/load" rcpt "$HOST" "$PORT" 10 100 1 bench.example \
	    "$addresses" >/dev/null || fail "load"
	t0=$(ticks)
	"$BIN/load" rcpt "$HOST" "$PORT" 10 100 "$seconds" bench.example \
	    "$addresses" >"$TMP/$1" || fail "load"
	t1=$(ticks)
	stop
	awk '$4 > $2 / 100 { exit 1 }' "$TMP/$1" ||
	    fail "many were refused: $(cat "$TMP/$1")"
	awk -v t=$((t1 - t0)) -v hz="$hz" \
	    '{ printf "%.3f\n", t / hz / $2 * 1e6 }' "$TMP/$1" >"$TMP/$1.us"
}

awk -v n="$addresses" 'BEGIN {
	print "domain bench.example"
	for (i = 0; i < n; i++)
		printf "account a%d addresses=u%d@bench.example\n", i, i
}' | directory

cost constants <<EOF
rcpt { directory 'accounts'; max-recipients 1000 }
EOF
# the same without what must be looked up, then with it
cost four <<EOF
rcpt {
    directory       'accounts'
    relay           if !is_empty(authenticated_as) then true
                    else false
    sub-addressing  if matches('^([^.]+)\\.([^.]+)@(.+)\$', rcpt)
                        then \$2 + '@' + \$3
                    else false
    catch-all       if matches('(.+)@(.+)\$', rcpt) then 'info@' + \$2
                    else false
    rewrite         if matches('^([^.]+)\\.([^.]+)@(.+)\$', rcpt)
                        then \$1 + '+' + \$2 + '@' + \$3
                    else false
    max-recipients  1000
}
EOF
cost five <<EOF
rcpt {
    directory       'accounts'
    relay           if !is_empty(authenticated_as) then true
                    else false
    sub-addressing  if matches('^([^.]+)\\.([^.]+)@(.+)\$', rcpt)
                        then \$2 + '@' + \$3
                    else false
    catch-all       if matches('(.+)@(.+)\$', rcpt) then 'info@' + \$2
                    else false
    rewrite         if is_local_domain('', rcpt_domain) &
                        matches('^([^.]+)\\.([^.]+)@(.+)\$', rcpt)
                        then \$1 + '+' + \$2 + '@' + \$3
                    else false
    max-recipients  1000
}
EOF
# a rule with one question each, for a key of each recipient
store() {	# name, expression
	cost "$1" <<-EOF
	store default db
	rcpt {
	    directory 'accounts'
	    rewrite if $2 then 'nobody@bench.example'
	    max-recipients 1000
	}
	EOF
}
store key "key_get('', rcpt) = 'x'"
store set "!key_set('', rcpt, sender, 1h)"
store counter "counter_incr('', rcpt, 1) < 0"
cost throttle <<EOF
rcpt { directory 'accounts'; max-recipients 1000 }
throttle { key [remote_ip, rcpt]; rate 1000000/1s }
EOF
paste "$TMP/constants.us" "$TMP/four.us" "$TMP/five.us" | awk '{
	printf "rcpt with constants      %8.2f us of CPU each\n", $1
	printf "rcpt with four rules     %8.2f us, %.2f times as much\n",
	    $2, $2 / $1
	printf "and one with a look-up   %8.2f us, %.2f times as much\n",
	    $3, $3 / $1 }'
for name in key set counter throttle; do
	paste "$TMP/constants.us" "$TMP/$name.us" | awk -v name="$name" '{
		printf "rcpt with one %-9s  %8.2f us, %.2f us more\n", name,
		    $2, $2 - $1 }'
done
