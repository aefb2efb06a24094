#!/bin/sh
# What greylisting costs: RCPTs a second and the CPU of each, all processes
# together, without it, with greylist { }, and with a script that asks an SQL
# store; for mail that is known and for mail that comes for the first time.
# Then the time of scripts that are at a limit, beside that one.  Side by side,
# since machines differ and this one may be busy.  From the top of the tree,
# after `make tests`.  usage: greylist.sh [addresses [seconds]]

addresses=${1:-1000}
seconds=${2:-5}
TOP=$(cd "$(dirname "$0")/../.." && pwd)
TEST=bench/greylist
. "$TOP/regress/lib.sh"
. "$TOP/regress/postgres.sh"
need awk sqlite3
hz=$(getconf CLK_TCK)

# CPU ticks of a process and its children
ticks() {
	for p in "$1" $(cat "/proc/$1/task/$1/children"); do
		sed 's/.*) //' "/proc/$p/stat"
	done 2>/dev/null | awk '{ t += $12 + $13 } END { print t + 0 }'
}

# The script, as many have it.
script() {
	cat <<-'END'
	require ["variables", "vnd.stalwart.execute", "envelope", "reject"];

	set "triplet" "${env.remote_ip}.${envelope.from}.${envelope.to}";

	if not query "SELECT 1 FROM greylist WHERE addr=? LIMIT 1"
	    ["${triplet}"] {
	    query "INSERT INTO greylist (addr) VALUES (?)" ["${triplet}"];
	    reject "422 4.2.2 Greylisted, please try again in a few moments.";
	}
	END
}

load() {	# connections, depth, seconds
	"$BIN/load" rcpt "$HOST" "$PORT" "$1" "$2" "$3" bench.example \
	    "$addresses" || fail "load"
}

# A line: RCPTs a second, microseconds of CPU of the server and of PostgreSQL.
cost() {	# name, "known", "new", or what a limit does
	conns=10 depth=100 began=$(ticks "$PID")
	pgbegan=$([ -z "${PGPID:-}" ] || ticks "$PGPID")
	case $2 in
	known|new) ;;
	*)	conns=1 depth=1 ;;
	esac
	load "$conns" "$depth" "$seconds" >"$TMP/load"
	t=$(($(ticks "$PID") - began)) pg=0
	[ -z "${PGPID:-}" ] || pg=$(($(ticks "$PGPID") - pgbegan))
	case $2 in
	known|250) awk '$4 > $2 / 50 { exit 1 }' "$TMP/load" ;;
	*)	awk '$4 < $2 / 4 { exit 1 }' "$TMP/load" ;;
	esac || fail "$1, $2: $(cat "$TMP/load")"
	awk -v t="$t" -v pg="$pg" -v hz="$hz" '{
		printf "%.0f %.2f %.2f\n", $2 / $8, t / hz / $2 * 1e6,
		    pg / hz / $2 * 1e6 }' "$TMP/load" >"$TMP/$1.$2"
}

both() {	# name
	cost "$1" known
	LOAD_NEW=1
	export LOAD_NEW
	cost "$1" new
	unset LOAD_NEW
	stop
}

# what is known: the triplets of one sender
triplets() {
	awk -v n="$addresses" -v ip="$HOST" 'BEGIN {
	    for (i = 0; i < n; i++)
		printf "127.0.0.1.s@client.example.u%d@bench.example\n", i }' |
	    sed "s/^127\.0\.0\.1/$1/"
}

show() {	# name, kind, text
	paste -d ' ' "$TMP/without.known" "$TMP/$1.$2" |
	    awk -v text="$3" '{
		printf "%-34s %8d a second %8.2f us %6.1f times", text, $4,
		    $5, $5 / $2
		if ($6 > 0)
			printf ", PostgreSQL %.2f us", $6
		print "" }'
}

awk -v n="$addresses" 'BEGIN {
	print "domain bench.example"
	for (i = 0; i < n; i++)
		printf "account a%d addresses=u%d@bench.example\n", i, i
}' | directory
script >"$TMP/grey.sieve"

mkconf <<END
rcpt { directory 'accounts' }
END
start
load 10 100 1 >/dev/null
cost without known
stop

mkconf <<END
rcpt { directory 'accounts' }
greylist { when yes; delay 1s; pass-after 0 }
END
start
load 10 100 2 >/dev/null
sleep 1
load 10 100 2 >/dev/null
both built-in

