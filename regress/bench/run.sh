#!/bin/sh
# Figures, each as a ratio beside a peer in the same run, since machines differ
# and this one may be busy.  From the top of the tree, after `make tests`.
# usage: run.sh [addresses [seconds]]
#
#	import	smtpctl directory import, beside sort(1) of the same text
#	rcpt	pipelined RCPTs, CPU of all processes together, beside a
#		responder that says 250 to every line; the same while all of
#		them are traced, by one who reads and by one who is stopped
#	tls	the same in TLS beside the clear, full handshakes beside
#		openssl's own signatures with a key of that kind, and resumed
#		ones beside full ones
#	mail	durable messages, beside a file each, written by one writer and
#		synced with its directory, and beside Postfix's smtp-sink, which
#		keeps nothing
#	idle	memory of idle connections, all processes together

addresses=${1:-1000000}
seconds=${2:-5}
TOP=$(cd "$(dirname "$0")/../.." && pwd)
TEST=bench
. "$TOP/regress/lib.sh"
need python3 awk sort
ulimit -n "$(ulimit -H -n)"
hz=$(getconf CLK_TCK)

# CPU ticks of these processes, and their memory in KiB
ticks() {
	for p; do sed 's/.*) //' "/proc/$p/stat"; done 2>/dev/null |
	    awk '{ t += $12 + $13 } END { print t + 0 }'
}
memory() {
	for p; do
		sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$p/smaps_rollup"
	done 2>/dev/null | awk '{ t += $1 } END { print t + 0 }'
}
server() { echo "$PID" $(cat "/proc/$PID/task/$PID/children"); }
now() { date +%s.%N; }
line() { printf '%-24s %14s %14s %14s   %s\n' "$@"; }

bench_import() {
	awk -v n="$addresses" 'BEGIN {
		print "domain bench.example"
		for (i = 0; i < n; i++)
			printf "account a%d addresses=u%d@bench.example\n",
			    i, i
	}' >"$TMP/directory.txt"
	a=$(now)
	LC_ALL=C sort "$TMP/directory.txt" >"$TMP/sorted"
	b=$(now)
	$AS "$SMTPCTL" -q directory import -o "$DB" "$TMP/directory.txt" \
	    >"$TMP/out" 2>&1 || fail "$(cat "$TMP/out")"
	c=$(now)
	rm -f "$TMP/sorted"
	calc() { awk "BEGIN { printf \"%.2f\", $1 }"; }
	line "import of $addresses" "$(calc "$c - $b") s" - \
	    "$(calc "($c - $b) / ($b - $a)")" \
	    "times sort(1), which took $(calc "$b - $a") s"
}

# The null responder, on a port of its own; ends with its standard input.
null_start() {
	NULLPORT=$("$BIN/port" "$HOST")
	mkfifo "$TMP/null.in"
	"$BIN/null" "$HOST" "$NULLPORT" <"$TMP/null.in" &
	NULL=$!
	STARTED="$STARTED $NULL"
	exec 9>"$TMP/null.in"
	wait_until '"$BIN/load" idle "$HOST" "$NULLPORT" 1 </dev/null \
	    >/dev/null 2>&1'
}

bench_rcpt() {	# connections, depth
	t0=$(ticks $(server))
	"$BIN/load" rcpt "$HOST" "$PORT" "$1" "$2" "$seconds" bench.example \
	    "$addresses" >"$TMP/ours" || fail "load"
	t1=$(ticks $(server))
	n0=$(ticks $NULL)
	"$BIN/load" rcpt "$HOST" "$NULLPORT" "$1" "$2" "$seconds" \
	    bench.example "$addresses" >"$TMP/null" || fail "load"
	n1=$(ticks $NULL)
	awk '$4 > $2 / 100 { exit 1 }' "$TMP/ours" ||
	    fail "many were refused: $(cat "$TMP/ours")"
	cat "$TMP/ours" "$TMP/null" | awk -v t=$((t1 - t0)) -v hz="$hz" \
	    -v n=$((n1 - n0)) '
	NR == 1 { ours = $2; s = $8 }
	NR == 2 { null = $2 }
	END { printf "%.0f/s %.2fus %.1f\n", ours / s, t / hz / ours * 1e6,
	    (t / ours) / ((n + 0.5) / null) }' >"$TMP/row"
	# shellcheck disable=SC2046
	line "rcpt $1 x $2" $(cat "$TMP/row") "times the CPU of saying 250"
}

