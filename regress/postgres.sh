# A PostgreSQL server of its own for a test, behind a socket in its folder;
# sourced behind lib.sh.
#
#	postgres_start		in $TMP/pg, database mail, user smtpd
#	sql TEXT		in that database
#	postgres_stop [SIGNAL]
#
# $PGARGS, when set, are more arguments of the server; $PGPORT its port.
#
# Skips the test where there is none.

PG=$TMP/pg

postgres_bin() {
	for postgres_try in /usr/lib/postgresql/*/bin; do
		[ -x "$postgres_try/postgres" ] && echo "$postgres_try"
	done | tail -n 1
}

postgres_answers() {
	psql -qAt -h "$PG" -U smtpd -c 'SELECT 1' postgres >/dev/null 2>&1
}

# shellcheck disable=SC2086
postgres_run() {
	rm -f "$PG/data/postmaster.pid"
	(cd "$PG" && exec $AS "$PGBIN/postgres" -D "$PG/data" \
	    -c listen_addresses= -c unix_socket_directories="$PG" \
	    -c fsync=off -c shared_buffers=8MB -c max_connections=20 \
	    ${PGPORT:+-c port=$PGPORT} ${PGARGS:-} \
	    >>"$PG/log" 2>&1) &
	PGPID=$!
	STARTED="$STARTED $PGPID"
	wait_until postgres_answers 60
}

postgres_start() {
	PGBIN=$(postgres_bin)
	[ -n "$PGBIN" ] || skip "needs PostgreSQL"
	need psql
	mkdir "$PG"
	[ -z "$AS" ] || chown 65534:65534 "$PG"
	(cd "$PG" && $AS "$PGBIN/initdb" -D "$PG/data" -A trust -U smtpd \
	    -E UTF8 --locale C -N >"$PG/log" 2>&1) || fail "initdb"
	postgres_run
	psql -q -h "$PG" -U smtpd -c 'CREATE DATABASE mail' postgres ||
	    fail "no database"
}

sql() {
	psql -qAt -v ON_ERROR_STOP=1 -h "$PG" -U smtpd mail -c "$1"
}

postgres_stop() {
	kill "-${1:-INT}" "$PGPID"
	wait "$PGPID" 2>/dev/null
}
