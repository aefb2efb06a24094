#!/bin/sh
# Nothing but the resolver reads an address out of a table (RCPT.md 2), by
# the symbols that the objects ask the linker for.  What asks for one that is
# not in its line fails here, as does a line that is no longer true.
#
#	symbol		objects of lookup/ that may use it
#
# Those that serve mail are allow, expand, find, login, lookup_resolve, names,
# names_prefix, owner, resolve, view and walk; the rest check, change, show or
# import a directory, and answer smtpctl alone.
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
fail() {
	echo "FAIL headers/resolver: $*"
	exit 1
}
TMP=$(mktemp -d "${TMPDIR:-/tmp}/smtpd-resolver.XXXXXX") || exit 1
trap 'rm -rf "$TMP"' EXIT
command -v nm >/dev/null 2>&1 || { echo "skip headers/resolver: no nm"; exit; }
[ -e lookup/resolve.o ] || fail "build first"

# "object symbol" of all that is asked for, and the symbols of lookup
nm -A -u smtpd/*.o smtpd/*/*.o lookup/*.o control/*.o |
    sed -n 's/^\([^:]*\)\.o: *U \([A-Za-z_0-9]*\)$/\1 \2/p' |
    sort -u >"$TMP/uses"
nm -g --defined-only lookup/*.o |
    sed -n 's/^[0-9a-f]* [TDBR] \([A-Za-z_0-9]*\)$/\1/p' |
    sort -u >"$TMP/lookup"
[ "$(wc -l <"$TMP/uses")" -gt 1000 ] || fail "nm shows nothing"

# The other processes of the server know of lookup how it is started, and
# nothing else: what they want to know they have to ask it.
sed -n 's,^\(smtpd/.*\) \(.*\),\2 \1,p' "$TMP/uses" | sort |
    join - "$TMP/lookup" >"$TMP/rooms"
[ "$(cat "$TMP/rooms")" = "lookup_main smtpd/smtpd" ] ||
    fail "rooms that reach into lookup: $(cat "$TMP/rooms")"

cat >"$TMP/allowed" <<'END'
lookup_resolve_take	lookup
expand_take	lookup
names_take	lookup
resolve_begin	lookup_resolve owner
resolve_now	names_prefix
resolve_find	expand names
walk_begin	expand names resolve
find_domain	check_entry resolve
find_address	check_entry directory_check expand resolve uses_sweep
find_literal	allow directory_part expand resolve walk
find_account	allow check_entry uses_sweep walk
find_unknown	resolve
find_login	login lookup_directory owner
login_take	lookup
owner_take	lookup
view_get	allow check_entry directory_check directory_part \
		directory_text find walk
view_seek	directory_part find names_prefix scan
view_next	directory_part find names_prefix scan
layers_get	change_apply view
record_get_domain	directory_check directory_text export find
record_get_address	change_apply directory_text export find
record_get_account	change_apply directory_text export find
END
# shellcheck disable=SC2162 -- a line may go on behind its end
while read symbol may; do
	grep -qx "$symbol" "$TMP/lookup" || fail "there is no $symbol"
	used=$(sed -n "s,^\(.*\) $symbol\$,\1,p" "$TMP/uses" |
	    sed 's,^lookup/,,' | sort | tr '\n' ' ')
	may=$(echo "$may" | tr -s '[:blank:]' ' ')
	[ "$used" = "$may " ] || fail "$symbol is used by $used, not by $may"
done <"$TMP/allowed"
echo "ok headers/resolver"
