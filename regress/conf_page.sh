#!/bin/sh
# smtpd.conf(5) is true: its defaults are those that smtpd prints, its examples
# are accepted, and what its tables call refused is refused by name.  The
# scripts of smtpd-sieve(5) compile.
cd "$(dirname "$0")/.." || exit 1
SMTPD=${SMTPD:-smtpd/smtpd}
PAGE=man/smtpd.conf.5
T=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-page.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
failed=0

verdict() {	# name, why not
	if [ -z "$2" ]; then
		echo "ok conf-page/$1"
	else
		echo "FAIL conf-page/$1: $2"
		failed=1
	fi
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=mx.example.org -keyout "$T/key" -out "$T/cert" 2>"$T/openssl" ||
    { cat "$T/openssl"; exit 1; }
cat >"$T/base" <<END
hostname mx.example.org
directory accounts db "/etc/smtpd/directory.db"
store default db
sieve 'deny' 'keep;'
throttle { rate 100000/1h }
listen on 127.0.0.1 port 2525
pki mx cert "$T/cert" key "$T/key"
pki old cert "$T/cert" key "$T/key"
deliver maildir "/var/vmail/%{domain}/%{local}"
END
: >"$T/listeners.conf"
echo 'keep;' >"$T/long.sieve"

# The base without statements of the kind that the text has, and the text.
conf() {
	case $1 in
	domains\ *|recipients\ *|emails\ *|names\ *|secret\ *|expand\ *|\
	verify\ *)
		set -- "$(printf '%s\n' 'directory sq sql "sqlite:///m" {' \
		    'domains "SELECT 1"' 'recipients "SELECT 1"' \
		    'emails "SELECT 1"' | grep -v "^${1%% *} "
		    printf '%s\n}\n' "$1")" ;;
	esac
	grep -v "^${1%% *} " "$T/base"
	echo "$1"
}

check() {	# of the file $T/c; says why it is refused
	# an example may define a macro for what stands around it
	"$SMTPD" -n -f "$T/c" 2>&1 </dev/null |
	    grep -v -e '^configuration OK$' -e ': warning: '
}

# Headings ".It Ic word ... Pq default" to "block.word = default".
awk '
/^\.Ss / { block = $0; sub(/^\.Ss /, "", block); gsub(/ /, ".", block)
	   block = block == "The.server" ? "" : block "." }
/^\.Sh / { block = "?" }
/^\.It Ic .* Pq / {
	word = $3
	def = $0
	sub(/.* Pq /, "", def)
	if (sub(/^Qq /, "", def))
		def = "\"" def "\""
	sub(/^Li /, "", def)
	print block word " = " def
}' "$PAGE" | sort >"$T/page"
"$SMTPD" -n -v -f "$T/base" >"$T/all" 2>&1
# what has no default of its own is in the base, or follows from it
base='hostname|postmaster|rcpt\.directory|directory|listen|pki'
base="$base|deliver\.[a-z]*|relay\.[a-z]*|resolver|store|sieve|throttle[^ ]*"
grep -Ev "^($base) " "$T/all" | sort >"$T/said"
verdict "defaults are those of smtpd -n -v" "$(diff "$T/page" "$T/said")"
[ "$(wc -l <"$T/said")" -gt 20 ] ||
    verdict "defaults" "too few: $(cat "$T/all")"

# One-line examples, each beside the base; those of expressions are the unit
# test conf_manual's.
awk '/^\.Sh / { out = /RULES AND EXPRESSIONS/ } !out' "$PAGE" >"$T/settings"
echo "me@smart.example.net hush" >"$T/secrets"
chmod 600 "$T/secrets"
sed -n 's/^\.Dl //p' "$T/settings" | sed -e 's/\\(dq/"/g; s/\\e/\\/g' \
    -e "s,/etc/smtpd/secrets,$T/secrets," -e "s,/etc/ssl/mx.pem,$T/cert," \
    -e "s,/etc/ssl/private/mx.key,$T/key," -e "s,/etc/smtpd/vip,$T/vip," \
    >"$T/examples"
echo vip@example.net >"$T/vip"
while IFS= read -r example; do
	conf "$example" >"$T/c"
	# the example of macros uses none
	why=$(check | grep -v "warning: macro 'ip' is not used")
	[ -z "$why" ] || verdict "$example" "$why"
done <"$T/examples"
verdict "every word has an example" "$(awk '
function entry() { if (head != "" && !shown) print "none: " head; head = "" }
/^\.(It|El|Sh|Ss)/ { entry(); shown = 0 }
/^\.It Ic/ { head = $0 }
/^\.Dl / { shown = 1 }' "$T/settings")"

# The files that come with it.
for file in examples/*.conf; do
	verdict "$file" \
	    "$("$SMTPD" -n -f "$file" 2>&1 | grep -v '^configuration OK$')"
done

# Whole configurations.
awk -v dir="$T" '
/^\.Bd -literal -offset indent/ { file = dir "/whole." ++n; next }
/^\.Ed/ { file = "" }
file != "" { print > file }' "$PAGE"
n=0
for file in "$T"/whole.*; do
	n=$((n + 1))
	cp "$file" "$T/c"
	verdict "whole example $n" "$(check)"
done
[ $n -eq 4 ] || verdict "whole examples" "$n of them"

awk -v dir="$T" '
/^\.Bd -literal -offset indent/ { file = dir "/script." ++n; next }
/^\.Ed/ { file = "" }
file != "" { print > file }' man/smtpd-sieve.5
n=0
for file in "$T"/script.*; do
	n=$((n + 1))
	conf "sieve 'example' file \"$file\"" >"$T/c"
	verdict "script $n of smtpd-sieve(5)" "$(check)"
done
[ $n -eq 4 ] || verdict "scripts of smtpd-sieve(5)" "$n of them"

# The right column of the table of TOML keys: a setting that there is, or one
# that is refused by its name.
sed -n '/^\.Sh SETTINGS OF THE TOML/,/^\.Sh /s/^\.It [^ ]* Ta //p' \
    "$PAGE" | grep -v '^Sy' >"$T/toml"
while IFS= read -r row; do
	ours=$(echo "${row%, refused}" | sed 's/ *$//')
	key=$(echo "$ours" | sed 's/[{}]//g; s/  */ /g; s/ $//; s/ /./g')
	word=$(echo "$key" | sed 's/.*\.//')
	case $row in
	*refused)
		case $ours in
		*"{ }")	echo "$word { x }" ;;
		*"{"*)	echo "$ours" | sed "s/$word/$word x/" ;;
		listen*) echo "listen on 127.0.0.2 port 25 $word" ;;
		*)	echo "$ours x" ;;
		esac >"$T/statement"
		conf "$(cat "$T/statement")" >"$T/c"
		why=$(check)
		case $why in
		*"'$word' is not supported by this version"*) why= ;;
		*)	why="not refused by name: $why" ;;
		esac ;;
	*)	why=$(grep -Eq "^$key(\.1[^ ]*)? = " "$T/all" ||
		    echo "no setting $key") ;;
	esac
	[ -z "$why" ] || verdict "$row" "$why"
done <"$T/toml"
verdict "the table of TOML keys" \
    "$([ "$(wc -l <"$T/toml")" -gt 25 ] || echo "too short")"
exit $failed
