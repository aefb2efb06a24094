#!/bin/sh
# The manual pages: all there, and nothing for mandoc to complain about.
cd "$(dirname "$0")/.." || exit 1
command -v mandoc >/dev/null || { echo "skip man: needs mandoc"; exit 0; }
failed=0
for page in smtpd.8 smtpd.conf.5 smtpctl.8 smtpd-directory.5 smtpd-queue.5 \
    smtpd-internals.7; do
	[ -f "man/$page" ] && continue
	echo "FAIL man/$page: is not there"
	failed=1
done
for page in man/*.[1-9]; do
	# which other pages are installed says nothing about ours
	if found=$(mandoc -T lint -W style "$page" 2>&1 | grep -vE \
	    'referenced manual not found|outdated mandoc.db'); then
		echo "FAIL $page: $found"
		failed=1
	else
		echo "ok $page"
	fi
done
exit $failed
