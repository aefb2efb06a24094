#!/bin/sh
# Figures, as ratios beside a peer in the same run.  From the top of the
# tree, after `make tests`.  usage: run.sh [addresses [seconds]]
#
#	import	smtpctl directory import beside sort(1) of the same text
#	rcpt	RCPT decisions beside a responder that only says 250
#	mail	durable messages beside one fsync'd file each
#	idle	memory of idle connections, all processes together

set -u
addresses=${1:-1000000}
seconds=${2:-5}
top=$PWD
. "$top/regress/lib.sh"

cc=${CC:-cc}
for p in load null; do
	$cc -std=c11 -D_GNU_SOURCE -O2 -o "$T/$p" "regress/bench/$p.c" ||
	    exit 1
done

# CPU ticks of the server's processes, and their memory in KiB
ticks() {
	for p in $SERVER_PIDS; do cat "/proc/$p/stat"; done 2>/dev/null |
	    sed 's/.*) //' | awk '{ t += $12 + $13 } END { print t }'
}
memory() {
	for p in $SERVER_PIDS; do
		awk '/^Pss:/ { print $2 }' "/proc/$p/smaps_rollup"
	done 2>/dev/null | awk '{ t += $1 } END { print t }'
}
hz=$(getconf CLK_TCK)
now() { date +%s.%N; }
calc() { awk "BEGIN { printf \"$1\n\", $2 }"; }

echo "== import: $addresses addresses"
awk -v n="$addresses" 'BEGIN {
	print "domain bench.example"
	for (i = 0; i < n; i++)
		printf "account a%d addresses=u%d@bench.example\n", i, i
}' >"$T/big.txt"
a=$(now)
LC_ALL=C sort "$T/big.txt" >/dev/null
b=$(now)
"$SMTPCTL" -q directory import -o "$T/directory.db" "$T/big.txt" || exit 1
c=$(now)
calc "import %.2f s, sort %.2f s, ratio %.2f" "$c-$b, $b-$a, ($c-$b)/($b-$a)"
chmod 644 "$T/directory.db"

bench_start "$addresses"

rcpt() {	# connections, depth
	t0=$(ticks)
	"$T/load" rcpt "$ADDR" "$PORT" "$1" "$2" "$seconds" bench.example \
	    "$addresses" >"$T/out" || exit 1
	t1=$(ticks)
	mkfifo "$T/in"
	"$T/null" "$ADDR" "$NULLPORT" <"$T/in" &
	nullpid=$!
	exec 9>"$T/in"
	wait_until "\"$T/load\" idle $ADDR $NULLPORT 1 </dev/null" 5
	"$T/load" rcpt "$ADDR" "$NULLPORT" "$1" "$2" "$seconds" \
	    bench.example "$addresses" >"$T/null.out"
	n0=$(sed 's/.*) //' "/proc/$nullpid/stat" | awk '{ print $12 + $13 }')
	exec 9>&-
	wait "$nullpid"
	rm -f "$T/in"
	cat "$T/out" "$T/null.out" | awk -v t=$((t1 - t0)) -v hz="$hz" \
	    -v c="$1" -v d="$2" -v n="$n0" '
	NR == 1 { r = $2; s = $8; bad = $4 }
	NR == 2 { q = $2; u = $8 }
	END { printf "rcpt %d x %d: %.0f/s, %.2f us CPU each (%d refused); " \
	    "null %.0f/s, %.2f us; ratio of CPU %.1f\n", c, d, r / s,
	    t / hz / r * 1e6, bad, q / u, n / hz / q * 1e6,
	    (t / r) / (n / q) }'
}
echo "== rcpt: all processes together"
rcpt 1 1
rcpt 10 10
rcpt 100 10
rcpt 100 100

echo "== mail: 4 KiB messages"
mail() {	# connections
	t0=$(ticks)
	"$T/load" mail "$ADDR" "$PORT" "$1" "$seconds" bench.example 64 4096 \
	    >"$T/out" || exit 1
	t1=$(ticks)
	python3 - "$T" "$1" >"$T/peer.out" <<-'END'
	import os, sys, time
	t, n, data = time.time(), 0, b"x" * 4096
	d = os.open(sys.argv[1], os.O_RDONLY)
	while time.time() - t < 2:
	    name = "%s/peer%d" % (sys.argv[1], n)
	    f = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
	    os.write(f, data); os.fsync(f); os.close(f)
	    os.rename(name, name + ".done"); os.fsync(d)
	    os.unlink(name + ".done")
	    n += 1
	print("%.0f" % (n / (time.time() - t)))
	END
	awk -v t=$((t1 - t0)) -v hz="$hz" -v c="$1" \
	    -v p="$(cat "$T/peer.out")" '
	{ printf "mail x %d: %.0f/s, %.0f us CPU each; one file each, " \
	    "one writer: %.0f/s; ratio %.2f\n", c, $6 / $8,
	    t / hz / ($6 + 1e-9) * 1e6, p, $6 / $8 / p }' "$T/out"
}
mail 1
mail 8
mail 64

echo "== idle connections"
mkfifo "$T/idle"
m0=$(memory)
"$T/load" idle "$ADDR" "$PORT" 5000 <"$T/idle" >"$T/idle.out" &
exec 8>"$T/idle"
wait_until "grep -q idle \"$T/idle.out\"" 60
m1=$(memory)
exec 8>&-
calc "idle x 5000: %.2f KiB each, all processes" "($m1-$m0)/5000"
stop

python3 "$top/regress/py/idle.py" 5000 2000
