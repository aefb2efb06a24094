# What the tests in sh stand on; a test sources it first:
#	. "$(dirname "$0")/../lib.sh"
#
# Each test has a temporary folder $TMP and an address $HOST of its own in
# 127/8, so that tests run side by side.  As root the server runs as an
# unprivileged user from copies of the binaries in $TMP, because that user need
# not be able to read the source tree; AS_ROOT=1 keeps it root.
#
#	mkconf [< text]		write $CONF; what text sets is not set otherwise
#	directory < text	import text as the table of $CONF
#	start, stop, restart	the server; $PID is its parent process
#	kill_proc NAME SIGNAL	a signal to one child of the server
#	say < chat		talk to the server (chat.c)
#	wait_until 'cmd' [s]	poll until cmd succeeds; fail after s seconds
#	expect_file FILE < text	FILE has exactly this text
#	mails [DIR]		count the messages in all Maildirs below DIR
#	faulty PROC		$FAULTY is the server whose process PROC
#				("queue.0") fails as fault.c is told
#	ok NAME, fail TEXT, skip REASON

TOP=${TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
TEST=${TEST:-$(basename "$0" .sh)}
BIN=${BIN:-$TOP/regress/bin}
CHAT=$BIN/chat
TMP=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-${TEST##*/}.XXXXXX") || exit 1
HOST=127.$((64 + ($$ >> 16 & 63))).$(($$ >> 8 & 255)).$(($$ & 255))
CONF=$TMP/smtpd.conf
LOG=$TMP/log
umask 022
SOCK=$TMP/smtpd.sock
MAIL=$TMP/mail
DB=$TMP/accounts.db
SMTPD=${SMTPD:-$TOP/smtpd/smtpd}
SMTPCTL=${SMTPCTL:-$TOP/control/smtpctl}
PID=
STARTED=
AS=
# The search for leaks at the end of each process is two fifths of the time of
# a build with sanitizers; unit tests and conformance have it.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
BAD='malformed|not allowed from|AddressSanitizer|runtime error:|LeakSanitizer'

# A process that has ended stays a zombie until the shell waits for it.
alive() {
	[ -r "/proc/$1/stat" ] &&
	    ! grep -q '^[0-9]* (.*) Z' "/proc/$1/stat" 2>/dev/null
}

ok() {
	echo "ok $TEST${1:+: $1}"
}

fail() {
	echo "FAIL $TEST: $*"
	if [ -s "$LOG" ]; then
		echo "--- the end of the log"
		tail -n 40 "$LOG"
		echo "---"
	fi
	exit 1
}

skip() {
	echo "skip $TEST: $*"
	exit 0
}

need() {
	for need_tool; do
		command -v "$need_tool" >/dev/null 2>&1 ||
		    skip "needs $need_tool"
	done
}

wait_until() {
	wait_left=$((${2:-10} * 20))
	until eval "$1"; do
		[ $((wait_left -= 1)) -gt 0 ] || fail "${2:-10} s and not: $1"
		sleep 0.05
	done
}

# Everything that we started and that still runs; PID last asked nicely.
end_all() {
	end_code=$?
	trap - EXIT
	if [ -n "$PID" ]; then
		kill -TERM "$PID" 2>/dev/null
		end_left=200
		while alive "$PID" && [ $((end_left -= 1)) -gt 0 ]; do
			sleep 0.05
		done
		kill -KILL "$PID" 2>/dev/null
		wait "$PID" 2>/dev/null
	fi
	for end_pid in $STARTED; do
		kill -TERM "$end_pid" 2>/dev/null
		wait "$end_pid" 2>/dev/null
	done
	if [ "$end_code" = 0 ] && [ -s "$LOG" ] && grep -Eq "$BAD" "$LOG"; then
		echo "FAIL $TEST: the log shows:"
		grep -E -A 20 "$BAD" "$LOG" | head -n 40
		end_code=1
	fi
	cd / && [ -n "${KEEP:-}" ] || rm -rf "$TMP"
	exit "$end_code"
}
trap end_all EXIT
trap 'exit 1' HUP INT TERM

# A helper that runs beside the test and ends with it.
background() {
	"$@" &
	BACKGROUND=$!
	STARTED="$STARTED $BACKGROUND"
}

say() {
	say_file=$TMP/say.$$
	cat >"$say_file"
	"$CHAT" "$@" "$HOST" "$PORT" "$say_file"
}

ctl() {
	"$SMTPCTL" -s "$SOCK" "$@"
}

# The faults are in this process alone, so not in the tools of the test.
faulty() {
	nm -D "$SMTPD" 2>/dev/null | grep -q __asan_init &&
	    skip "a build with a sanitizer cannot be preloaded"
	FAULTY=$TMP/bin/faulty
	mkdir -p "$TMP/bin"
	cp "$BIN/fault.so" "$TMP/bin"
	cat >"$FAULTY" <<-END
	#!/bin/sh
	LD_PRELOAD=$TMP/bin/fault.so FAULT_PROC=$1
	export LD_PRELOAD FAULT_PROC FAULT_CALL FAULT_EVERY FAULT_ERRNO
	exec "$SMTPD" "\$@"
	END
	chmod 755 "$TMP/bin" "$FAULTY" "$TMP/bin/fault.so"
}

# Settings of the test stand first; each has its default when not among them.
mkconf() {
	if [ -t 0 ]; then : >"$CONF"; else cat >"$CONF"; fi
	while read -r conf_line; do
		grep -q "^${conf_line%% *} " "$CONF" || echo "$conf_line"
	done >>"$CONF" <<-END
	hostname mx.own.example
	postmaster "chief@own.example"
	spool "$TMP/spool"
	state "$TMP/state"
	control "$SOCK"
	directory accounts db "$DB"
	listen on $HOST port $PORT name smtp
	rcpt { directory 'accounts'; errors { total 100; wait 0 } }
	harvest { budget 1000000/1s; ban 1s }
	deliver maildir "$MAIL/%{domain}/%{local}"
	END
}

import() {
	$AS "$SMTPCTL" directory import -o "$DB" "$1"
}

directory() {
	cat >"$TMP/directory.txt"
	import "$TMP/directory.txt" >"$TMP/import.out" 2>&1 ||
	    fail "import: $(cat "$TMP/import.out")"
}

answers() {
	"$CHAT" "$HOST" "$PORT" >/dev/null 2>&1 <<-END
	S: 220
	C: QUIT
	S: 221
	END
}

start() {
	# shellcheck disable=SC2086
	$AS "$SMTPD" -d -f "$CONF" "$@" 2>>"$LOG" &
	PID=$!
	wait_until 'answers || ! alive "$PID"' 30
	alive "$PID" || fail "the server did not start"
}

stop() {
	kill -TERM "$PID" || fail "the server is gone"
	wait_until '! alive "$PID"' 20
	wait "$PID"
	stop_code=$?
	PID=
	[ "$stop_code" = 0 ] || fail "the server ended with $stop_code"
}

restart() {
	stop
	start "$@"
}

# The pids of the children of the server named NAME ("queue", "front"...).
procs() {
	for procs_pid in $(cat "/proc/$PID/task/$PID/children" \
	    2>/dev/null); do
		cat "/proc/$procs_pid/cmdline" 2>/dev/null | tr '\0' ' ' |
		    grep -Eq "[ :]$1([. ]|\$)" && echo "$procs_pid"
	done
	return 0
}

kill_proc() {
	kill_pid=$(procs "$1" | head -n 1)
	[ -n "$kill_pid" ] || fail "no process $1"
	kill "-$2" "$kill_pid"
}

mails() {
	find "${1:-$MAIL}" -path '*/new/*' -type f 2>/dev/null | wc -l
}

expect_file() {
	cat >"$TMP/expected"
	diff -u "$TMP/expected" "$1" >"$TMP/diff" ||
	    fail "$1 differs: $(cat "$TMP/diff")"
}

[ -x "$SMTPD" ] && [ -x "$SMTPCTL" ] || fail "build smtpd and smtpctl first"
[ -x "$CHAT" ] || fail "build $BIN first"
PORT=$("$BIN/port" "$HOST") || exit 1
if [ "$(id -u)" = 0 ] && [ -z "${AS_ROOT:-}" ]; then
	need setpriv
	AS="setpriv --reuid 65534 --regid 65534 --clear-groups --"
	mkdir "$TMP/bin"
	cp "$SMTPD" "$SMTPCTL" "$TMP/bin"
	SMTPD=$TMP/bin/smtpd
	SMTPCTL=$TMP/bin/smtpctl
	chown -R 65534:65534 "$TMP"
fi
mkdir -p "$TMP/spool" "$TMP/state" "$MAIL"
[ -z "$AS" ] || chown 65534:65534 "$TMP/spool" "$TMP/state" "$MAIL"
chmod 755 "$TMP"
