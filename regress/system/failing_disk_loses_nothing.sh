#!/bin/sh
# System calls of the queue process fail, one of a few, while mail comes in:
# what was answered 250 is delivered, once, and what was answered 451 or 452
# is not; a server that starts with a well disk afterwards has nothing to add.
. "$(dirname "$0")/../lib.sh"
need python3
REAL=$SMTPD
faulty queue.0

mkconf <<END
queue { retry 1s }
END
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org"
	done
} | directory

EIO=5 ENOSPC=28

# One call fails at every so manieth time; what the log must say of it.
play() {	# call, errno, every, words of the log
	FAULT_CALL=$1 FAULT_ERRNO=$2 FAULT_EVERY=$3
	export FAULT_CALL FAULT_EVERY FAULT_ERRNO
	: >"$LOG"
	rm -rf "${MAIL:?}"/* "$TMP/book"
	SMTPD=$FAULTY
	start
	# every tenth message is too large for the log
	python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 8 120 \
	    example.org "$TMP/book" 10 1500 2>"$TMP/load.err" ||
	    fail "$1: not accepted in the end: $(tail -n 3 "$TMP/load.err")"
	wait_until '[ -z "$(ctl -j show queue)" ]' 60
	SMTPD=$REAL
	restart
	[ -z "$(ctl -j show queue)" ] || fail "$1: something is left:
$(ctl show queue)"
	stop
	python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" \
	    >"$TMP/found" 2>&1 || fail "$1: $(cat "$TMP/found")"
	grep -q ' 0 twice$' "$TMP/found" ||
	    fail "$1: refused and delivered: $(cat "$TMP/found")"
	grep -Eq "$4" "$LOG" || fail "$1: nothing has failed"
	grep -q 'killed by signal' "$LOG" && fail "$1: the queue died"
	ok "$1 fails with $2: $(grep -c ' later$' "$TMP/book") refused, none \
of 120 lost"
}

play fdatasync $EIO 5 'log/.*Input/output error'
play pwrite $ENOSPC 11 'No space left on device'
play pwrite 0 2 'event=done'
play fsync $EIO 4 'Input/output error'
play renameat $EIO 3 'event=spool-error: Input/output error'
play unlinkat $EIO 3 'event=spool-error: Input/output error'
