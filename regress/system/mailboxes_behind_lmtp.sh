#!/bin/sh
# deliver lmtp: each recipient has its own outcome, over TCP and UNIX sockets;
# and Dovecot's own server, when it is there.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3
P=$("$BIN/port" "$HOST")

directory <<END
domain own.example
account john addresses=john@own.example
account jane addresses=jane@own.example
account full addresses=full@own.example
account gone addresses=gone@own.example
alias both@own.example john@own.example,jane@own.example
END
peer box -p "$P" lmtp=1 rcpt.gone="550 5.1.1 gone" \
    end.full="452 4.2.2 mailbox full"
mkconf <<END
deliver lmtp "lmtp://$HOST:$P"
queue { retry 1h }
END
start
letter jane@own.example john@own.example jane@own.example full@own.example
wait_until 'grep -q "event=deferred to=<full@own.example>.*452 4.2.2" "$LOG"'
[ "$(took box)" = 1 ] || fail "$(took box) transactions"
grep -c '^RCPT' "$TMP/box/1" >"$TMP/out"
expect_file "$TMP/out" <<END
3
END
ctl show queue >"$TMP/out"
[ "$(grep -c waiting "$TMP/out")" = 1 ] || fail "$(cat "$TMP/out")"
ok "each recipient has its own outcome"

letter jane@own.example gone@own.example
wait_until 'grep -q "RCPT TO:<jane@own.example>" "$TMP/box/2" 2>/dev/null'
grep -q 'Subject: Your message could not' "$TMP/box/2" || fail "no notice"
ok "what is refused there is told to the sender"
stop

command -v dovecot >/dev/null 2>&1 || skip "needs dovecot for the rest"
[ "$(id -u)" = 0 ] || skip "dovecot wants root"
D=$TMP/dovecot
mkdir -p "$D/run" "$D/mail"
cat >"$D/conf" <<END
base_dir = $D/run
state_dir = $D/run
log_path = $D/log
protocols = lmtp
mail_location = maildir:$D/mail/%u
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
first_valid_uid = 1
ssl = no
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=$D/mail/%u
}
service lmtp {
  unix_listener $D/lmtp {
    mode = 0666
  }
}
service anvil {
  chroot =
}
END
chown -R 65534:65534 "$D/mail"
chmod 755 "$D" "$D/run"
dovecot -c "$D/conf" -F >"$D/out" 2>&1 &
STARTED="$STARTED $!"
wait_until '[ -S "$D/lmtp" ]'
rm -rf "$TMP/spool" && mkdir "$TMP/spool" && chown 65534:65534 "$TMP/spool"
mkconf <<END
deliver lmtp "$D/lmtp"
END
start
letter john@own.example both@own.example
wait_until '[ "$(mails "$D/mail/john@own.example")" = 1 ]'
wait_until '[ "$(mails "$D/mail/jane@own.example")" = 1 ]'
grep -rq '^Subject: a letter' "$D/mail" || fail "$(cat "$D/log")"
grep -rq '^Return-Path: <john@own.example>' "$D/mail" || fail "no sender"
ok "Dovecot takes it over a UNIX socket"
stop
