#!/bin/sh
# A directory in the administrator's tables, of SQLite and of PostgreSQL: at
# RCPT, VRFY, EXPN, AUTH and at delivery.  A server that is away is 451 or 454,
# and one that is back is used again.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../postgres.sh"
need sqlite3 gsasl
USERS=$("$BIN/port" "$HOST")

configure() {		# URL, a parameter that stands twice
	mkconf <<-END
	directory corp sql "$1" timeout 3s {
		domains    "SELECT name, alias_of FROM domains WHERE name = ?"
		recipients "SELECT name FROM emails WHERE address = ?"
		emails     '''SELECT address FROM emails WHERE name = ?
			   AND type <> 'list' ORDER BY type DESC, address'''
		names      '''SELECT quota, state, expires FROM accounts
			   WHERE name = ?'''
		secret     '''SELECT secret, name FROM accounts
			   WHERE name = $2 OR name = (SELECT name FROM emails
			   WHERE address = $2 AND type = 'primary')'''
		expand     '''SELECT p.address FROM emails p
			   JOIN emails l ON p.name = l.name
			   WHERE p.type = 'primary' AND l.type = 'list'
			   AND l.address = ?'''
		verify     '''SELECT address FROM emails
			   WHERE type = 'primary' AND address LIKE ? || '%'
			   ORDER BY address LIMIT 50'''
	}
	listen on $HOST port $PORT name smtp
	listen on $HOST port $USERS name users auth corp insecure
	rcpt { directory 'corp'; errors { total 100; wait 0 } }
	auth {
		mechanisms "PLAIN SCRAM-SHA-256"
		errors { total 100; wait 0 }
	}
	extensions { vrfy true; expn true }
	END
}
secret() { echo pencil | "$SMTPCTL" encrypt -t "$1"; }

more="
INSERT INTO accounts (name, state) VALUES ('shut', 'reject');
INSERT INTO accounts (name, expires) VALUES ('past', '2001-02-03 04:05:06'),
    ('gone', '2001-02-03'), ('old', '981173106'), ('later', '2099-12-31'),
    ('later2', '4102358400'), ('odd', 'tomorrow');
INSERT INTO emails SELECT name || '@example.org', name, 'primary'
    FROM accounts WHERE expires IS NOT NULL;
INSERT INTO emails VALUES ('shut@example.org', 'shut', 'primary');
INSERT INTO emails VALUES ('ghost@example.org', 'ghost', 'primary');
INSERT INTO emails VALUES ('away@example.org', 'x@away.example', 'alias');
INSERT INTO emails VALUES ('it''s@example.org', 'jane', 'alias');
INSERT INTO domains (name) VALUES ('all.example');
INSERT INTO emails VALUES ('@all.example', 'jane', 'alias');
INSERT INTO emails VALUES ('both@example.org', 'jane', 'list2');
INSERT INTO emails VALUES ('both@example.org', 'john', 'list2');
UPDATE accounts SET secret = '$(secret sha512)' WHERE name = 'john';
UPDATE accounts SET secret = '$(secret scram)' WHERE name IN ('jane', 'shut');
INSERT INTO accounts (name, secret) VALUES ('lock', '!');
INSERT INTO emails VALUES ('lock@example.org', 'lock', 'primary');
INSERT INTO accounts (name, secret) VALUES ('adrift', '$(secret scram)');"

resolves() {
	say <<-'END' || fail "$1: what the directory says"
	S: 220
	C: EHLO client.example
	S* 250
	C: VRFY john.doe@example.org
	S: 250 2.1.5 <john@example.org>
	C: VRFY j
	S: 250-2.1.5 <jane@example.org>
	S: 250 2.1.5 <john@example.org>
	C: VRFY %
	S: 550 5.1.1
	C: VRFY j_hn
	S: 550 5.1.1
	C: EXPN sales@example.org
	S: 250-2.1.5 <
	S: 250 2.1.5 <
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<John.Doe@Example.ORG>
	S: 250 2.1.5
	C: RCPT TO:<jane+tag@example.net>
	S: 250 2.1.5
	C: RCPT TO:<it's@example.org>
	S: 250 2.1.5
	C: RCPT TO:<nobody@all.example>
	S: 250 2.1.5
	C: RCPT TO:<away@example.org>
	S: 250 2.1.5
	C: RCPT TO:<nobody@example.org>
	S: 550 5.1.1
	C: RCPT TO:<%@example.org>
	S: 550 5.1.1
	C: RCPT TO:<"' OR 1=1 --"@example.org>
	S: 550 5.1.1
	C: RCPT TO:<ghost@example.org>
	S: 550 5.1.1
	C: RCPT TO:<shut@example.org>
	S: 550 5.2.1
	C: RCPT TO:<gone@example.org>
	S: 550 5.2.1
	C: RCPT TO:<past@example.org>
	S: 550 5.2.1
	C: RCPT TO:<old@example.org>
	S: 550 5.2.1
	C: RCPT TO:<later@example.org>
	S: 250 2.1.5
	C: RCPT TO:<later2@example.org>
	S: 250 2.1.5
	C: RCPT TO:<odd@example.org>
	S: 451 4.4.3
	C: RCPT TO:<x@elsewhere.example>
	S: 550 5.7.1
	C: RSET
	S: 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<sales@example.org>
	S: 250 2.1.5
	C: RCPT TO:<both@example.org>
	S: 250 2.1.5
	C: DATA
	S: 354
	C: Subject: to all
	C:
	C: hello
	C: .
	S: 250
	C: QUIT
	S: 221
	END
	ctl explain rcpt john@example.org auth john >"$TMP/out" 2>&1 &&
	    grep -q '^candidate  *literal, .*account john$' "$TMP/out" ||
	    fail "$1: explain: $(cat "$TMP/out")"
	! ctl explain rcpt john@example.org auth nobody >"$TMP/out" 2>&1 &&
	    grep -q 'no such login' "$TMP/out" ||
	    fail "$1: explain: $(cat "$TMP/out")"
}

