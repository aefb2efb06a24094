#!/bin/sh
# Tables without a server: what goes in comes out, errors change nothing, a
# killed import leaves the old table, a damaged table is told from a good one.
. "$(dirname "$0")/../lib.sh"

status() {	# expected exit status, arguments of smtpctl directory
	status_want=$1
	shift
	# shellcheck disable=SC2086
	timeout 60 $AS "$SMTPCTL" directory "$@" >"$TMP/out" 2>"$TMP/err"
	status_is=$?
	[ "$status_is" = "$status_want" ] ||
	    fail "$*: exit $status_is, not $status_want: $(cat "$TMP/err")"
	[ "$status_want" -le 1 ] || [ -s "$TMP/err" ] ||
	    fail "$*: no reason is given"
}

said() {	# exactly these lines, without the folder and what is expected
	[ "$(grep -c ', expected ' "$TMP/err")" = "$(wc -l <"$TMP/err")" ] ||
	    fail "not said what was expected: $(cat "$TMP/err")"
	sed "s,$TMP/,,g; s/, expected .*//" "$TMP/err" >"$TMP/said"
	expect_file "$TMP/said"
}

directory <<'END'
list    sales@example.org       members=john,jane senders=any
account jane    addresses=jane@example.org,@example.org	# all else
account john    addresses=john@example.org,jd@example.org
        name="J\"D\"" uses=9
alias   leaked@example.org      state=reject
        text="Was withdrawn."
alias   boss@example.org        "j d"@away.example, jane@example.org
domain  example.net     alias-of=EXAMPLE.org
domain  example.org
END
status 0 export "$DB"
expect_file "$TMP/out" <<'END'
domain example.net alias-of=example.org
domain example.org
account jane addresses=jane@example.org,@example.org
account john addresses=john@example.org,jd@example.org name="J\"D\"" uses=9
alias boss@example.org "j d"@away.example,jane@example.org
alias leaked@example.org state=reject text="Was withdrawn."
list sales@example.org members=john,jane
END
cp "$TMP/out" "$TMP/once.txt"
status 0 import -o "$TMP/again.db" "$TMP/once.txt"
status 0 export "$TMP/again.db"
cmp -s "$TMP/out" "$TMP/once.txt" || fail "the second time it is another"
status 0 check "$DB"
status 0 check "$TMP/once.txt"
status 0 diff "$DB" "$TMP/once.txt"
expect_file "$TMP/out" </dev/null
sed 's/uses=9/uses=8/' "$TMP/once.txt" >"$TMP/other.txt"
status 1 diff "$DB" "$TMP/other.txt"
[ "$(cut -c1-14 "$TMP/out" | tr '\n' ' ')" = \
    "- account john + account john " ] || fail "diff: $(cat "$TMP/out")"
ok "what goes in comes out"

cat >"$TMP/wrong.txt" <<'END'
domain example.org
acount jane addresses=jane@example.org
account john addresses=john@example.org quota=lots
account joan addresses=john@example.org,joan@example.net
list all@example.org members=john,jack
END
cp "$DB" "$TMP/before.db"
status 65 import -o "$DB" "$TMP/wrong.txt"
said <<'END'
wrong.txt:2:1: 'acount' is unknown
wrong.txt:3:47: 'lots' is no size
wrong.txt:4:24: address 'john@example.org' stands in line 3 already
wrong.txt:4:41: domain 'example.net' is not one of this directory
wrong.txt:5:35: account 'jack' does not exist
END
status 65 check "$TMP/wrong.txt"
cmp -s "$DB" "$TMP/before.db" || fail "errors changed the table"
[ ! -e "$DB.new" ] || fail "half a table is left"
status 66 import -o "$DB" "$TMP/none.txt"
ok "all errors at once, and nothing has changed"

