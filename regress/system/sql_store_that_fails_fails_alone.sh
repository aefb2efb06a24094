#!/bin/sh
# SQL stores: what is found and what is not; one that hangs keeps nobody else
# waiting; a file that is damaged, gone or has no room is 451, and used again
# when it is well; what was answered outlives the death of the process.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../postgres.sh"
need sqlite3 python3

mkconf <<END
store lite sql "sqlite://$TMP/lite/a.sqlite" timeout 2s
store pg sql "postgresql://smtpd@/mail?host=$PG" timeout 3s
rcpt {
	directory false
	relay if starts_with(rcpt, 'lite')
	          then sql_query('lite', 'SELECT 1 FROM t WHERE a = ?', rcpt)
	      if starts_with(rcpt, 'keep')
	          then sql_query('lite', 'INSERT INTO t (a) VALUES (?)', rcpt)
	      if starts_with(rcpt, 'fill')
	          then sql_query('lite', 'INSERT INTO t (a) VALUES ' +
	              '(hex(zeroblob(500000)) || ?)', rcpt)
	      if starts_with(rcpt, 'long')
	          then sql_query('lite', 'WITH RECURSIVE n(i) AS (SELECT 1 ' +
	              'UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
	              []) > 0
	      if starts_with(rcpt, 'pg')
	          then sql_query('pg', '''SELECT a, '?' FROM t -- ?
	              WHERE a = ? AND n = ? AND n < ?''',
	              [rcpt, '5', 6])[0] = rcpt
	      if starts_with(rcpt, 'trap')
	          then sql_query('pg', 'SELECT pg_sleep(20)', []) = ''
	      if starts_with(rcpt, 'much')
	          then sql_query('pg', 'SELECT * FROM generate_series(1, 9999)',
	              []) = 1
	      if starts_with(rcpt, 'bare')
	          then sql_query('pg', 'SELECT FROM t', []) = 1
	      if starts_with(rcpt, 'wide')
	          then sql_query('pg', 'SELECT repeat(?, 65537)', 'x')
	      else false
	errors { total 1000; wait 0 }
}
END

mkdir "$TMP/lite"
mounted=
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=40m,mode=700 tmpfs \
    "$TMP/lite" 2>/dev/null; then
	mounted=1
fi
[ -z "$AS" ] || chown 65534:65534 "$TMP/lite"
store_end() {
	store_code=$?
	[ -z "$mounted" ] || umount -l "$TMP/lite"
	(exit $store_code)
	end_all
}
trap store_end EXIT

lite() {
	$AS sqlite3 "$TMP/lite/a.sqlite" "$1"
}

# What is said to each recipient, and how long that took, in seconds.
ask() {
	python3 - "$HOST" "$PORT" "$@" <<-'END'
	import socket, sys, time
	s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 60)
	f = s.makefile("rb")
	def line(text):
	    s.sendall(text.encode() + b"\r\n")
	    return f.readline().decode()
	f.readline(); line("HELO x.example"); line("MAIL FROM:<a@b.example>")
	for r in sys.argv[3:]:
	    begin = time.monotonic()
	    print(line("RCPT TO:<%s@x.example>" % r)[:9], r,
	          int(time.monotonic() - begin), flush=True)
	END
}

# One asks the store that hangs, and meanwhile another the other store.
beside() {
	timeout 60 python3 - "$HOST" "$PORT" <<-'END'
	import select, socket, sys
	def client():
	    s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 60)
	    f = s.makefile("rb")
	    f.readline()
	    for text in b"HELO x.example", b"MAIL FROM:<a@b.example>":
	        s.sendall(text + b"\r\n")
	        f.readline()
	    return s, f
	slow, slowf = client()
	fast, fastf = client()
	slow.sendall(b"RCPT TO:<pg1@x.example>\r\n")
	for n in range(20):
	    fast.sendall(b"RCPT TO:<lite1@x.example>\r\n")
	    reply = fastf.readline()
	    if not reply.startswith(b"250"):
	        sys.exit(reply)
	if select.select([slow], [], [], 0)[0]:
	    sys.exit("it was answered: %s" % slowf.readline())
	reply = slowf.readline()
	print("well" if reply.startswith(b"451 4.4.3") else reply)
	END
}

