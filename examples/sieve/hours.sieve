# Orders are taken from 6 to 22 o'clock, local time, and not on Sundays;
# mail that comes at another time is deferred, so that its server tries again.
# RFC 5260, RFC 5231.
require ["date", "envelope", "reject", "relational"];

if envelope :is "to" "orders@example.org" {
	if anyof (currentdate :value "lt" "hour" "06",
	    currentdate :value "ge" "hour" "22",
	    currentdate :is "weekday" "0") {
		reject "450 4.7.1 We take orders from 6 to 22 o'clock.";
	}
}
