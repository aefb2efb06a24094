#!/bin/sh
# System calls of the relay process fail, one of a few, while mail is on its
# way to another server: all of it arrives whole, and only an answer to the
# end of data that was lost costs a second copy (RFC 5321 4.5.3.2.6).
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3
faulty relay.0
N=${N:-20}

names <<END
far.example MX 10 mx.far.example
mx.far.example A $HOST
END
peer far
directory <<END
domain own.example
account john addresses=john@own.example
END
onward <<END
queue { retry 1s }
END

EIO=5 EMFILE=24 EPIPE=32 ENETUNREACH=101 ECONNRESET=104

letters() {
	printf 'S: 220\nC: EHLO c.test\nS* 250\n'
	for to in $(seq -f 'u%.0f' 1 "$N"); do
		printf 'C: MAIL FROM:<john@own.example>\nS: 250\n'
		printf 'C: RCPT TO:<%s@far.example>\nS: 250\n' "$to"
		printf 'C: DATA\nS: 354\nC: Subject: %s\nC:\n' "$to"
		seq -f 'C: line %.0f' 1 50
		printf 'C: .\nS: 250\n'
	done
	printf 'C: QUIT\nS: 221\n'
}

# One call fails at every so manieth time; may a letter come twice then?
play() {	# call, errno, every, copies of one letter at most
	FAULT_CALL=$1 FAULT_ERRNO=$2 FAULT_EVERY=$3
	export FAULT_CALL FAULT_EVERY FAULT_ERRNO
	: >"$LOG"
	rm -f "$TMP"/far/[0-9]*
	SMTPD=$FAULTY
	start
	letters | say >"$TMP/out" 2>&1 || fail "$1: $(cat "$TMP/out")"
	# a hop that could not be reached is left alone for a minute
	wait_until 'ctl queue retry all >"$TMP/out" 2>&1; sleep 0.3
	    [ -z "$(ctl -j show queue)" ]' 120
	stop
	cat "$TMP"/far/[0-9]* | sed -n 's/^RCPT TO:<\(u[0-9]*\)@.*/\1/p' |
	    sort | uniq -c | sort -n >"$TMP/got"
	[ "$(wc -l <"$TMP/got")" = "$N" ] ||
	    fail "$1: $(wc -l <"$TMP/got") of $N: lost"
	[ "$(tail -n 1 "$TMP/got" | awk '{ print $1 }')" -le "$4" ] ||
	    fail "$1: $(tail -n 1 "$TMP/got"): too often"
	[ "$(grep -L '^line 50' "$TMP"/far/[0-9]* | wc -l)" = 0 ] ||
	    fail "$1: not whole: $(grep -L '^line 50' "$TMP"/far/[0-9]*)"
	grep -q 'killed by signal\|fatal' "$LOG" && fail "$1: a process died"
	[ -z "$(mails "$MAIL" | grep -v '^0$')" ] || fail "$1: a notice"
	ok "$1 fails with $2: $(grep -c event=deferred "$LOG") times later, \
none of $N lost"
}

play socket $EMFILE 3 1
play connect $ENETUNREACH 3 1
play send $EPIPE 9 1
play send 0 2 1
play recv 0 2 1
play pread $EIO 5 1
play recv $ECONNRESET 23 3