says() {		# code, recipients
	says_code=$1
	shift
	ask "$@" >"$TMP/says" || fail "no answer"
	! grep -qv "^$says_code" "$TMP/says" ||
	    fail "not $says_code: $(cat "$TMP/says")"
}

postgres_start
sql "CREATE TABLE t (a TEXT PRIMARY KEY, n INTEGER);
    INSERT INTO t VALUES ('pg1@x.example', 5), ('pg2@x.example', 7)"
lite "CREATE TABLE t (a TEXT PRIMARY KEY);
    INSERT INTO t VALUES ('lite1@x.example')"
start
says "250 2.1.5" lite1 pg1
says "550 5.7.1" lite2 pg2 other
says "451 4.4.3" long trap much wide bare
ok "found, not found, not to be found out"

# the server and every backend stand still, and goes on when the test ends
backends="$PGPID $(cat "/proc/$PGPID/task/$PGPID/children")"
for pid in $backends; do
	kill -STOP "$pid"
done
beside >"$TMP/beside" 2>&1
for pid in $backends; do
	kill -CONT "$pid"
done
grep -qx "well" "$TMP/beside" || fail "hung: $(cat "$TMP/beside")"
wait_until 'ask pg1 | grep -q "^250"' 30
ok "a store that hangs"

# each process in turn; what was said to be kept is there
: >"$TMP/kept"
for n in 1 2 3; do
	ask $(seq -f "keep$n-%g" 100) >>"$TMP/kept" 2>/dev/null &
	kept=$!
	wait_until 'grep -q "keep'$n'-[0-9]" "$TMP/kept" || ! alive '$kept 20
	kill_proc sql KILL
	wait "$kept"
	wait_until 'ask lite1 | grep -q ^250' 30
done
lite "SELECT a FROM t" >"$TMP/rows"
grep -c '^250' "$TMP/kept" >"$TMP/count"
[ "$(cat "$TMP/count")" -gt 10 ] || fail "too few: $(cat "$TMP/count")"
for key in $(sed -n 's/^250 [^ ]* \(keep[^ ]*\) .*/\1/p' "$TMP/kept"); do
	grep -qx "$key@x.example" "$TMP/rows" || fail "$key is lost"
done
ok "killed processes lose nothing ($(cat "$TMP/count") kept)"

if [ -n "$mounted" ]; then
	dd if=/dev/zero of="$TMP/lite/filler" bs=1k count=37000 2>/dev/null
	ask $(seq -f "fill%g" 20) >"$TMP/full" || fail "no answer"
	grep -q '^451 4.4.3' "$TMP/full" || fail "not full"
	says "250 2.1.5" lite1
	rm "$TMP/lite/filler"
	wait_until 'ask fill-again | grep -q ^250' 30
	ok "a store without room"
fi

lite "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
cp "$TMP/lite/a.sqlite" "$TMP/good.sqlite"
dd if=/dev/urandom of="$TMP/lite/a.sqlite" bs=4096 seek=1 count=200 \
    conv=notrunc 2>/dev/null
kill_proc sql KILL
wait_until 'ask lite1 | grep -q "^451 4.4.3"' 30
says "250 2.1.5" pg1
rm -f "$TMP/lite/a.sqlite" "$TMP/lite/a.sqlite-wal" "$TMP/lite/a.sqlite-shm"
cp "$TMP/good.sqlite" "$TMP/lite/new"
[ -z "$AS" ] || chown 65534:65534 "$TMP/lite/new"
mv "$TMP/lite/new" "$TMP/lite/a.sqlite"
wait_until 'ask lite1 | grep -q ^250' 30
stop
ok "a damaged file, and another in its place"
