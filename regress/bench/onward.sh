#!/bin/sh
# Mail relayed a second, from smtp-source through this server to smtp-sink;
# then through Postfix in the same run, when it is there and we are root: the
# ratio says more than either figure.  MESSAGES=2000 SESSIONS=20
TOP=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
TEST=onward
. "$TOP/regress/lib.sh"
. "$TOP/regress/relay.sh"
M=${MESSAGES:-2000}
TOOLS=$TOP/regress/.postfix
SINK=$("$BIN/port" "$HOST")
P1=$("$BIN/port" "$HOST")
[ -x "$TOOLS/smtp-source" ] || skip "needs smtp-source"

greets() {
	"$CHAT" "$HOST" "$1" >/dev/null 2>&1 <<-END
	S: 220
	C: QUIT
	S: 221
	END
}

# NAME PORT LOG PATTERN: send, and wait until all has gone on.
relayed() {
	t0=$(date +%s%N)
	LD_LIBRARY_PATH=$TOOLS "$TOOLS/smtp-source" -s "${SESSIONS:-20}" \
	    -m "$M" -l 4096 -f john@own.example -t x@sink.example \
	    "$HOST:$2" || fail "smtp-source to $1"
	r_log=$3 r_what=$4
	wait_until '[ "$(grep -c "$r_what" "$r_log")" -ge "$M" ]' 300
	ms=$((($(date +%s%N) - t0) / 1000000))
	echo "$1: $((M * 1000 / ms)) messages/s relayed ($M in $ms ms)"
}

LD_LIBRARY_PATH=$TOOLS "$TOOLS/smtp-sink" -u nobody "$HOST:$SINK" 500 \
    >/dev/null 2>&1 &
STARTED="$STARTED $!"
directory <<END
domain own.example
account john addresses=john@own.example
END
mkconf <<END
relay host "smtp://$HOST:$SINK"
rcpt { directory 'accounts'; relay yes }
END
start
relayed smtpd "$PORT" "$LOG" event=relayed
stop

if [ "$(id -u)" != 0 ] || ! command -v postfix >/dev/null 2>&1; then
	echo "postfix: not here"
	exit 0
fi
D=$TMP/postfix
mkdir -p "$D/conf" "$D/queue" "$D/data"
chown postfix "$D/data"
cat >"$D/conf/main.cf" <<END
compatibility_level = 3.6
queue_directory = $D/queue
data_directory = $D/data
mail_owner = postfix
setgid_group = postdrop
myhostname = post.example
mydestination =
inet_protocols = ipv4
inet_interfaces = loopback-only
alias_maps =
mynetworks = 127.0.0.0/8
relayhost = [$HOST]:$SINK
maillog_file = $D/log
maillog_file_prefixes = $D
END
sed -e "s/^smtp  *inet/$HOST:$P1 inet/" -e '/^[^#]/s/ y  / n  /' \
    /etc/postfix/master.cf >"$D/conf/master.cf"
postfix -c "$D/conf" start-fg >"$D/out" 2>&1 &
STARTED="$STARTED $!"
wait_until 'greets "$P1"' 30
# start-fg is only its parent
STARTED="$STARTED $(cat "$D/queue/pid/master.pid")"
relayed postfix "$P1" "$D/log" status=sent
