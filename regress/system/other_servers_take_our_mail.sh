#!/bin/sh
# Postfix and Exim as next hops, and Postfix's smtp-sink with pipelining off
# and odd replies: what we say is what they expect.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
[ "$(id -u)" = 0 ] || skip "postfix and exim want root"
EXIM=$TOP/regress/.exim/exim
SINK=$TOP/regress/.postfix
P1=$MX
P2=$("$BIN/port" "$HOST")
P3=$("$BIN/port" "$HOST")
directory <<END
domain own.example
account john addresses=john@own.example
END
names </dev/null
onward <<END
relay via "smtp://$HOST:$P1" for domain post.example
relay via "smtp://$HOST:$P2" for domain exim.example
relay via "smtp://$HOST:$P3" for domain sink.example
queue { retry 1h }
END

# Postfix, with a certificate, so that STARTTLS is used.
postfix_start() {
	D=$TMP/postfix
	mkdir -p "$D/conf" "$D/queue" "$D/data" "$D/mail"
	chown postfix "$D/data"
	chown 65534:65534 "$D/mail"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
	    -subj "/CN=post.example" -keyout "$D/key" -out "$D/cert" \
	    2>/dev/null || fail "openssl"
	echo "joe@post.example joe/" >"$D/boxes"
	cat >"$D/conf/main.cf" <<-END
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
	virtual_mailbox_domains = post.example
	virtual_mailbox_base = $D/mail
	virtual_mailbox_maps = texthash:$D/boxes
	virtual_uid_maps = static:65534
	virtual_gid_maps = static:65534
	smtpd_tls_cert_file = $D/cert
	smtpd_tls_key_file = $D/key
	smtpd_tls_security_level = may
	smtpd_tls_received_header = yes
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
}

exim_start() {
	E=$TMP/exim
	mkdir -p "$E/spool"
	chown -R 65534:65534 "$E"
	{ cat /etc/passwd; echo 'Debian-exim:x:65534:65534::/:/bin/false'
	} >"$E/passwd"
	{ cat /etc/group; echo 'Debian-exim:x:65534:'; } >"$E/group"
	cat >"$E/conf" <<-END
	keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
	exim_path = $EXIM
	primary_hostname = exim.example
	spool_directory = $E/spool
	log_file_path = $E/log-%slog
	pid_file_path = $E/pid
	local_interfaces = $HOST
	daemon_smtp_ports = $P2
	never_users =
	acl_smtp_rcpt = check
	acl_smtp_data = good
	begin acl
	check:
	  deny local_parts = nobody
	       message = no such mailbox
	  accept
	good:
	  accept
	begin routers
	all:
	  driver = accept
	  transport = box
	begin transports
	box:
	  driver = appendfile
	  file = $E/mbox
	  user = Debian-exim
	END
	env LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$E/passwd" \
	    NSS_WRAPPER_GROUP="$E/group" "$EXIM" -C "$E/conf" -bdf \
	    -oX "$P2" >"$E/out" 2>&1 &
	STARTED="$STARTED $!"
	wait_until 'greets "$P2"' 30
}

greets() {
	"$CHAT" "$HOST" "$1" >/dev/null 2>&1 <<-END
	S: 220
	C: QUIT
	S: 221
	END
}

mails_say() {	# file text
	grep -rq "$2" "$1" || fail "no $2 in $1: $(cat "$1" 2>/dev/null)"
}

start
if command -v postfix >/dev/null 2>&1; then
	postfix_start
	letter john@own.example joe@post.example nobody@post.example
	wait_until '[ "$(mails "$D/mail")" = 1 ]' 20
	mails_say "$D/mail" '^Subject: a letter'
	mails_say "$D/mail" 'using TLSv1'
	mails_say "$D/mail" '^\.dots'
	wait_until '[ "$(mails "$MAIL/own.example/john")" = 1 ]'
	mails_say "$MAIL/own.example/john" \
	    'Diagnostic-Code: smtp; 550 5.1.1 <nobody@post.example>'
	ok "Postfix takes it over TLS, and its refusal is told"
else
	echo "skip $TEST: needs postfix"
fi

if [ -x "$EXIM" ]; then
	rm -rf "$MAIL/own.example/john"
	exim_start
	letter john@own.example joe@exim.example nobody@exim.example
	wait_until 'grep -q "^Subject: a letter" "$E/mbox" 2>/dev/null' 20
	mails_say "$E/mbox" '^\.dots'
	wait_until '[ "$(mails "$MAIL/own.example/john")" = 1 ]'
	mails_say "$MAIL/own.example/john" 'Diagnostic-Code: smtp; 550'
	ok "Exim takes it, and its refusal is told"
else
	echo "skip $TEST: needs exim"
fi

if [ -x "$SINK/smtp-sink" ]; then
	for option in "" -8 -e -p "-f RCPT" "-r RCPT" "-q RCPT"; do
		# shellcheck disable=SC2086
		LD_LIBRARY_PATH=$SINK "$SINK/smtp-sink" -u nobody $option \
		    -d "$TMP/sink.%H%M%S." "$HOST:$P3" 100 >/dev/null 2>&1 &
		sink=$!
		STARTED="$STARTED $sink"
		wait_until 'greets "$P3"'
		before=$(grep -c 'to=<x@sink.example>' "$LOG")
		letter john@own.example x@sink.example
		wait_until '[ "$(grep -c "to=<x@sink.example>" "$LOG")" -gt \
		    "$before" ]'
		case $option in
		"-f RCPT") want='event=failed.*550\|event=failed.*500' ;;
		"-r RCPT") want='event=deferred.*4[05]0' ;;
		"-q RCPT") want='event=deferred' ;;
		*)	want='event=relayed' ;;
		esac
		grep 'to=<x@sink.example>' "$LOG" | tail -n 1 |
		    grep -q "$want" || fail "smtp-sink $option"
		kill "$sink"
		wait "$sink" 2>/dev/null
		# a next hop that failed is left alone for a while
		restart
	done
	ok "smtp-sink, as odd as it can be"
else
	echo "skip $TEST: needs smtp-sink"
fi
stop
