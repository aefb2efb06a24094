#!/bin/sh
# Submission by curl, swaks and msmtp: only with a login, and messages get the
# Date and Message-ID that they lack, on the ports of RFC 6409 and RFC 8314.
. "$(dirname "$0")/../lib.sh"
need openssl curl swaks msmtp
SMTPS=$("$BIN/port" "$HOST")
SUB=$("$BIN/port" "$HOST")
CLEAR=$("$BIN/port" "$HOST")
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=mx.own.example -keyout "$TMP/key" -out "$TMP/crt" \
    2>"$TMP/openssl" || fail "openssl: $(cat "$TMP/openssl")"
chmod 600 "$TMP/key"
[ -z "$AS" ] || chown 65534:65534 "$TMP/key"
mkconf <<END
pki mx cert "$TMP/crt" key "$TMP/key"
listen on $HOST port $PORT name smtp
listen on $HOST port $SMTPS name submissions tls auth accounts submission
listen on $HOST port $SUB name submission starttls require auth accounts \
    submission
listen on $HOST port $CLEAR name clear auth accounts insecure submission
END
directory <<END
domain example.org
account ann addresses=ann@example.org
    secret=$(echo pencil | "$SMTPCTL" encrypt -t sha512)
account bob addresses=bob@example.org
END
start

# Date and Message-ID of bob's message of that subject: how many of each
arrived() {	# subject
	wait_until "grep -qrs '^Subject: $1\$' '$MAIL/example.org/bob/new'" 20
	file=$(grep -lr "^Subject: $1\$" "$MAIL/example.org/bob/new")
	tr -d '\r' <"$file" | sed '/^$/q' >"$TMP/header"
	dates=$(grep -ci '^date:' "$TMP/header")
	ids=$(grep -ci '^message-id:' "$TMP/header")
}

printf 'Subject: curl\r\n\r\nDate: in the text\r\n' >"$TMP/text"
curl -sS -k --max-time 100 "smtps://$HOST:$SMTPS/client.example" \
    --user ann:pencil --mail-from ann@example.org \
    --mail-rcpt bob@example.org --upload-file "$TMP/text" >"$TMP/out" 2>&1 ||
    fail "curl: $(cat "$TMP/out")"
arrived curl
[ "$dates $ids" = "1 1" ] || fail "curl: $(cat "$TMP/header")"
grep -Eq '^Date: [A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} 20[0-9]{2} ' \
    "$TMP/header" || fail "date: $(cat "$TMP/header")"
grep -Eq '^Message-ID: <[0-9a-f]{16}@mx\.own\.example>$' "$TMP/header" ||
    fail "id: $(cat "$TMP/header")"
ok "curl lacks both, and gets both"

printf 'Date: Tue, 24 Nov 2026 10:00:00 +0000\nSubject: swaks\n\nx\n' \
    >"$TMP/text"
swaks --server "$HOST:$CLEAR" --auth PLAIN --auth-user ann \
    --auth-password pencil --ehlo client.example --timeout 100 \
    --from ann@example.org --to bob@example.org --data "@$TMP/text" \
    >"$TMP/out" 2>&1 || fail "swaks: $(cat "$TMP/out")"
arrived swaks
[ "$dates $ids" = "1 1" ] || fail "swaks: $(cat "$TMP/header")"
grep -q '^Date: Tue, 24 Nov 2026 10:00:00 +0000$' "$TMP/header" ||
    fail "its date changed: $(cat "$TMP/header")"
ok "swaks keeps its Date, and gets a Message-ID"

printf 'message-id: <own@client>\nSubject: msmtp\n\nx\n' |
    msmtp --host="$HOST" --port="$SUB" --tls=on --tls-certcheck=off \
    --auth=plain --user=ann --passwordeval='echo pencil' \
    --domain=client.example --timeout=100 --set-date-header=off \
    --from=ann@example.org bob@example.org >"$TMP/out" 2>&1 ||
    fail "msmtp: $(cat "$TMP/out")"
arrived msmtp
[ "$dates $ids" = "1 1" ] || fail "msmtp: $(cat "$TMP/header")"
grep -q '^message-id: <own@client>$' "$TMP/header" ||
    fail "its id changed: $(cat "$TMP/header")"
ok "msmtp keeps its Message-ID, and gets a Date"

curl -sS -k --max-time 100 "smtps://$HOST:$SMTPS/client.example" \
    --mail-from ann@example.org --mail-rcpt bob@example.org \
    --upload-file "$TMP/text" -v >"$TMP/out" 2>&1 &&
    fail "curl without a login: $(cat "$TMP/out")"
grep -q '530 5\.7\.0' "$TMP/out" || fail "$(cat "$TMP/out")"
ok "without a login it is 530 5.7.0"

printf 'Subject: stranger\n\nx\n' >"$TMP/text"
swaks --server "$HOST:$PORT" --ehlo client.example --timeout 100 \
    --from a@client.example --to bob@example.org --data "@$TMP/text" \
    >"$TMP/out" 2>&1 || fail "swaks: $(cat "$TMP/out")"
arrived stranger
[ "$dates $ids" = "0 0" ] || fail "a stranger's: $(cat "$TMP/header")"
ok "mail of others stays as it is"
stop
