#!/bin/sh
# show metrics is the text format of Prometheus: each name has one line of its
# type and then all of its samples, each with labels of its own and a number;
# they are those of show stats.
. "$(dirname "$0")/../lib.sh"

directory <<END
domain own.example
account john addresses=john@own.example
END
echo "prefork 2" | mkconf
start
ctl show metrics >"$TMP/metrics" || fail "no metrics"
awk '
/^# TYPE [a-z][a-z0-9_]* untyped$/ {
	if (seen[$3]++)
		print "twice: " $0
	name = $3
	next
}
/^[a-z0-9_]*{process="[a-z]*",instance="[0-9]+"} -?[0-9]+$/ {
	if (substr($0, 1, index($0, "{") - 1) != name || had[$1]++)
		print "out of place: " $0
	next
}
{ print "no sample: " $0 }' "$TMP/metrics" >"$TMP/out"
[ ! -s "$TMP/out" ] || fail "$(cat "$TMP/out")"
for sample in smtpd_process_ready.*front.*1.*' 1' \
    smtpd_front_sessions.*1.*' [0-9]*' smtpd_queue_messages.*0.*' 0'; do
	grep -q "^$sample\$" "$TMP/metrics" ||
	    fail "no $sample: $(cat "$TMP/metrics")"
done
[ "$(ctl show stats | wc -l)" = "$(grep '^smtpd_' "$TMP/metrics" |
    grep -vc ^smtpd_process_)" ] || fail "not the figures of show stats"
ok "$(grep -c '^# TYPE' "$TMP/metrics") names in good order"
code=0
ctl -j show metrics >"$TMP/out" 2>&1 || code=$?
[ "$code" = 64 ] || fail "exit code $code: $(cat "$TMP/out")"
ok "they are not JSON"
stop
