#!/bin/sh
# Postfix's smtp-source sends ten thousand messages over fifty sessions: each
# is found in its Maildir, whole, once.
. "$(dirname "$0")/../lib.sh"
SOURCE=$TOP/regress/.postfix/smtp-source
LD_LIBRARY_PATH=$TOP/regress/.postfix
export LD_LIBRARY_PATH
"$SOURCE" 2>&1 | grep -q usage || skip "needs smtp-source (regress/deps.sh)"

messages=10000
if grep -q __asan_init "$SMTPD"; then
	messages=1000
	echo "NOTE: $messages messages: the build has sanitizers"
fi
mkconf </dev/null
directory <<EOF
domain example.org
account bob addresses=bob@example.org
EOF
start
begin=$(date +%s)
"$SOURCE" -s 50 -m $messages -l 1024 -f s@client.example \
    -t bob@example.org -M client.example "inet:$HOST:$PORT" \
    >"$TMP/out" 2>&1 || fail "$(tail -c 500 "$TMP/out")"
end=$(date +%s)
[ "$(grep -c 'event=message ' "$LOG")" = $messages ] ||
    fail "$(grep -c 'event=message ' "$LOG") messages were answered 250"
wait_until '[ -z "$(ctl -j show queue)" ]' 120
box=$MAIL/example.org/bob/new
[ "$(find "$box" -type f | wc -l)" = $messages ] ||
    fail "$(find "$box" -type f | wc -l) messages in the Maildir"
# it numbers them
find "$box" -type f -exec grep -hi '^Message-ID:' {} + | sort -u >"$TMP/ids"
[ "$(wc -l <"$TMP/ids")" = $messages ] ||
    fail "only $(wc -l <"$TMP/ids") different messages"
find "$box" -type f -size -1024c | grep -q . && fail "some are cut short"
ok "$messages messages over 50 sessions in $((end - begin)) s"
stop
