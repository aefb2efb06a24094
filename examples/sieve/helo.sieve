# Clients that say a name that is not theirs: ours, one without a dot, or an
# address that they do not have.  The postmaster hears everybody, and
# lists@example.org only who says its full name.
require ["envelope", "reject", "variables", "vnd.smtpd.rcpt"];

if envelope :localpart :is "to" ["postmaster", "abuse"] {
	stop;
}
if string :is "${env.helo_domain}" ["example.org", "mx.example.org"] {
	reject "550 5.7.1 That name is ours.";
	stop;
}
if allof (string :matches "${env.helo_domain}" "[*]",
    not string :is "${env.helo_domain}" ["[${env.remote_ip}]",
        "[IPv6:${env.remote_ip}]"]) {
	reject "550 5.7.1 That address is not yours.";
	stop;
}
if allof (envelope :is "to" "lists@example.org",
    not string :matches "${env.helo_domain}" "?*.?*") {
	reject "550 5.7.1 Say your full name in EHLO.";
}
