#!/bin/sh
# What is in the Maildir, octet for octet: Return-Path, Delivered-To,
# X-Original-To and Received on top, then the text as it was sent, dots
# removed and line ends as files have them.
. "$(dirname "$0")/../lib.sh"

mkconf </dev/null
directory <<EOF
domain example.org
account john addresses=john@example.org,jdoe@example.org
account jane addresses=jane@example.org
alias both@example.org john@example.org,jane@example.org
EOF
start
say >"$TMP/out" 2>&1 <<'EOF' || fail "$(cat "$TMP/out")"
S: 220
C: EHLO client.example.net
S* 250
C: MAIL FROM:<sender@client.example.net>
S: 250 2.1.0
C: RCPT TO:<JDoe+Tag@Example.ORG>
S: 250 2.1.5
C: DATA
S: 354
C: From: Sender <sender@client.example.net>
C: To: a list
C: Subject: dots
C:
C: ..one dot
C: ...two dots
C: ..
C: no dot .
C: .
S: 250 2.0.0
C: MAIL FROM:<>
S: 250 2.1.0
C: RCPT TO:<both@example.org>
S: 250 2.1.5
C: DATA
S: 354
C: Subject: to both
C:
C: text
C: .
S: 250 2.0.0
C: QUIT
S: 221
EOF
wait_until '[ "$(mails)" = 3 ]' 20

box=$MAIL/example.org/john
first=$(grep -l '^Subject: dots' "$box"/new/*)
sed -e 's/^Received: .*/Received: .../' -e '/^	/d' "$first" >"$TMP/first"
expect_file "$TMP/first" <<'EOF'
Return-Path: <sender@client.example.net>
Delivered-To: john@example.org
X-Original-To: JDoe+Tag@Example.ORG
Received: ...
From: Sender <sender@client.example.net>
To: a list
Subject: dots

.one dot
..two dots
.
no dot .
EOF
ok "text and header lines"

# RFC 5321 4.4: from whom, by whom, how, as what, when
sed -n '/^Received:/,/^From:/p' "$first" | grep -v ^From: | tr '\n' ' ' |
    tr -s ' \t' ' ' >"$TMP/received"
grep -Eq '^Received: from client\.example\.net \(.*\[127\.[0-9.]+\].*\) by '\
'mx\.own\.example.* with ESMTP id [0-9a-f]+.*; [A-Z][a-z]{2}, [0-9]+ '\
'[A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}' "$TMP/received" ||
    fail "$(cat "$TMP/received")"
ok "Received"

for who in john jane; do
	file=$(grep -l '^Subject: to both' "$MAIL/example.org/$who"/new/*)
	head -n 3 "$file" >"$TMP/head"
	expect_file "$TMP/head" <<-EOF
	Return-Path: <>
	Delivered-To: $who@example.org
	X-Original-To: both@example.org
	EOF
done
ok "one copy for each account behind an alias"

find "$MAIL" -type f ! -path '*/new/*' >"$TMP/left"
[ ! -s "$TMP/left" ] || fail "files are left: $(cat "$TMP/left")"
find "$MAIL"/*/* -perm /077 >"$TMP/open"
[ ! -s "$TMP/open" ] || fail "others may use: $(cat "$TMP/open")"
grep -q "$(printf '\r')" "$first" && fail "CR in the file"
ok "nothing else, and nobody else may read it"
stop
