# Points for what unwanted mail often has in common: five are too many.
# It needs nothing of smtpd.conf(5).
require ["variables", "reject", "vnd.stalwart.expressions"];

# who has logged in is known
if eval "!is_empty(authenticated_as)" {
	stop;
}

let "points" "0";
# a client whose name is an address, or a word
if eval "starts_with(helo_domain, '[') || !contains(helo_domain, '.')" {
	let "points" "points + 2";
}
# a sender with a number in its name, as made by a program
if eval "matches('^[^@]*[0-9]{5}', sender)" {
	let "points" "points + 2";
}
# one who writes to himself from elsewhere
if eval "sender = rcpt" {
	let "points" "points + 3";
}
# bounces have one recipient
if eval "sender = '' && count(recipients) > 0" {
	let "points" "points + 5";
}
# in the clear, which says little alone
let "points" "points + !is_tls";

if eval "points >= 5" {
	reject "550 5.7.1 Refused with ${points} points.";
}
