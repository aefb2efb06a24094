#!/bin/sh
# Play one conversation: chat.sh FILE.chat
# Its line "# conf: NAME" names regress/chat/NAME.conf and NAME.directory;
# without one they are minimal.conf and minimal.directory.
TOP=$(cd "$(dirname "$0")/.." && pwd)
TEST=chat/$(basename "$1" .chat)
. "$TOP/regress/lib.sh"

name=$(sed -n 's/^# conf: //p' "$1" | head -n 1)
folder=$(dirname "$1")
mkconf <"$folder/${name:-minimal}.conf"
directory <"$folder/${name:-minimal}.directory"
start
"$CHAT" "$HOST" "$PORT" "$1" 2>"$TMP/why" || fail "$(cat "$TMP/why")"
stop
ok
