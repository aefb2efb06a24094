#!/bin/sh
# smtpctl trace beside what clients said and heard, and beside explain: two
# fronts, two generations, processes that die; and what it must not show.
. "$(dirname "$0")/../lib.sh"
need python3
LOGIN=$("$BIN/port" "$HOST")

try() {		# command of trace.py, what it shows
	timeout 200 python3 "$TOP/regress/py/trace.py" "$1" "$HOST" "$PORT" \
	    "$LOGIN" "$SMTPCTL" "$SOCK" "$CONF" >"$TMP/said" 2>&1 ||
	    fail "$1: $(cat "$TMP/said")"
	ok "$2"
}

secret=$(echo pencil | "$SMTPCTL" encrypt -t scram)
mkconf <<END
prefork 2
listen on $HOST port $PORT name smtp
listen on $HOST port $LOGIN name login auth accounts insecure
auth { mechanisms "PLAIN LOGIN SCRAM-SHA-256"; errors { total 9; wait 0 } }
rcpt {
	directory 'accounts'
	rewrite if matches('^old[.](.+)\$', rcpt) then \$1
	errors { total 1000; wait 0 }
}
END
directory <<END
domain example.org
domain catchall.test
account ann addresses=ann@example.org,@catchall.test secret=$secret
account bob addresses=bob@example.org
alias team@example.org ann@example.org,bob@example.org
alias gone@example.org state=reject text="Withdrawn."
alias late@example.org state=defer text="Not yet."
END
start
try order "each line in its place, the steps of explain, no text"
try pipelined "the steps of a group of recipients say whose they are"
try secrets "no password is shown, whatever way it comes"
try one "a session by its name, until it ends; 65 and 64 for what is none"
try many "eight at a time; one that is killed makes room"
try reload "sessions of both generations are watched"
try deaths "processes that begin anew watch on"

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$TMP/bin"
	setpriv --reuid 12345 --regid 65534 --clear-groups -- \
	    "$SMTPCTL" -s "$SOCK" trace 127.0.0.1 >"$TMP/out" 2>&1
	[ $? = 77 ] || fail "the group may trace: $(cat "$TMP/out")"
	ok "only root and the owner may"
fi
: >"$TMP/out"
background "$SMTPCTL" -s "$SOCK" trace 127.0.0.1 2>"$TMP/out"
trace=$BACKGROUND
wait_until '[ -s "$TMP/out" ]' 30
stop
wait "$trace"
[ $? = 69 ] || fail "a trace at the end of the server: $(cat "$TMP/out")"
ok "it ends with the server: 69"
