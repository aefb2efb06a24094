# For tests of mail that goes on, behind lib.sh: servers and names of its own.
#
#	names < zone		a name server (py/nameserver.py) at $HOST:$NS
#	peer NAME [-a ADDRESS] [-p PORT] [word=value ...]
#				a mail server (py/peer.py) with folder
#				$TMP/NAME, at $HOST:$MX unless told otherwise
#	onward [< text]		mkconf for a server that relays everything
#	letter FROM TO ...	send a small message by SMTP
#	took NAME		how many messages that peer has taken

NS=$("$BIN/port" "$HOST")
MX=$("$BIN/port" "$HOST")
export PYTHONDONTWRITEBYTECODE=1

names() {
	cat >"$TMP/zone"
	background python3 "$TOP/regress/py/nameserver.py" "$HOST" "$NS" \
	    "$TMP/zone" >"$TMP/names.out" 2>&1
	wait_until 'grep -q ready "$TMP/names.out"'
}

peer() {
	peer_name=$1 peer_at=$HOST peer_port=$MX
	shift
	while :; do
		case $1 in
		-a)	peer_at=$2 ;;
		-p)	peer_port=$2 ;;
		*)	break ;;
		esac
		shift 2
	done
	mkdir -p "$TMP/$peer_name"
	: >"$TMP/$peer_name/log"
	background python3 "$TOP/regress/py/peer.py" "$peer_at" "$peer_port" \
	    "$TMP/$peer_name" "$@" >"$TMP/$peer_name.out" 2>&1
	wait_until 'grep -q ready "$TMP/$peer_name.out"'
}

onward() {
	{
		[ -t 0 ] || cat
		echo "relay mx port $MX"
		echo "resolver \"$HOST:$NS\""
		echo "rcpt { directory 'accounts'; relay yes; errors" \
		    "{ total 100; wait 0 } }"
	} >"$TMP/onward"
	# the first relay statement that is no route holds
	awk '/^relay (mx|host)/ && seen++ { next } { print }' \
	    "$TMP/onward" | mkconf
}

letter() {
	letter_from=$1
	shift
	{
		printf 'S: 220\nC: EHLO c.test\nS* 250\n'
		printf 'C: MAIL FROM:<%s>\nS: 250\n' "$letter_from"
		for letter_to; do
			case $letter_to in
			*\ *)	printf 'C: RCPT TO:<%s> %s\nS: 250\n' \
				    "${letter_to%% *}" "${letter_to#* }" ;;
			*)	printf 'C: RCPT TO:<%s>\nS: 250\n' \
				    "$letter_to" ;;
			esac
		done
		printf 'C: DATA\nS: 354\nC: Subject: a letter\nC:\n'
		printf 'C: the text\nC: ..dots\nC: .\nS: 250\nC: QUIT\nS: 221\n'
	} | say >"$TMP/say.out" 2>&1 || fail "letter: $(cat "$TMP/say.out")"
}

took() {
	find "$TMP/$1" -name '[0-9]*' ! -name '*.tmp' | wc -l
}

# The only mail in that mailbox, its own head and dates taken off.
only_mail() {
	wait_until "[ \$(mails '$1') = 1 ]"
	find "$1" -path '*/new/*' -type f -exec cat {} +
}
