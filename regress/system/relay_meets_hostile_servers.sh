#!/bin/sh
# Whatever a server says, a recipient is delivered, later, or refused for
# good, and the process goes on: the relay process alone, without the queue.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3
cp "$BIN/relayer" "$TMP/relayer"
printf 'Subject: x\r\n\r\n.text\r\n' >"$TMP/text"
chmod 755 "$TMP/relayer"
chmod 644 "$TMP/text"

relayer() {
	$AS timeout 60 "$TMP/relayer" "$@" 2>>"$LOG"
}

# case NAME EXPECTED [word ...]: a peer that does so, for one recipient.
n=0
hostile() {
	h_name=$1 h_want=$2
	shift 2
	n=$((n + 1))
	h_port=$("$BIN/port" "$HOST")
	peer "p$n" -p "$h_port" "$@"
	relayer $h_options "smtp://$HOST:$h_port" a@a.test "$TMP/text" \
	    x@b.test >"$TMP/out" || fail "$h_name: ended with $?"
	head -n 1 "$TMP/out" >"$TMP/first"
	grep -Eq "^$h_want" "$TMP/first" ||
	    fail "$h_name: $(cat "$TMP/out"), not $h_want"
	ok "$h_name"
}
h_options=

hostile "a good one" 'ok 250 2.0.0 taken'
hostile "no greeting" 'later 0 4.4.1' hello=
hostile "a greeting of nothing" 'later 0 4.4.1' hello=0d0a
hostile "a greeting of one octet" 'later 0 4.4.1' hello=32
hostile "a greeting of a NUL" 'later 0 4.4.1' hello=0032323020780d0a
hostile "another protocol" 'later 0 4.4.1' hello=5353482d322e300d0a
hostile "a TLS alert" 'later 0 4.4.1' hello=15030100020228
hostile "a greeting of two lines that differ" 'later 0 4.4.1' \
    hello=3232302d780d0a32353020780d0a
hostile "a server that does not want" 'later 0 4.4.1.*554 5.7.1 go away' \
    greeting="554 5.7.1 go away"
hostile "a server that never will" 'never 0 5.3.2.*521' \
    greeting="521 no mail here"
hostile "closed after EHLO" 'later 0 4.4.1' ehlo=CLOSE
hostile "our own name" 'never 0 5.4.6' name=us.test
hostile "no EHLO" 'ok 250' ehlo="502 what"
hostile "MAIL refused" 'never 550 5.7.1 no' mail="550 5.7.1 no"
hostile "MAIL later" 'later 451 4.3.0 no' mail="451 4.3.0 no"
hostile "MAIL with a reply that does not fit" 'later 0 4.4.1' mail="354 go"
hostile "RCPT refused without text" 'never 550 - $' rcpt=550
hostile "RCPT refused with half a code" 'later 0 4.4.1' rcpt=55
hostile "RCPT with an escape" 'never 550 - .\?\[2J' \
    rcpt=HEX35353020781b5b324a0d0a
hostile "more replies than commands" 'later 0 4.4.1' \
    rcpt='250 a\n250 b\n250 c\n250 d'
hostile "DATA refused" 'never 554 5.6.0 no' data="554 5.6.0 no"
hostile "DATA with 250" 'later 0 4.4.1' data="250 go"
hostile "closed at DATA" 'later 0 4.4.1' data=CLOSE
hostile "closed at the end" 'later 0 - ' end=CLOSE
hostile "the end refused" 'never 552 5.3.4 big' end="552 5.3.4 big"
hostile "the end with nonsense" 'later 0 - ' end=what
hostile "421 at RCPT" 'later 0 4.4.1.*421 4.3.2 bye' rcpt="421 4.3.2 bye"
hostile "421 at the end" 'later 0 4.4.1.*421 4.3.2 bye' end="421 4.3.2 bye"
hostile "DATA taken for nobody" 'never 550 - no' rcpt="550 no" data="354 go"
hostile "a line of 60000 octets" 'ok 250' \
    greeting="220 $(head -c 60000 /dev/zero | tr '\0' a)"
hostile "a line that has no end" 'later 0 4.4.1' \
    greeting="220 $(head -c 100000 /dev/zero | tr '\0' a)"
hostile "a size that is too small" 'never 0 5.3.4' ext=SIZE_5
hostile "no extension at all" 'ok 250' ext=
h_options="-8"
hostile "8BITMIME asked for, not offered and not needed" 'ok 250' ext=
printf 'Subject: x\r\n\r\n\303\274\r\n' >"$TMP/text"
hostile "8BITMIME needed and not offered" 'never 0 5.6.3' ext=
hostile "8BITMIME needed and offered" 'ok 250' ext=8BITMIME
h_options="-u"
hostile "SMTPUTF8 asked for and not needed" 'ok 250' ext=
printf 'Subject: \303\274\r\n\r\nx\r\n' >"$TMP/text"
hostile "SMTPUTF8 needed and not offered" 'never 0 5.6.7' ext=
hostile "SMTPUTF8 needed and offered" 'ok 250' ext=SMTPUTF8
printf 'Subject: x\r\n\r\na\n.\r\nb\r\n' >"$TMP/text"
h_options=
hostile "a text that would smuggle" 'never 0 5.6.0'
[ "$(took "p$n")" = 0 ] || fail "half a text was taken for a whole one"
ok "the rest of it stays here"
