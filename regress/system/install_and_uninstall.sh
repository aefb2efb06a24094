#!/bin/sh
# make install puts every file where it belongs, with its mode, nothing with
# another's rights; it never touches a configuration that is there; uninstall
# leaves only that.
. "$(dirname "$0")/../lib.sh"
need make
ROOT=$TMP/root
unset MAKEFLAGS MFLAGS MAKELEVEL

make_it() {	# target
	make -C "$TOP" "$1" DESTDIR="$ROOT" PREFIX=/usr SYSCONFDIR=/etc/smtpd \
	    >"$TMP/make.out" 2>&1 || fail "make $1: $(cat "$TMP/make.out")"
}

# "mode path" of all files, without the leading folder.
files() {
	(cd "$ROOT" && find . -type f -exec stat -c '%a %n' {} + |
	    sed 's, \./, ,' | sort -k 2)
}

make_it install
files >"$TMP/files"
expect_file "$TMP/files" <<END
644 etc/smtpd/smtpd.conf
755 usr/sbin/smtpctl
755 usr/sbin/smtpd
644 usr/share/examples/smtpd/busy.conf
644 usr/share/examples/smtpd/directory.sql
644 usr/share/examples/smtpd/directory.txt
644 usr/share/examples/smtpd/sieve/block-list.sieve
644 usr/share/examples/smtpd/sieve/block.sieve
644 usr/share/examples/smtpd/sieve/greylist-some.sieve
644 usr/share/examples/smtpd/sieve/greylist.sieve
644 usr/share/examples/smtpd/sieve/helo.sieve
644 usr/share/examples/smtpd/sieve/hours.sieve
644 usr/share/examples/smtpd/sieve/rewrite.sieve
644 usr/share/examples/smtpd/sieve/score.sieve
644 usr/share/examples/smtpd/smtpd.conf
644 usr/share/examples/smtpd/smtpd.service
644 usr/share/man/man5/smtpd-directory.5
644 usr/share/man/man5/smtpd-queue.5
644 usr/share/man/man5/smtpd-sieve.5
644 usr/share/man/man5/smtpd.conf.5
644 usr/share/man/man7/smtpd-internals.7
644 usr/share/man/man8/smtpctl.8
644 usr/share/man/man8/smtpd.8
END
ok "every file is where it belongs, with its mode"

found=$(find "$ROOT" \( -perm -4000 -o -perm -2000 -o -perm -1000 \) -print)
[ -z "$found" ] || fail "special rights: $found"
found=$(find "$ROOT" \( -perm -020 -o -perm -002 \) -print)
[ -z "$found" ] || fail "others may write: $found"
ok "nothing is set-id, nothing is writable by others"

for user in _smtpd _smtpdb _smtpq _smtpmail _smtpk _smtpsql; do
	grep -q "useradd .* $user\$" "$TMP/make.out" ||
	    fail "nothing is said of user $user"
done
ok "the users are named"

for file in "$ROOT"/etc/smtpd/smtpd.conf "$ROOT"/usr/share/examples/smtpd/*.conf
do
	"$ROOT/usr/sbin/smtpd" -n -f "$file" >"$TMP/out" 2>&1 ||
	    fail "$file: $(cat "$TMP/out")"
done
"$ROOT/usr/sbin/smtpctl" directory check \
    "$ROOT/usr/share/examples/smtpd/directory.txt" >"$TMP/out" 2>&1 ||
    fail "directory.txt: $(cat "$TMP/out")"
unit=$ROOT/usr/share/examples/smtpd/smtpd.service
grep -q '^ExecStart=/usr/sbin/smtpd -d$' "$unit" ||
    fail "the unit: $(cat "$unit")"
if command -v systemd-analyze >/dev/null 2>&1; then
	# it looks for the programs that are named, which are in $ROOT
	mkdir "$TMP/unit"
	sed "s,=/usr/sbin,=$ROOT/usr/sbin," "$unit" >"$TMP/unit/smtpd.service"
	systemd-analyze verify --man=no "$TMP/unit/smtpd.service" \
	    >"$TMP/out" 2>&1
	grep -q 'smtpd\.service:' "$TMP/out" && fail "$(cat "$TMP/out")"
fi
ok "the examples are good"

echo "# mine" >"$ROOT/etc/smtpd/smtpd.conf"
chmod 600 "$ROOT/etc/smtpd/smtpd.conf"
make_it install
[ "$(cat "$ROOT/etc/smtpd/smtpd.conf")" = "# mine" ] ||
    fail "the configuration was overwritten"
[ "$(stat -c %a "$ROOT/etc/smtpd/smtpd.conf")" = 600 ] ||
    fail "the configuration has another mode"
ok "a configuration that is there is left alone"

make_it uninstall
files >"$TMP/files"
expect_file "$TMP/files" <<END
600 etc/smtpd/smtpd.conf
END
[ ! -d "$ROOT/usr/share/examples/smtpd" ] || fail "the examples' folder is left"
make_it uninstall
ok "uninstall leaves the configuration alone"
