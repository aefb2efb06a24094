#!/bin/sh
# The scripts in examples/sieve, as they stand there, over SMTP.  Hours alone
# are changed, so that the test does not depend on the clock.
. "$(dirname "$0")/../lib.sh"
SIEVE=$TOP/examples/sieve

# script, HELO, sender, recipient, expected
ask() {
	say <<-END || fail "$1: $2 $3 $4: not $5"
	S: 220
	C: EHLO $2
	S* 250
	C: MAIL FROM:<$3>
	S: 250
	C: RCPT TO:<$4>
	S: $5
	C: QUIT
	S: 221
	END
}

use() {		# script; a server that has it
	: >"$LOG"
	mkconf <<-END
	store default db
	store local sql "sqlite://$TMP/local.sqlite"
	list unwanted file "unwanted"
	sieve ready file "${2:-$SIEVE/$1.sieve}"
	rcpt { directory 'accounts'; script 'ready'
	    errors { total 100; wait 0 } }
	END
	start
}

directory <<END
domain example.org
account jane addresses=jane@example.org,orders@example.org
account bob addresses=bob@example.org,sales@example.org,lists@example.org
account postmaster addresses=postmaster@example.org
END
echo "ex@example.net JANE@example.org" >"$TMP/unwanted"
echo "bulk.example jane@example.org" >>"$TMP/unwanted"
sqlite3 "$TMP/local.sqlite" "
    CREATE TABLE moved (old TEXT PRIMARY KEY, new TEXT NOT NULL);
    INSERT INTO moved VALUES ('old@example.org', 'jane@example.org')"
H=client.example.net

use block
ask block $H ex@example.net jane@example.org '550 5.7.1 This recipient'
ask block $H Ex@Example.NET Jane@example.org '550 5.7.1'
ask block $H ex@example.net bob@example.org '250 2.1.5'
ask block $H a@x.bulk.example sales@example.org '550 5.7.1'
ask block $H a@x.bulk.example jane@example.org '250 2.1.5'
ask block $H '' jane@example.org '250 2.1.5'
stop
ok "block: a sender per recipient"

use block-list
ask block-list $H ex@example.net jane@example.org '550 5.7.1'
ask block-list $H x@bulk.example jane@example.org '550 5.7.1'
ask block-list $H x@bulk.example bob@example.org '250 2.1.5'
ask block-list $H '' jane@example.org '250 2.1.5'
echo "'' bob@example.org" >"$TMP/unwanted"
ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
ask block-list $H ex@example.net jane@example.org '250 2.1.5'
stop
ok "block-list: the same by a list"

# always, then never
sed 's/"22"/"00"/' "$SIEVE/hours.sieve" >"$TMP/hours"
use hours "$TMP/hours"
ask hours $H a@x.example orders@example.org '450 4.7.1 We take'
ask hours $H a@x.example jane@example.org '250 2.1.5'
stop
sed 's/"06"/"00"/; s/"22"/"24"/; s/"0")/"9")/' "$SIEVE/hours.sieve" \
    >"$TMP/hours"
use hours "$TMP/hours"
ask hours $H a@x.example orders@example.org '250 2.1.5'
stop
ok "hours: deferred at other times"

use helo
ask helo example.org a@x.example jane@example.org '550 5.7.1 That name'
ask helo example.org a@x.example postmaster@example.org '250 2.1.5'
ask helo '[192.0.2.1]' a@x.example jane@example.org '550 5.7.1 That address'
ask helo "[127.0.0.1]" a@x.example jane@example.org '250 2.1.5'
ask helo nodots a@x.example lists@example.org '550 5.7.1 Say'
ask helo nodots a@x.example jane@example.org '250 2.1.5'
ask helo $H a@x.example lists@example.org '250 2.1.5'
stop
ok "helo: names that are not the client's"

use greylist-some
ask greylist-some $H a@x.bulk.example jane@example.org '451 4.7.1 Grey'
ask greylist-some $H a@x.bulk.example bob@example.org '451 4.7.1'
ask greylist-some $H a@x.bulk.example jane@example.org '250 2.1.5'
ask greylist-some $H a@x.example jane@example.org '250 2.1.5'
ask greylist-some dyn-1.isp.example a@x.example jane@example.org '451 4.7.1'
ask greylist-some dyn-1.isp.example a@x.example jane@example.org '250 2.1.5'
stop
ok "greylist-some: selected senders"

use score
ask score nodots big12345@x.example jane@example.org \
    '550 5.7.1 Refused with 5 points.'
ask score '[127.0.0.1]' jane@example.org Jane@Example.org \
    '550 5.7.1 Refused with 6 points.'
ask score nodots a@x.example jane@example.org '250 2.1.5'
ask score $H big12345@x.example jane@example.org '250 2.1.5'
ask score $H '' jane@example.org '250 2.1.5'
stop
ok "score: points for what is odd"

use rewrite
ask rewrite $H a@x.example old@example.org '250 2.1.5'
ask rewrite $H a@x.example OLD@Example.org '250 2.1.5'
ask rewrite $H a@x.example older@example.org '550 5.1.1'
ask rewrite $H a@x.example bob@example.org '250 2.1.5'
stop
ok "rewrite: by a table"

mkconf <<END
sieve greylist file "$SIEVE/greylist.sieve"
rcpt { directory 'accounts'; script 'greylist'
    errors { total 100; wait 0 } }
END
start
wait_until '[ -e "$TMP/state/sql/default.sqlite" ]' 20
sqlite3 "$TMP/state/sql/default.sqlite" \
    'CREATE TABLE greylist (addr TEXT PRIMARY KEY)'
ask greylist $H a@x.example jane@example.org '422 4.2.2 Greylisted'
ask greylist $H a@x.example jane@example.org '250 2.1.5'
ask greylist $H b@x.example jane@example.org '422 4.2.2'
stop
ok "greylist: the embedded store and nothing to set up but the table"