sqlite3 "$TMP/grey.sqlite" 'PRAGMA journal_mode = WAL;
    CREATE TABLE greylist (addr TEXT PRIMARY KEY)' >/dev/null ||
    fail "no table"
mkconf <<END
store grey sql "sqlite://$TMP/grey.sqlite"
rcpt { directory 'accounts'; script 'grey' }
sieve 'grey' file "$TMP/grey.sieve"
END
[ -z "$AS" ] || chown 65534:65534 "$TMP"/grey.sqlite*
start
# where do connections to this address come from?
load 1 1 1 >/dev/null
from=$(sqlite3 "$TMP/grey.sqlite" 'SELECT addr FROM greylist LIMIT 1' |
    sed 's/\.s@.*//')
[ -n "$from" ] || fail "the script remembers nothing"
triplets "$from" >"$TMP/triplets"
sqlite3 "$TMP/grey.sqlite" "DELETE FROM greylist" \
    ".import $TMP/triplets greylist" || fail "no triplets"
both sqlite

postgres_start
sql 'CREATE TABLE greylist (addr TEXT PRIMARY KEY)' || fail "no table"
psql -q -h "$PG" -U smtpd -c "\\copy greylist FROM '$TMP/triplets'" mail ||
    fail "no triplets"
mkconf <<END
store grey sql "postgresql://smtpd@/mail?host=$PG"
rcpt { directory 'accounts'; script 'grey' }
sieve 'grey' file "$TMP/grey.sieve"
END
start
both postgres
postgres_stop
PGPID=

show without known "no greylist"
show built-in known "greylist { }, known"
show built-in new "greylist { }, new"
show sqlite known "script and SQLite, known"
show sqlite new "script and SQLite, new"
show postgres known "script and PostgreSQL, known"
show postgres new "script and PostgreSQL, new"

# Scripts that take as much as they may.
list() {	# times, string
	awk -v n="$1" -v s="$2" 'BEGIN {
	    printf "["
	    for (i = 1; i < n; i++) printf "\"%s\", ", s
	    print "\"" s "\"]" }'
}

repeat() {	# command, how often
	awk -v s="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) print s }'
}

value() {	# v is 4096 octets
	echo 'require ["variables", "regex", "include"];'
	echo 'set "v" "aaaaaaaaaaaaaaaa";'
	# shellcheck disable=SC2016
	repeat 'set "v" "${v}${v}";' 8
}

a200=$(printf 'a%.0s' $(seq 200))
{
	echo 'require "variables";'
	repeat 'set "w" "x";' 4000
} >"$TMP/instructions"
# shellcheck disable=SC2016
{
	value
	repeat 'set :upper :quotewildcard "w" "${v}";' 2000
} >"$TMP/memory"
# shellcheck disable=SC2016
{
	value
	echo 'if string :regex "${v}" ["(a+)+b", "(a|a?)+b", "(a?){64}a{64}b",
	    "(.*)(.*)(.*)(.*)(.*)[^a]b", "(((((a*)*)*)*)*)*b"] { keep; }'
} >"$TMP/regex"
{
	value
	echo "if string :matches \"\${v}\" $(list 500 "*${a200}b*") { keep; }"
} >"$TMP/matches"
# ten deep, 64 in all, each with work of its own
: >"$TMP/includes.conf"
for n in 1 2 3 4 5 6 7 8 9; do
	{
		value
		repeat 'if string :matches "${v}" "*b*" { stop; }' 4
		[ "$n" = 9 ] || echo "include \"deep$((n + 1))\";"
	} >"$TMP/deep$n"
	echo "sieve 'deep$n' file \"$TMP/deep$n\"" >>"$TMP/includes.conf"
done
{
	value
	repeat 'include "deep1";' 7
} >"$TMP/includes"

limit() {	# script, code it ends with, what it is
	mkconf <<-END
	$(cat "$TMP/includes.conf")
	sieve 'it' file "$TMP/$1"
	rcpt { directory 'accounts'; script 'it'; errors { total 1000000
	    wait 0 } }
	END
	start
	cost "$1" "$2"
	stop
	show "$1" "$2" "$3"
}

limit instructions 250 "4000 commands"
limit includes 451 "63 includes, steps at their limit"
limit memory 451 "memory at its limit"
limit regex 451 "regex at its limit"
limit matches 451 ":matches at its limit"
