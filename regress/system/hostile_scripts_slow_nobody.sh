#!/bin/sh
# Scripts that would never end: each is at its limit and the recipient is
# deferred, while others are served.  Who sends two hundred recipients to such a
# script at once is still waiting when somebody else has been served.
. "$(dirname "$0")/../lib.sh"

directory <<END
domain example.org
account jane addresses=jane@example.org
END

# Values grow to the longest there is, and then they are looked at.
script() {	# the test
	cat <<-'END'
	require ["variables", "regex", "relational",
	    "comparator-i;ascii-numeric", "envelope"];
	set "v" "aaaaaaaaaaaaaaaa";
	END
	for n in 1 2 3 4 5 6 7 8; do
		echo 'set "v" "${v}${v}";'
	done
	echo "$1"
}

list() {	# times, string
	awk -v n="$1" -v s="$2" 'BEGIN {
	    printf "["
	    for (i = 1; i < n; i++) printf "\"%s\", ", s
	    print "\"" s "\"]" }'
}

a200=$(printf 'a%.0s' $(seq 200))
script "if string :matches \"\${v}\" $(list 500 "*${a200}b*") { keep; }" \
    >"$TMP/matches"
script "if string :contains \"\${v}\" $(list 500 "${a200}b") { keep; }" \
    >"$TMP/contains"
script 'if string :regex "${v}" ["(a+)+b", "(a|a?)+b", "(a?){64}a{64}b",
    "(.*)(.*)(.*)(.*)(.*)[^a]b", "(((((a*)*)*)*)*)*b",
    "[ab]{250}[ab]{250}[ab]{250}c"] { keep; }' >"$TMP/regex"
script "if string :regex \"b\" $(list 1000 '((a{9}){9}){4}') { keep; }" \
    >"$TMP/expressions"
script "if string :value \"ne\" :comparator \"i;ascii-numeric\"
    $(list 3000 1) $(list 3000 1) { keep; }" >"$TMP/values"
script "$(awk 'BEGIN { for (i = 0; i < 2000; i++)
    print "set :upper :quotewildcard \"w\" \"${v}\";" }')" >"$TMP/copies"
ALL="matches contains regex expressions values copies"

: >"$TMP/scripts"
for name in $ALL; do
	echo "sieve $name file \"$TMP/$name\"" >>"$TMP/scripts"
done
{
	cat "$TMP/scripts"
	echo "rcpt { script if helo_domain = 'nice' then false"
	for name in $ALL; do
		echo "if sender = '$name@x.example' then '$name'"
	done
	echo "else false; max-recipients 1000"
	echo "errors { total 100000; wait 0 } }"
} | mkconf
start

for name in $ALL; do
	say <<-END || fail "$name is not deferred"
	S: 220
	C: EHLO client.example
	S* 250
	C: MAIL FROM:<$name@x.example>
	S: 250
	C: RCPT TO:<jane@example.org>
	S: 451 4.3.0
	C: RSET
	S: 250
	C: MAIL FROM:<a@x.example>
	S: 250
	C: RCPT TO:<jane@example.org>
	S: 250 2.1.5
	C: QUIT
	S: 221
	END
	grep -q "too many steps\|too much memory" "$LOG" ||
	    fail "$name: the log does not say why"
	: >"$LOG"
	ok "$name: at its limit, and the recipient is deferred"
done

# Both at once: who is done first?
cat >"$TMP/two.py" <<'END'
import socket
import sys
import threading

HOST, PORT = sys.argv[1], int(sys.argv[2])
done = []


def talk(name, sender, recipients, helo):
    s = socket.create_connection((HOST, PORT), 120)
    f = s.makefile("rb")

    def reply():
        line = f.readline()
        while line[3:4] == b"-":
            line = f.readline()
        return line

    reply()
    for line in ("EHLO " + helo, "MAIL FROM:<%s>" % sender):
        s.sendall(line.encode() + b"\r\n")
        reply()
    rcpt = b"RCPT TO:<jane+%d@example.org>\r\n"
    s.sendall(b"".join(rcpt % i for i in range(recipients)))
    first = reply()
    began.set()
    replies = [first] + [reply() for i in range(recipients - 1)]
    done.append(name)
    bad = b"451" if name == "hostile" else b"250"
    if any(not r.startswith(bad) for r in replies):
        done.append("%s got %r" % (name, replies))


began = threading.Event()
hostile = threading.Thread(target=talk, args=("hostile",
    "regex@x.example", 200, "client.example"))
hostile.start()
began.wait(120)
talk("nice", "a@x.example", 20, "nice")
hostile.join()
if done != ["nice", "hostile"]:
    sys.exit(str(done))
END
python3 "$TMP/two.py" "$HOST" "$PORT" >"$TMP/out" 2>&1 ||
    fail "$(cat "$TMP/out")"
ok "two hundred of them hold up nobody else"
stop
