#!/bin/sh
# System calls of the deliver process fail, one of a few: each message lands
# in its mailbox, whole and once, and no half of one is ever seen in new.
. "$(dirname "$0")/../lib.sh"
need python3
faulty deliver.0
REAL=$SMTPD

mkconf <<END
queue { retry 1s }
END
{
	echo "domain example.org"
	for n in 0 1 2 3 4 5 6 7 8 9; do
		echo "account u$n addresses=u$n@example.org quota=100M"
	done
} | directory

EIO=5 ENOSPC=28

play() {	# call, errno, every
	FAULT_CALL=$1 FAULT_ERRNO=$2 FAULT_EVERY=$3
	export FAULT_CALL FAULT_EVERY FAULT_ERRNO
	: >"$LOG"
	rm -rf "${MAIL:?}"/* "$TMP/book"
	SMTPD=$FAULTY
	start
	python3 "$TOP/regress/py/load.py" send "$HOST" "$PORT" 4 30 \
	    example.org "$TMP/book" 2>"$TMP/load.err" ||
	    fail "$1: not accepted: $(tail -n 3 "$TMP/load.err")"
	wait_until '[ -z "$(ctl -j show queue)" ]' 120
	stop
	SMTPD=$REAL
	python3 "$TOP/regress/py/load.py" check "$TMP/book" "$MAIL" \
	    >"$TMP/found" 2>&1 || fail "$1: $(cat "$TMP/found")"
	grep -q ' 0 twice$' "$TMP/found" || fail "$1: $(cat "$TMP/found")"
	grep -q 'killed by signal\|fatal' "$LOG" && fail "$1: a process died"
	ok "$1 fails with $2: $(grep -c event=deferred "$LOG") times later, \
none of 30 lost"
}

play write $ENOSPC 5
play write 0 2
play pread $EIO 5
play fsync $EIO 7
play linkat $EIO 3
play unlinkat $EIO 3
play mkdirat $ENOSPC 3