# The last row was the same with nobody who watches.
bench_trace() {	# connections, depth, signal to the one who does, what
	read -r _ cpu _ <"$TMP/row"
	"$SMTPCTL" -s "$SOCK" trace 127.0.0.0/8 >/dev/null 2>"$TMP/err" &
	trace=$!
	STARTED="$STARTED $trace"
	wait_until '[ -s "$TMP/err" ]'
	kill "-$3" "$trace"
	t0=$(ticks $(server))
	"$BIN/load" rcpt "$HOST" "$PORT" "$1" "$2" "$seconds" bench.example \
	    "$addresses" >"$TMP/ours" || fail "load"
	t1=$(ticks $(server))
	kill -KILL "$trace"
	awk -v t=$((t1 - t0)) -v hz="$hz" -v cpu="${cpu%us}" '
	{ each = t / hz / $2 * 1e6
	  printf "%.0f/s %.2fus %.2f\n", $2 / $8, each, each / cpu }' \
	    "$TMP/ours" >"$TMP/traced"
	# shellcheck disable=SC2046
	line "rcpt $1 x $2, $4" $(cat "$TMP/traced") \
	    "times the CPU without a trace"
}

# The last row was the same in the clear.
bench_tls() {	# connections, depth
	read -r clear_rate clear_cpu _ <"$TMP/row"
	t0=$(ticks $(server))
	LOAD_TLS=1 "$BIN/load" rcpt "$HOST" "$TLSPORT" "$1" "$2" "$seconds" \
	    bench.example "$addresses" >"$TMP/ours" || fail "load"
	t1=$(ticks $(server))
	awk -v t=$((t1 - t0)) -v hz="$hz" -v r="${clear_rate%/s}" '
	{ printf "%.0f/s %.2fus %.2f\n", $2 / $8, t / hz / $2 * 1e6,
	    $2 / $8 / r }' "$TMP/ours" >"$TMP/row"
	# shellcheck disable=SC2046
	line "rcpt $1 x $2 in TLS" $(cat "$TMP/row") \
	    "is its rate to that in the clear, $clear_cpu each"
}

# All of the server's CPU for one, and how many a core would do of them; a
# session that is not resumed as it should ends the program, and all of this.
shake_row() {	# name, port, version, full or resumed, seconds beside it, what
	t0=$(ticks $(server))
	k0=$(ticks $(procs keys))
	"$BIN/shake" "$HOST" "$2" "$seconds" "$3" "$4" >"$TMP/ours" ||
	    fail "handshakes of $1, $3, $4"
	t1=$(ticks $(server))
	k1=$(ticks $(procs keys))
	awk -v t=$((t1 - t0)) -v k=$((k1 - k0)) -v hz="$hz" -v peer="$5" '
	{ each = (t + 0.5) / hz / $2
	  printf "%.0f/s %.0fus %.2f\n", $2 / $4, each * 1e6, each / peer
	  printf "%.0f/s a core, %.0f%% of it in keys\n", 1 / each,
	    100 * k / (t + 0.5)
	  print each }' "$TMP/ours" >"$TMP/shake"
	# shellcheck disable=SC2046
	line "TLS $3 $1, $4" $(sed -n 1p "$TMP/shake") \
	    "times $6; $(sed -n 2p "$TMP/shake")"
	each=$(sed -n 3p "$TMP/shake")
}

bench_shake() {	# name, port, algorithm of openssl speed
	signature=$(openssl speed -seconds 1 "$3" 2>/dev/null |
	    awk 'END { print 1 / $(NF - 1) }')
	for version in 1.3 1.2; do
		shake_row "$1" "$2" $version full "$signature" "a signature"
		shake_row "$1" "$2" $version resumed "$each" "a full one"
	done
}

cert() {	# name, arguments of openssl req
	cert_name=$1
	shift
	openssl req -x509 -nodes -days 2 -subj "/CN=$cert_name" "$@" \
	    -keyout "$TMP/$cert_name.key" -out "$TMP/$cert_name.crt" \
	    2>"$TMP/openssl" || fail "$(cat "$TMP/openssl")"
	chmod 600 "$TMP/$cert_name.key"
	[ -z "$AS" ] || chown 65534:65534 "$TMP/$cert_name.key"
}

bench_files() {
	cat >"$TMP/files.py" <<-'END'
	import os
	import sys
	import time

	start, count, data = time.time(), 0, b"x" * 4096
	folder = os.open(sys.argv[1], os.O_RDONLY)
	while time.time() - start < 2:
	    name = "%s/peer%d" % (sys.argv[1], count)
	    file = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
	    os.write(file, data)
	    os.fsync(file)
	    os.close(file)
	    os.rename(name, name + ".done")
	    os.fsync(folder)
	    os.unlink(name + ".done")
	    count += 1
	print("%.1f" % (count / (time.time() - start)))
	END
	python3 "$TMP/files.py" "$TMP"
}

