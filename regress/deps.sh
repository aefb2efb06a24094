#!/bin/sh
# Install what is missing, with the system's package manager.
# usage: deps.sh build | test
# Says what it does; does nothing when all is there.

build="gcc make byacc pkg-config libevent-dev libbsd-dev libdb5.3-dev
    libidn2-dev zlib1g-dev libseccomp-dev libc-ares-dev libtls-dev
    libssl-dev"
quickstart="curl"
test="clang bmake mandoc swaks curl msmtp python3 libc6-dev util-linux strace
    openssl"

case $1 in
build)	want="$build" ;;
quickstart) want="$build $quickstart" ;;
test)	want="$build $test" ;;
*)	echo "usage: deps.sh build|quickstart|test" >&2; exit 2 ;;
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
[ -n "$missing" ] || exit 0
echo "deps: installing$missing"
if [ "$(id -u)" -eq 0 ]; then
	as_root=
elif command -v sudo >/dev/null 2>&1; then
	as_root=sudo
else
	echo "deps: not root: please run" >&2
	echo "	apt-get install$missing" >&2
	exit 1
fi
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
install() {
	# shellcheck disable=SC2086
	$as_root apt-get install -y --no-install-recommends $missing \
	    </dev/null >/dev/null
}
# the package lists of a fresh machine are old or empty
install 2>/dev/null || { $as_root apt-get update >/dev/null && install; }
