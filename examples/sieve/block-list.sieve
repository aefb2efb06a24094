# The same with a list, which a reload reads anew.  In smtpd.conf:
#
#	list 'unwanted' file "unwanted"
#
# with a pair a line, "sender recipient" or "domain-of-the-sender recipient".
# RFC 6134.
require ["envelope", "extlists", "reject", "variables",
    "vnd.smtpd.rcpt"];

if envelope :domain :matches "from" "*" {
	set "domain" "${0}";
}
if string :list ["${envelope.from} ${envelope.to}",
    "${domain} ${envelope.to}"] "unwanted" {
	reject "550 5.7.1 This recipient does not take mail from you.";
}
