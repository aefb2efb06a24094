#!/bin/sh
# A first look: a server on a loopback port with a small directory, and a
# message delivered by a real client.  usage: quickstart.sh start|stop
# Run from the top of the tree; .quickstart remembers what was started.

set -u
umask 022
where=.quickstart

die() { echo "quickstart: $*" >&2; exit 1; }

# Does PID still belong to our server?  After a while, or a restart of the
# machine, it may be anybody's.
alive() {
	kill -0 "$PID" 2>/dev/null && command_line | grep -qF "$DIR/smtpd.conf"
}

command_line() {
	if [ -r "/proc/$PID/cmdline" ]; then
		tr '\0' ' ' <"/proc/$PID/cmdline"
	else
		ps -ww -o args= -p "$PID"
	fi
}

running() {
	[ -f "$where" ] && . "./$where" && [ -n "${PID:-}" ] && alive
}

# What an interrupted start, or a server that is gone, has left behind.
sweep() {
	[ -f "$where" ] || return 0
	. "./$where"
	case ${DIR:-} in
	*/smtpd-quickstart.??????)	rm -rf "$DIR" ;;
	esac
	rm -f "$where"
}

stop() {
	if ! [ -f "$where" ]; then
		echo "quickstart: nothing was started here"
		return 0
	fi
	if running; then
		kill "$PID" || die "no permission to end process $PID"
		n=0
		while alive; do
			n=$((n + 1))
			[ $n -lt 200 ] || die "process $PID does not end"
			sleep 0.1
		done
		echo "quickstart: smtpd (process $PID) ended"
	fi
	sweep
	echo "quickstart: $DIR removed"
}

# A port of 127.0.0.1 on which nobody answers.
free_port() {
	for port in 2525 2526 2527 2528 2529 12525 22525 32525; do
		curl -s --max-time 2 "telnet://127.0.0.1:$port" </dev/null \
		    >/dev/null 2>&1
		[ $? -eq 7 ] && { echo $port; return 0; }
	done
	return 1
}

wait_for() {	# tenths of a second, command
	left=$1
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}

greeting() {
	"$DIR/bin/smtpctl" -s "$DIR/smtpd.sock" show status |
	    grep -q 'front.*ready'
}

arrived() {
	ls "$DIR"/mail/example.org/alice/new/* >/dev/null 2>&1
}

start() {
	if running; then
		echo "quickstart: running already (process $PID, $DIR)"
		echo "quickstart: end it with: make quickstart-stop"
		return 0
	fi
	sweep
	DIR=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-quickstart.XXXXXX") ||
	    die "no temporary folder"
	printf 'PID=\nDIR=%s\n' "'$DIR'" >"$where"
	PORT=$(free_port) || die "no free port"
	mkdir "$DIR/bin" "$DIR/mail" "$DIR/spool" "$DIR/state"
	cp smtpd/smtpd control/smtpctl "$DIR/bin/"
	cat >"$DIR/directory.txt" <<-END
	domain  example.org
	account alice  addresses=alice@example.org,a.smith@example.org
	account bob    addresses=bob@example.org
	alias   info@example.org  alice@example.org,bob@example.org
	END
	cat >"$DIR/smtpd.conf" <<-END
	hostname mx.example.org
	spool "$DIR/spool"
	state "$DIR/state"
	control "$DIR/smtpd.sock"
	directory accounts db "$DIR/directory.db"
	listen on 127.0.0.1 port $PORT
	rcpt { directory accounts }
	deliver maildir "$DIR/mail/%{domain}/%{local}"
	END
	"$DIR/bin/smtpctl" directory import -o "$DIR/directory.db" \
	    "$DIR/directory.txt" || die "import failed"
	# Started by root the server would want users of its own: it runs as
	# nobody instead, for nothing here needs root.
	if [ "$(id -u)" -eq 0 ]; then
		chown -R 65534:65534 "$DIR"
	fi
	echo
	echo "== starting smtpd on 127.0.0.1 port $PORT (without root)"
	(
		cd "$DIR" || exit 1
		if [ "$(id -u)" -eq 0 ]; then
			exec setpriv --reuid 65534 --regid 65534 \
			    --clear-groups -- "$DIR/bin/smtpd" -d \
			    -f "$DIR/smtpd.conf"
		fi
		exec "$DIR/bin/smtpd" -d -f "$DIR/smtpd.conf"
	) </dev/null >"$DIR/log" 2>&1 &
	PID=$!
	printf 'PID=%s\nDIR=%s\n' "$PID" "'$DIR'" >"$where"
	if ! wait_for 100 greeting; then
		cat "$DIR/log" >&2
		stop
		die "the server did not start"
	fi
	cat "$DIR/log"
	message
}

# The name that the log gives to the recipient that was refused.
refused() {
	sed -n 's/.*event=rcpt .* id=//p' "$DIR/log" | tail -n 1
}

message() {
	cat >"$DIR/first.txt" <<-END
	From: You <you@elsewhere.example>
	To: Alice <alice@example.org>
	Subject: the first message

	Hello Alice, this came over SMTP.
	END
	echo
	echo "== curl delivers a message to alice+news@example.org"
	curl -sS --crlf --max-time 20 "smtp://127.0.0.1:$PORT/client.example" \
	    --mail-from you@elsewhere.example \
	    --mail-rcpt alice+news@example.org \
	    --upload-file "$DIR/first.txt" || die "curl could not deliver"
	wait_for 100 arrived || die "the message did not arrive: $DIR/log"
	file=$(ls "$DIR"/mail/example.org/alice/new/* | head -n 1)
	echo "== it landed in $file"
	sed 's/^/    /' "$file"
	echo
	echo "== a recipient that does not exist is refused while the client"
	echo "   is still connected:"
	curl -sS --crlf --max-time 20 "smtp://127.0.0.1:$PORT/client.example" \
	    --mail-from you@elsewhere.example \
	    --mail-rcpt nobody@example.org -v \
	    --upload-file "$DIR/first.txt" 2>&1 | grep '^[<>] ' |
	    sed 's/^/    /'
	cat <<-END

	== where to go on
	    cd '$DIR'
	    cat smtpd.conf directory.txt log
	    bin/smtpctl -s smtpd.sock show status
	    bin/smtpctl -s smtpd.sock explain rcpt info@example.org
	    bin/smtpctl -s smtpd.sock why $(refused)
	    bin/smtpctl -s smtpd.sock directory add \\
	        'account carol addresses=carol@example.org'
	    curl --crlf --url smtp://127.0.0.1:$PORT \\
	        --mail-from you@elsewhere.example \\
	        --mail-rcpt carol@example.org --upload-file first.txt
	    find mail -type f
	  The server stays up.  End it, and remove all of this, in the folder
	  of the sources with: make quickstart-stop
	  The manual pages: man -l man/smtpd.conf.5, and the others there.
	END
}

case ${1:-} in
start)	start ;;
stop)	stop ;;
*)	echo "usage: quickstart.sh start|stop" >&2; exit 2 ;;
esac
