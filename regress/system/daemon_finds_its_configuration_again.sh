#!/bin/sh
# Started in the background with a relative name of its configuration, the
# server leaves that folder, and reload still reads the file.
. "$(dirname "$0")/../lib.sh"

mkconf
directory <<END
domain	example.org
account	bob	addresses=bob@example.org
END
cd "$TMP" || exit 1
# shellcheck disable=SC2086
$AS "$SMTPD" -f smtpd.conf 2>>"$LOG" || fail "it does not start"
wait_until 'answers' 30
child=$(ctl -q show status | awk '{ print $3; exit }')
PID=$(sed -n 's/^.*) . \([0-9]*\) .*/\1/p' "/proc/$child/stat")
[ "$(readlink "/proc/$PID/cwd")" = / ] || fail "it has not left the folder"
ok "the server is in the background"

ctl reload >"$TMP/out" 2>&1 || fail "reload: $(cat "$TMP/out")"
echo "frob" >>"$CONF"
ctl reload >"$TMP/out" 2>&1
[ $? = 78 ] && grep -q "smtpd.conf:[0-9]*:1: unknown word 'frob'" "$TMP/out" ||
    fail "reload of a wrong file: $(cat "$TMP/out")"
ok "reload reads its configuration"

ctl stop || fail "stop"
wait_until '! alive "$PID"' 20
PID=
ok "and it stops"
