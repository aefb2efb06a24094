# Who may not write to whom.  The recipients each say whom they do not want;
# everybody else gets that mail.  RFC 5228, RFC 5429.
require ["envelope", "reject"];

if anyof (
	allof (envelope :is "to" "jane@example.org",
	    envelope :is "from" ["ex@example.net", "shop@example.com"]),
	allof (envelope :is "to" ["sales@example.org", "info@example.org"],
	    envelope :domain :matches "from" ["bulk.example",
	        "*.bulk.example"])) {
	reject "550 5.7.1 This recipient does not take mail from you.";
}
