# Recipients that have moved, by a table.  In smtpd.conf:
#
#	store local sql "sqlite:///var/lib/smtpd/local.sqlite"
#
# and, once:
#
#	CREATE TABLE moved (old TEXT PRIMARY KEY, new TEXT NOT NULL)
#
# Addresses are in lower case here, and have to be there.
require ["envelope", "variables", "vnd.stalwart.execute"];

if query :use "local" :set "new" "SELECT new FROM moved WHERE old = ?"
    ["${envelope.to}"] {
	set "envelope.to" "${new}";
}
