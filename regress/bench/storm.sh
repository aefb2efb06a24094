#!/bin/sh
# RCPTs a second while passwords are guessed, beside RCPTs a second while they
# are not, in turns of the same run; and what the guesses got of the machine.
# ROUNDS=5 SECONDS_EACH=3
TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
TEST=storm
. "$TOP/regress/lib.sh"
need python3
hz=$(getconf CLK_TCK)
each=${SECONDS_EACH:-3}

ticks() {	# of the processes of a name
	for p in $(procs "$1"); do sed 's/.*) //' "/proc/$p/stat"; done |
	    awk '{ t += $12 + $13 } END { print t + 0 }'
}

load() {	# adds to the file
	"$BIN/load" rcpt "$HOST" "$PORT" 8 20 "$each" bench.example 1000 \
	    >"$TMP/load" || fail "load: $(cat "$TMP/load")"
	awk '{ print $2 / $8 }' "$TMP/load" >>"$1"
}

mean() { awk '{ t += $1 } END { printf "%.0f", t / NR }' "$1"; }

mkconf <<END
listen on $HOST port $PORT name clear auth accounts insecure
auth { errors { total 1000000; wait 0 } }
session { max-size 1M }
END
{
	echo "domain bench.example"
	i=0
	while [ "$i" -lt 1000 ]; do
		echo "account a$i addresses=u$i@bench.example"
		i=$((i + 1))
	done
	echo "account bob addresses=bob@bench.example" \
	    "secret=$(echo pencil | "$SMTPCTL" encrypt -t bcrypt)"
} | directory
start
for round in $(seq "${ROUNDS:-5}"); do
	load "$TMP/quiet"
	mkfifo "$TMP/fifo.$round"
	python3 "$TOP/regress/py/auth.py" storm "$HOST" 1 "$PORT" \
	    <"$TMP/fifo.$round" >>"$TMP/guesses" 2>&1 &
	client=$!
	exec 3>"$TMP/fifo.$round"
	before=$(ticks hash)
	wait_until '[ "$(ticks hash)" -gt $((before + 20)) ]'
	before=$(ticks hash)
	load "$TMP/storm"
	echo "$(($(ticks hash) - before))" >>"$TMP/ticks"
	exec 3>&-
	wait "$client" || fail "storm: $(cat "$TMP/guesses")"
done
quiet=$(mean "$TMP/quiet") storm=$(mean "$TMP/storm")
share=$(awk -v hz="$hz" -v s="$each" -v n="$(nproc)" \
    '{ t += $1 } END { printf "%.1f", 100 * t / hz / (NR * s * n) }' \
    "$TMP/ticks")
echo "RCPTs a second: $quiet, and $storm while passwords are guessed" \
    "($(awk "BEGIN { printf \"%.2f\", $storm / $quiet }"))"
echo "the guesses had $share % of the machine; replies:" \
    "$(tr '\n' ' ' <"$TMP/guesses")"
stop
