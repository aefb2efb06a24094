#!/bin/sh
# Three hundred clients that write an octet at a time hold up nobody, and are
# let go when their time is over.
. "$(dirname "$0")/../lib.sh"
need python3
mkconf <<END
listen on $HOST port $PORT name smtp
session { timeout 5s; duration 8s; max-sessions-per-client 1000 }
END
directory <<END
domain example.org
account john addresses=john@example.org
END
start
background python3 "$TOP/regress/py/slow.py" "$HOST" "$PORT" 300 \
    >"$TMP/slow" 2>&1
slow=$BACKGROUND
wait_until 'grep -q "^slow: 300" "$TMP/slow"' 30
say <<END
S: 220
C: EHLO client.test
S* 250
C: MAIL FROM:<a@b.test>
S: 250 2.1.0
C: RCPT TO:<john@example.org>
S: 250 2.1.5
C: DATA
S: 354
C: Subject: quick
C:
C: .
S: 250 2.0.0
C: QUIT
S: 221 2.0.0
END
grep -q '^over' "$TMP/slow" && fail "the slow ones are gone already"
ok "a client is served beside 300 slow ones"
wait_until '! alive "$slow"' 60
grep -q '^over: 300 of 300 were told 421' "$TMP/slow" ||
    fail "the slow ones: $(cat "$TMP/slow")"
stop
ok "slow clients are let go with 421"
