#!/bin/sh
# smtpctl queue: by id, all, sender, recipient and age.
. "$(dirname "$0")/../lib.sh"
. "$TOP/regress/relay.sh"
need python3

names <<END
a.example SERVFAIL
b.example SERVFAIL
END
directory <<END
domain own.example
account john addresses=john@own.example
END
onward <<END
queue { retry 1h }
END
start
letter john@own.example x@a.example
letter john@own.example y@a.example z@b.example
letter Jane@Own.example x@b.example
letter "" w@b.example
wait_until '[ "$(ctl show queue | grep -c "4.4.3")" = 5 ]'

# How many recipients are listed.
count() {	# expected words ...
	want=$1
	shift
	ctl queue list "$@" >"$TMP/out" 2>&1 || fail "$*: $(cat "$TMP/out")"
	[ "$(grep -c '4\.4\.3' "$TMP/out")" = "$want" ] ||
	    fail "$*: not $want: $(cat "$TMP/out")"
}
count 5 all
count 3 from john@own.example
count 3 from JOHN@OWN.EXAMPLE
count 1 from jane@own.example
count 4 from @own.example
count 1 from '<>'
count 0 from nobody@own.example
count 1 to x@a.example
count 4 to @b.example
count 1 to @b.example from Jane@own.example
count 0 older 1h
# a second after the last letter, not before
wait_until '[ "$(ctl queue list older 1s | grep -c "4\.4\.3")" = 5 ]'
count 5 older 0001s
ok "lists are of what was asked for"

for bad in "from" "from x" "from a@b.example from a@b.example" "older 5" \
    "older -1s" "older 0s" "older 99999999999999999999d" "to" "what x" \
    "all all" "from @"; do
	# shellcheck disable=SC2086
	ctl queue list $bad >"$TMP/out" 2>&1 && fail "$bad is taken"
done
ctl queue remove >"$TMP/out" 2>&1 && fail "nothing is everything"
count 5 all
ok "what makes no sense changes nothing"

[ "$(ctl queue hold to @a.example | tr -dc 0-9)" = 2 ] || fail "hold"
[ "$(ctl show queue | grep -c held)" = 3 ] || fail "$(ctl show queue)"
[ "$(ctl queue release from john@own.example | tr -dc 0-9)" = 2 ] ||
    fail "release"
ctl queue remove from '<>' older 1s >/dev/null || fail "remove"
count 4 all
ctl queue remove from @own.example to x@b.example >/dev/null || fail "remove"
count 3 all
ctl queue remove all >/dev/null || fail "remove"
count 0 all
ok "commands change what was meant"
stop
