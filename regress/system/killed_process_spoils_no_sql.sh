#!/bin/sh
# Each process in turn is killed while recipients are greylisted with SQL and
# looked up in a directory of SQL: nobody is accepted or refused for good by
# that, what was answered is in the database, which is whole, service resumes,
# and nothing is left when the parent is gone.
. "$(dirname "$0")/../lib.sh"
need python3 sqlite3

mkdir "$TMP/db"
sqlite3 "$TMP/db/mail.sqlite" "
CREATE TABLE domains (name TEXT PRIMARY KEY);
CREATE TABLE emails (address TEXT PRIMARY KEY, name TEXT);
INSERT INTO domains VALUES ('example.org');
INSERT INTO emails VALUES ('u1@example.org', 'u1');" || fail "the tables"
sqlite3 "$TMP/db/grey.sqlite" "CREATE TABLE greylist (addr TEXT PRIMARY KEY)" ||
    fail "the greylist"
[ -z "$AS" ] || chown -R 65534:65534 "$TMP/db"
mkconf <<END
directory corp sql "sqlite://$TMP/db/mail.sqlite" {
	domains    "SELECT name FROM domains WHERE name = ?"
	recipients "SELECT name FROM emails WHERE address = ?"
	emails     "SELECT address FROM emails WHERE name = ?"
}
store grey sql "sqlite://$TMP/db/grey.sqlite"
sieve 'grey' '''
require ["variables", "vnd.stalwart.execute", "envelope", "reject"];
set "triplet" "\${env.remote_ip}.\${envelope.from}.\${envelope.to}";
if not query "SELECT 1 FROM greylist WHERE addr=? LIMIT 1" ["\${triplet}"] {
    query "INSERT INTO greylist (addr) VALUES (?)" ["\${triplet}"];
    reject "422 4.2.2 Greylisted, please try again in a few moments.";
}
'''
rcpt { directory 'corp'; script 'grey'; errors { total 1000; wait 0 } }
END

served() {
	grep -c ^250 "$TMP/book"
}

# Somebody is served who was not before.
resumes() {
	resumes_from=$(served)
	wait_until '[ "$(served)" -ge $((resumes_from + 6)) ]' 120
}

: >"$TMP/book"
start
background python3 "$TOP/regress/py/sqlload.py" run "$HOST" "$PORT" \
    "$TMP/book" "$TMP/stop"
load=$BACKGROUND
resumes
for name in sql lookup policy front queue keys deliver relay control; do
	for pid in $(procs "$name"); do
		kill -KILL "$pid" || fail "$name: no process to kill"
		wait_until '! alive "$pid"' 30
		resumes
	done
done
ok "each process is killed, and service resumes"

old=$(cat "/proc/$PID/task/$PID/children")
kill -KILL "$PID"
wait "$PID" 2>/dev/null
PID=
for pid in $old; do
	wait_until '! alive "$pid"' 60
done
start
resumes
ok "so does the parent, whose processes do not outlive it"
touch "$TMP/stop"
wait_until '! alive "$load"' 120
stop
for file in mail grey; do
	whole=$(sqlite3 "$TMP/db/$file.sqlite" 'PRAGMA integrity_check')
	[ "$whole" = ok ] || fail "$file: $whole"
done
python3 "$TOP/regress/py/sqlload.py" check "$TMP/book" "$TMP/db/grey.sqlite" \
    >"$TMP/out" 2>&1 || fail "$(cat "$TMP/out")"
ok "what was said is so ($(cat "$TMP/out"))"
