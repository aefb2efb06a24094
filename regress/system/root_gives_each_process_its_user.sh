#!/bin/sh
# Started by root: every process has its own user, its root directory, no
# privilege, a closed sandbox and no file open that is not its business.
# Runs in a mount namespace with users and /var of its own.
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ]; then
	unshare -m true 2>/dev/null && IN_NAMESPACE=1 exec unshare -m \
	    --propagation private sh "$0"
fi
AS_ROOT=1
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3 openssl
[ "$(id -u)" = 0 ] || skip "needs root"
[ -n "${IN_NAMESPACE:-}" ] || skip "needs unshare -m"

for file in passwd group; do
	grep -Ev '^_smtp' "/etc/$file" >"$TMP/$file"
done
n=64100
for user in _smtpd _smtpdb _smtpq _smtpmail _smtpk _smtpsql; do
	n=$((n + 1))
	echo "$user:x:$n:$n::/var/empty:/usr/sbin/nologin" >>"$TMP/passwd"
	echo "$user:x:$n:" >>"$TMP/group"
done
for file in passwd group; do
	mount --bind "$TMP/$file" "/etc/$file" || skip "needs mount"
done
mount -t tmpfs -o mode=755 none /var || skip "needs mount"

# another server, whose certificate the machine knows, and the way to it
CAS=/etc/ssl/certs/ca-certificates.crt
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.far.example \
    -addext subjectAltName=DNS:mx.far.example -keyout "$TMP/far.key" \
    -out "$TMP/far.crt" 2>"$TMP/openssl" || fail "$(cat "$TMP/openssl")"
[ -e "$CAS" ] || skip "needs ca-certificates"
mount --bind "$TMP/far.crt" "$CAS" || skip "needs mount"
names <<END
mx.far.example A $HOST
END
peer far tls="$TMP/far.crt,$TMP/far.key"

# as a new machine has it: the server makes its directories itself
rmdir "$TMP/spool" "$TMP/state" "$MAIL"
LOGINS=$("$BIN/port" "$HOST")
onward <<END
relay host "smtp+tls://mx.far.example:$MX"
listen on $HOST port $PORT name smtp
listen on $HOST port $LOGINS name clear auth accounts insecure
store local sql "sqlite:///$TMP/state/local.sqlite"
END
sed -i 's,sqlite:////,sqlite:///,' "$CONF"
directory <<EOF
domain example.org
account bob addresses=bob@example.org
	secret=$(echo pencil | "$SMTPCTL" encrypt -t bcrypt)
EOF

"$SMTPD" -d -f "$CONF" 2>"$TMP/out" && fail "started without /var/empty"
grep -q 'install -d -m 755 /var/empty' "$TMP/out" ||
    fail "no word about /var/empty: $(cat "$TMP/out")"
install -d -m 755 /var/empty
ok "/var/empty is asked for"
start
wait_until 'grep -q "smtpd: ready" "$LOG"' 30
grep -q 'not started by root' "$LOG" && fail "not root?"

status() { sed -n "s/^$2:[[:blank:]]*//p" "/proc/$1/status"; }
look() {	# process, user, root directory
	pid=$(procs "$1" | head -n 1)
	[ -n "$pid" ] || fail "no process $1"
	id=$(sed -n "s/^$2:x:\([0-9]*\):.*/\1/p" "$TMP/passwd")
	four="$id	$id	$id	$id"
	[ "$(status "$pid" Uid)" = "$four" ] ||
	    fail "$1: uids $(status "$pid" Uid)"
	[ "$(status "$pid" Gid)" = "$four" ] ||
	    fail "$1: gids $(status "$pid" Gid)"
	[ "$(status "$pid" Groups | tr -d ' ')" = "$id" ] ||
	    fail "$1: groups $(status "$pid" Groups)"
	[ "$(readlink "/proc/$pid/root")" = "$3" ] ||
	    fail "$1: root directory $(readlink "/proc/$pid/root")"
	for set in CapInh CapPrm CapEff CapAmb; do
		[ "$(status "$pid" $set)" = 0000000000000000 ] ||
		    fail "$1: $set $(status "$pid" $set)"
	done
	if ! grep -q __asan_init "$SMTPD"; then
		[ "$(status "$pid" NoNewPrivs)" = 1 ] || fail "$1: new privs"
		[ "$(status "$pid" Seccomp)" = 2 ] || fail "$1: no seccomp"
		grep -q '^Max core file size *0 *0 ' "/proc/$pid/limits" ||
		    fail "$1: writes core files"
	fi
	ok "$1"
}
look front _smtpd /var/empty
look policy _smtpd /var/empty
look control _smtpd /var/empty
look keys _smtpk /var/empty
look hash _smtpk /var/empty
look sql _smtpsql /
[ "$(stat -c %U "$TMP/state/local.sqlite" "$TMP/state/local.sqlite-wal" |
    sort -u)" = _smtpsql ] ||
    fail "whose store: $(ls -l "$TMP/state")"
look queue _smtpq "$TMP/spool"
look deliver _smtpmail "$MAIL"
look lookup _smtpdb /
look relay _smtpd /var/empty

# Those that keep no files have none open; the log is standard error.
for name in front policy control keys hash; do
	pid=$(procs $name | head -n 1)
	for fd in /proc/"$pid"/fd/*; do
		case ${fd##*/} in [012]) continue ;; esac
		what=$(readlink "$fd") || continue
		case $what in
		socket:*|pipe:*|anon_inode:*|/dev/null) ;;
		*)	fail "$name has open: $what" ;;
		esac
	done
done
ok "no file where none is needed"

# Mail goes through, into mailboxes of _smtpmail, also after a restart of each.
message() {
	say >"$TMP/out" 2>&1 <<-END || fail "$(cat "$TMP/out")"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<a@client.example>
	S: 250
	C: RCPT TO:<bob@example.org>
	S: 250
	C: RCPT TO:<ann@far.example>
	S: 250
	C: DATA
	S: 354
	C: Subject: $1
	C:
	C: text
	C: .
	S: 250
	END
}
message first
wait_until '[ "$(mails)" = 1 ] && [ "$(took far)" = 1 ]' 20
for name in front policy queue deliver lookup control relay keys hash; do
	old=$(procs $name | head -n 1)
	kill -KILL "$old"
	wait_until "grep -q '$name 0: started again' '$LOG'" 20
done
message second
wait_until '[ "$(mails)" = 2 ] && [ "$(took far)" = 2 ]' 20
login() {	# 454 while a process is on its way
	(PORT=$LOGINS; say) >"$TMP/out" 2>&1 <<-END
	S: 220
	C: EHLO client.example
	S* 250
	C: AUTH PLAIN $(printf '\0bob\0pencil' | base64)
	S: 235 2.7.0
	END
}
wait_until login 60
ok "a login"
look relay _smtpd /var/empty
look queue _smtpq "$TMP/spool"
look deliver _smtpmail "$MAIL"
[ "$(stat -c %U:%a "$MAIL/example.org/bob/new"/* | sort -u)" = \
    _smtpmail:600 ] || fail "$(ls -lR "$MAIL")"
[ "$(stat -c %U "$TMP/spool" "$TMP/state" | sort -u | tr '\n' ' ')" = \
    "_smtpdb _smtpq " ] || fail "$(ls -l "$TMP")"
ok "mail, also when each has been started again"

ctl show status >/dev/null 2>&1 || fail "root may not ask"
setpriv --reuid 65534 --regid 65534 --clear-groups -- "$SMTPCTL" -s "$SOCK" \
    show status >"$TMP/out" 2>&1 && fail "anybody may ask"
ok "the control socket is root's"
stop