delivered() {
	wait_until '[ "$(mails)" = 4 ]' 30
	[ "$(mails "$MAIL/example.org/john")" = 2 ] &&
	    [ "$(mails "$MAIL/example.org/jane")" = 2 ] ||
	    fail "$1: $(find "$MAIL" -type f)"
	rm -rf "$MAIL/example.org"
}

plain() {	# name, password
	printf '\0%s\0%s' "$1" "$2" | openssl base64 -A
}

scram() {	# name, password
	gsasl --smtp --connect="$HOST:$USERS" --no-starttls --no-cb \
	    -m SCRAM-SHA-256 -a "$1" -p "$2" </dev/null >"$TMP/out" 2>&1
}

# Passwords compared; of one process each.
hashed() {
	ctl show stats 2>/dev/null | awk '
	/^hash[^ ]*\.(right|wrong|unusable) / { n += $2 } END { print n + 0 }'
}

# Who may log in, and as whom it may send then.
logs_in() {
	tries=0
	for who in "john pencil 235 2.7.0" "jane pencil 235 2.7.0" \
	    "john@example.org pencil 235 2.7.0" \
	    "john.doe@example.org pencil 535 5.7.8" \
	    "john pencilx 535 5.7.8" "nobody pencil 535 5.7.8" \
	    "shut pencil 535 5.7.8" "adrift pencil 535 5.7.8" \
	    "ghost pencil 535 5.7.8" "it's pencil 535 5.7.8" \
	    "% pencil 535 5.7.8" "lock pencil 454 4.7.0" \
	    "nobody pencil 535 5.7.8"; do
		# shellcheck disable=SC2086
		set -- "$1" $who
		tries=$((tries + 1))
		PORT=$USERS say <<-END || fail "$1: PLAIN of $who"
		S: 220
		C: EHLO client.example
		S* 250
		C: AUTH PLAIN $(plain "$2" "$3")
		S: $4 $5
		C: QUIT
		S: 221
		END
	done
	[ "$(hashed)" -eq $tries ] ||
		fail "$1: $tries logins, $(hashed) hashes"
	scram jane pencil && scram jane@example.org pencil ||
	    fail "$1: SCRAM: $(cat "$TMP/out")"
	for who in "jane pencilx" "nobody pencil" "shut pencil" \
	    "john pencil" "it's pencil"; do
		# shellcheck disable=SC2086
		scram $who && fail "$1: SCRAM lets in $who"
		grep -q '535 5.7.8' "$TMP/out" ||
		    fail "$1: SCRAM of $who: $(cat "$TMP/out")"
	done
	PORT=$USERS say <<-END || fail "$1: senders"
	S: 220
	C: EHLO client.example
	S* 250
	C: AUTH PLAIN $(plain john@example.org pencil)
	S: 235
	C: MAIL FROM:<jane@example.org>
	S: 553 5.7.1
	C: MAIL FROM:<John.Doe+tag@example.net>
	S: 250
	C: RSET
	S: 250
	C: MAIL FROM:<sales@example.org>
	S: 553 5.7.1
	C: QUIT
	S: 221
	END
}

away() {		# what is said to john's login
	PORT=$USERS say <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: AUTH PLAIN $(plain john pencil)
	S: $1
	C: QUIT
	S: 221
	END
}

rcpt() {		# what is said to john
	say <<-END
	S: 220
	C: HELO client.example
	S: 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<john@example.org>
	S: $1
	C: QUIT
	S: 221
	END
}

schema=$TOP/examples/directory.sql
sqlite3 "$TMP/mail.sqlite" <"$schema" || fail "the tables of SQLite"
sqlite3 "$TMP/mail.sqlite" "$more" || fail "more rows"
[ -z "$AS" ] || chown 65534:65534 "$TMP/mail.sqlite"
configure "sqlite:///$TMP/mail.sqlite" '?1'
sed -i 's,sqlite:////,sqlite:///,' "$CONF"
start
resolves SQLite
delivered SQLite
logs_in SQLite
ctl directory get john@example.org >"$TMP/get" 2>&1 &&
    fail "it has records: $(cat "$TMP/get")"
stop
ok "SQLite"

postgres_start
psql -q -v ON_ERROR_STOP=1 -h "$PG" -U smtpd -f "$schema" mail >/dev/null ||
    fail "the tables of PostgreSQL"
sql "$more" || fail "more rows"
configure "postgresql://smtpd@/mail?host=$PG" '$1'
start
resolves PostgreSQL
delivered PostgreSQL
logs_in PostgreSQL
postgres_stop
rcpt "451 4.4.3" >/dev/null || fail "a server that is away is not 451"
away "454 4.7.0" >/dev/null || fail "a login without its server is not 454"
postgres_run
wait_until 'rcpt "250 2.1.5" >/dev/null 2>&1' 30
sql "ALTER TABLE emails RENAME TO emails2"
rcpt "451 4.4.3" >/dev/null || fail "a table that is gone is not 451"
sql "ALTER TABLE emails2 RENAME TO emails"
wait_until 'rcpt "250 2.1.5" >/dev/null 2>&1' 30
stop
ok "PostgreSQL"