awk 'BEGIN {
	print "domain example.org"
	for (i = 0; i < 60000; i++)
		printf("account u%d addresses=u%d@example.org\n", i, i)
}' >"$TMP/many.txt"
kills=0
for pause in 0 0.1 0.2 0.3 0.5; do
	# shellcheck disable=SC2086
	$AS "$SMTPCTL" directory import -o "$DB" "$TMP/many.txt" \
	    >"$TMP/out" 2>&1 &
	import_pid=$!
	STARTED="$STARTED $import_pid"
	wait_until '[ -e "$DB.new" ] || ! alive "$import_pid"' 60
	sleep "$pause"
	kill -KILL "$import_pid" 2>/dev/null && kills=$((kills + 1))
	wait "$import_pid" 2>/dev/null
	status 0 check "$DB"
	cmp -s "$DB" "$TMP/before.db" || break
done
[ "$kills" -gt 0 ] || fail "never killed in time"
status 0 import -o "$DB" "$TMP/once.txt"
[ ! -e "$DB.new" ] || fail "what was left is still there"
status 0 export "$DB"
cmp -s "$TMP/out" "$TMP/once.txt" || fail "not what was imported last"
ok "a killed import leaves a whole table, and nothing in the way"

cat >"$TMP/aliases" <<'END'
# comment
postmaster: root
root:	john,
	"j d"@away.example
nobody: /dev/null
END
status 0 import -t aliases -d example.org -o "$TMP/aliases.db" "$TMP/aliases"
status 0 export "$TMP/aliases.db"
expect_file "$TMP/out" <<'END'
domain example.org
account john addresses=john@example.org
alias nobody@example.org state=discard
alias postmaster@example.org root@example.org
alias root@example.org john@example.org,"j d"@away.example
END
printf '%s\n' 'a: |/bin/sh' 'b: /var/mail/b' 'c: :include:/x' >"$TMP/bad"
status 65 import -t aliases -d example.org -o "$TMP/aliases.db" "$TMP/bad"
[ "$(wc -l <"$TMP/err")" = 3 ] || fail "aliases: $(cat "$TMP/err")"
cat >"$TMP/virtual" <<'END'
example.org anything
info@example.org joe@away.example, jim@away.example
@example.org info@example.org
@example.net @example.org
END
status 0 import -t virtual -o "$TMP/virtual.db" "$TMP/virtual"
status 0 export "$TMP/virtual.db"
expect_file "$TMP/out" <<'END'
domain example.net alias-of=example.org
domain example.org
alias @example.org info@example.org
alias info@example.org joe@away.example,jim@away.example
END
ok "files of other servers"

status 0 import -o "$DB" "$TMP/many.txt"
pages=$(($(stat -c %s "$DB") / 8192))
damage() {	# how
	cp "$DB" "$TMP/bad.db"
	case $1 in
	flip)	printf '\377\000\377' | dd of="$TMP/bad.db" bs=1 conv=notrunc \
		    seek=$((pages / 2 * 8192 + 3000)) 2>/dev/null ;;
	cut)	truncate -s $((pages / 3 * 8192)) "$TMP/bad.db" ;;
	short)	truncate -s $((pages / 3 * 8192 + 100)) "$TMP/bad.db" ;;
	zeros)	dd if=/dev/zero of="$TMP/bad.db" bs=8192 count=1 conv=notrunc \
		    seek=$((pages / 2)) 2>/dev/null ;;
	empty)	: >"$TMP/bad.db" ;;
	esac
}
for how in flip cut short zeros empty; do
	damage $how
	chmod 644 "$TMP/bad.db"
	status 65 check "$TMP/bad.db"
	grep -q 'bad\.db' "$TMP/err" || fail "$how: $(cat "$TMP/err")"
	status 65 export "$TMP/bad.db"
	[ ! -s "$TMP/out" ] || fail "$how: half an export"
done
ok "a damaged table is told from a good one"

: >"$TMP/DB_CONFIG"
chmod 644 "$TMP/DB_CONFIG"
status 74 import -o "$DB" "$TMP/once.txt"
grep -q DB_CONFIG "$TMP/err" || fail "import: $(cat "$TMP/err")"
status 65 export "$DB"
grep -q DB_CONFIG "$TMP/err" || fail "export: $(cat "$TMP/err")"
ok "a DB_CONFIG beside a table is refused"
