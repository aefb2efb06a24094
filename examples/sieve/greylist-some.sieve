# The first try of some senders is deferred: bulk mail, and names of machines
# with dialed addresses.  Who tries again, from the same address and with the
# same sender and recipient, is known for 35 days.  In smtpd.conf:
#
#	store default db
#
# RFC 7352.
require ["duplicate", "envelope", "reject", "variables",
    "vnd.smtpd.rcpt"];

if anyof (envelope :domain :matches "from" ["*.bulk.example",
        "news.*"],
    string :matches "${env.helo_domain}" ["dyn*", "*.dyn.*",
        "*-pool-*"]) {
	if not duplicate :handle "greylist" :seconds 3024000 :uniqueid
	    "${env.remote_ip} ${envelope.from} ${envelope.to}" {
		reject "451 4.7.1 Greylisted, please try again in a moment.";
	}
}
