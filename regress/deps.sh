#!/bin/sh
# Install what is missing, with the system's package manager.  For tests also
# Postfix's smtp-source and smtp-sink, out of its package into regress/.postfix,
# and Exim, which cannot be installed beside Postfix, into regress/.exim.
# Postfix itself is installed only where root runs the tests and no other mail
# server is there; it is not configured.
# usage: deps.sh build | quickstart | test | testssl
# Says what it does; does nothing when all is there.

build="gcc make byacc pkg-config libevent-dev libbsd-dev libdb5.3-dev
    libidn2-dev libmd-dev libpcre2-dev zlib1g-dev libseccomp-dev libc-ares-dev
    libtls-dev libssl-dev libsqlite3-dev libpq-dev libcrypt-dev"
quickstart="curl"
test="clang bmake mandoc swaks libnet-ssleay-perl curl msmtp gsasl python3
    libc6-dev util-linux strace openssl nmap libnss-wrapper
    dovecot-core dovecot-lmtpd haproxy
    sqlite3 postgresql"

case $1 in
build)	want="$build" ;;
quickstart) want="$build $quickstart" ;;
test)	want="$build $test" ;;
testssl) want="$build openssl util-linux testssl.sh" ;;
*)	echo "usage: deps.sh build|quickstart|test|testssl" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: not a Debian system; needed are the equivalents of:" \
	    $want
	exit 0
fi
missing=
for p in $want; do
	status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null)
	case $status in
	ii*)	;;
	*)	missing="$missing $p" ;;
	esac
done
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}
may_install() {
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1
}
install() {
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive as_root apt-get install -y \
	    --no-install-recommends "$@" </dev/null >/dev/null
}

# Without them a test is skipped, and says so.
postfix() {
	postfix_dir=$(dirname "$0")/.postfix
	[ ! -x "$postfix_dir/smtp-source" ] || return 0
	command -v apt-get >/dev/null 2>&1 || return 0
	echo "deps: fetching smtp-source and smtp-sink"
	mkdir -p "$postfix_dir/new"
	(
		cd "$postfix_dir/new" || exit 1
		{ apt-get download postfix ||
		    { may_install && as_root apt-get update &&
		    apt-get download postfix; }; } >/dev/null 2>&1 || exit 1
		dpkg-deb -x postfix_*.deb . || exit 1
		mv usr/sbin/smtp-source usr/sbin/smtp-sink \
		    usr/lib/postfix/*.so ..
	) || echo "deps: package postfix is not to be had"
	rm -rf "$postfix_dir/new"
	if may_install && LD_LIBRARY_PATH=$postfix_dir ldd \
	    "$postfix_dir/smtp-source" 2>/dev/null | grep -q 'not found'; then
		install libnsl2 libicu72 || true
	fi
}

# A file of a package that is not installed, into regress/.exim.
exim() {
	exim_dir=$(dirname "$0")/.exim
	[ ! -x "$exim_dir/exim" ] || return 0
	command -v apt-get >/dev/null 2>&1 || return 0
	echo "deps: fetching exim"
	mkdir -p "$exim_dir/new"
	(
		cd "$exim_dir/new" || exit 1
		apt-get download exim4-daemon-light >/dev/null 2>&1 || exit 1
		dpkg-deb -x exim4-daemon-light_*.deb . || exit 1
		install_file usr/sbin/exim4 ../exim
	) || echo "deps: package exim4-daemon-light is not to be had"
	rm -rf "$exim_dir/new"
}

# Set-id bits stay behind.
install_file() {
	cp "$1" "$2" && chmod 755 "$2"
}

# Only where no other server would have to go.
postfix_server() {
	[ "$(id -u)" -eq 0 ] || return 0
	dpkg-query -W -f '${db:Status-Abbrev} ${Provides}\n' |
	    grep -q '^ii.*mail-transport-agent' && return 0
	echo "deps: installing postfix"
	install postfix || echo "deps: postfix is not to be had"
}

if [ -n "$missing" ]; then
	echo "deps: installing$missing"
	if ! may_install; then
		echo "deps: not root: please run" >&2
		echo "	apt-get install$missing" >&2
		exit 1
	fi
	# the package lists of a fresh machine are old or empty
	# shellcheck disable=SC2086
	install $missing 2>/dev/null ||
	    { as_root apt-get update >/dev/null && install $missing; } || exit 1
fi
[ "$1" = test ] || exit 0
postfix
exim
postfix_server