bench_mail() {	# connections
	t0=$(ticks $(server))
	"$BIN/load" mail "$HOST" "$PORT" "$1" "$seconds" bench.example 64 \
	    4096 >"$TMP/ours" || fail "load"
	wait_until '[ -z "$(ctl -j show queue)" ]' 300
	t1=$(ticks $(server))
	awk -v t=$((t1 - t0)) -v hz="$hz" -v p="$(bench_files)" '
	{ printf "%.0f/s %.0fus %.2f\n", $6 / $8, t / hz / ($6 + 0.1) * 1e6,
	    $6 / $8 / p }' "$TMP/ours" >"$TMP/row"
	# shellcheck disable=SC2046
	line "mail $1" $(cat "$TMP/row") "times one file each, one writer"
}

bench_sink() {	# connections
	LD_LIBRARY_PATH=$TOP/regress/.postfix
	export LD_LIBRARY_PATH
	sink=$TOP/regress/.postfix/smtp-sink
	"$sink" 2>&1 | grep -q usage || return 0
	port=$("$BIN/port" "$HOST")
	as=
	[ "$(id -u)" != 0 ] || as="-u nobody"
	# shellcheck disable=SC2086
	"$sink" $as "inet:$HOST:$port" 1000 2>/dev/null &
	pid=$!
	STARTED="$STARTED $pid"
	wait_until '"$BIN/load" idle "$HOST" "$port" 1 </dev/null \
	    >/dev/null 2>&1'
	t0=$(ticks $pid)
	"$BIN/load" mail "$HOST" "$port" "$1" "$seconds" bench.example 64 \
	    4096 >"$TMP/sink" || fail "load"
	t1=$(ticks $pid)
	cat "$TMP/ours" "$TMP/sink" | awk -v t=$((t1 - t0)) -v hz="$hz" '
	NR == 1 { ours = $6 / $8 }
	NR == 2 { printf "%.0f/s %.0fus %.2f\n", $6 / $8,
	    t / hz / ($6 + 0.1) * 1e6, ours / ($6 / $8) }' >"$TMP/row"
	# shellcheck disable=SC2046
	line "smtp-sink $1" $(cat "$TMP/row") "is our rate of mail to its"
}

bench_idle() {	# connections
	mkfifo "$TMP/idle"
	m0=$(memory $(server))
	"$BIN/load" idle "$HOST" "$PORT" "$1" <"$TMP/idle" \
	    >"$TMP/idle.out" 2>&1 &
	STARTED="$STARTED $!"
	exec 8>"$TMP/idle"
	wait_until 'grep -q idle "$TMP/idle.out"' 60
	m1=$(memory $(server))
	exec 8>&-
	line "idle $1" "$(awk "BEGIN { printf \"%.2f KiB\",
	    ($m1 - $m0) / $1 }")" - - "each, all processes together"
}

line what figure "CPU each" ratio "which is"
bench_import
TLSPORT=$("$BIN/port" "$HOST")
RSAPORT=$("$BIN/port" "$HOST")
cert ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
cert rsa -newkey rsa:2048
mkconf <<EOF
pki ecdsa cert "$TMP/ecdsa.crt" key "$TMP/ecdsa.key"
pki rsa cert "$TMP/rsa.crt" key "$TMP/rsa.key"
listen on $HOST port $PORT name smtp
listen on $HOST port $TLSPORT name ecdsa tls pki ecdsa
listen on $HOST port $RSAPORT name rsa tls pki rsa
session { max-sessions 19000; max-sessions-per-client 19000 }
rcpt { directory 'accounts'; max-recipients 1000 }
EOF
start
null_start
# the table into the cache
"$BIN/load" rcpt "$HOST" "$PORT" 10 100 2 bench.example "$addresses" \
    >/dev/null || fail "load"
bench_rcpt 1 1
bench_rcpt 10 10
bench_tls 10 10
bench_rcpt 100 10
bench_rcpt 100 100
bench_trace 100 100 CONT traced
bench_trace 100 100 STOP unread
bench_tls 100 100
bench_shake ecdsa "$TLSPORT" ecdsap256
bench_shake rsa "$RSAPORT" rsa2048
exec 9>&-
bench_mail 1
bench_mail 8
bench_mail 64
bench_sink 64
# a process keeps the memory that it once needed: begin anew
restart
bench_idle 5000
stop

python3 "$TOP/regress/py/idle.py" 5000 2000
