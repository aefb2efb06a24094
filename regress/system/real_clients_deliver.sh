#!/bin/sh
# Mail from clients that others wrote: curl, swaks, msmtp, Python's smtplib.
. "$(dirname "$0")/../lib.sh"
need curl swaks msmtp python3

mkconf </dev/null
directory <<EOF
domain example.org
account bob addresses=bob@example.org
EOF
start
cat >"$TMP/text" <<'EOF'
From: Alice <alice@client.example>
To: bob@example.org
Subject: SUBJECT

A line.
.
.A line after a dot.
EOF
sed '1,/^$/d' "$TMP/text" >"$TMP/body"

# Find the message of this client, and see that its text is whole.
arrived() {	# subject
	wait_until "grep -qrs '^Subject: $1\$' '$MAIL/example.org/bob/new'" 20
	file=$(grep -lr "^Subject: $1\$" "$MAIL/example.org/bob/new")
	sed '1,/^$/d' "$file" | sed '$!b; /^$/d' >"$TMP/got"
	expect_file "$TMP/got" <"$TMP/body"
	ok "$1"
}
text() { sed "s/SUBJECT/$1/" "$TMP/text"; }

text curl | sed 's/$/\r/' >"$TMP/curl.text"
curl -sS --max-time 60 "smtp://$HOST:$PORT/client.example" \
    --mail-from alice@client.example --mail-rcpt bob@example.org \
    --upload-file "$TMP/curl.text" >"$TMP/out" 2>&1 ||
    fail "curl: $(cat "$TMP/out")"
arrived curl

text swaks >"$TMP/swaks.text"
swaks --server "$HOST:$PORT" --ehlo client.example --timeout 60 \
    --from alice@client.example --to bob@example.org \
    --data "@$TMP/swaks.text" >"$TMP/out" 2>&1 ||
    fail "swaks: $(cat "$TMP/out")"
arrived swaks

swaks --server "$HOST:$PORT" --ehlo client.example --timeout 60 \
    --from alice@client.example --to nobody@example.org \
    >"$TMP/out" 2>&1 && fail "swaks: an unknown recipient was taken"
grep -q '550 5.1.1' "$TMP/out" || fail "swaks: $(cat "$TMP/out")"
ok "swaks sees 550 5.1.1"

text msmtp | msmtp --host="$HOST" --port="$PORT" --tls=off --auth=off \
    --domain=client.example --timeout=60 --from=alice@client.example \
    bob@example.org >"$TMP/out" 2>&1 || fail "msmtp: $(cat "$TMP/out")"
arrived msmtp

text smtplib >"$TMP/smtplib.text"
cat >"$TMP/client.py" <<'EOF'
import smtplib
import sys

with open(sys.argv[3], encoding="ascii") as file:
    text = file.read()
with smtplib.SMTP(sys.argv[1], int(sys.argv[2]), "client.example",
                  timeout=60) as smtp:
    smtp.ehlo_or_helo_if_needed()
    for word in ("size", "pipelining", "8bitmime", "enhancedstatuscodes"):
        assert smtp.has_extn(word), word
    refused = smtp.sendmail("alice@client.example",
                            ["bob@example.org", "nobody@example.org"], text)
    assert list(refused) == ["nobody@example.org"], refused
    assert refused["nobody@example.org"][0] == 550, refused
    try:
        smtp.sendmail("alice@client.example", ["nobody@example.org"], text)
        raise AssertionError("an unknown recipient was taken")
    except smtplib.SMTPRecipientsRefused:
        pass
EOF
python3 "$TMP/client.py" "$HOST" "$PORT" "$TMP/smtplib.text" \
    >"$TMP/out" 2>&1 || fail "smtplib: $(cat "$TMP/out")"
arrived smtplib
stop
