#!/bin/sh
# Build the test programs into regress/bin.  Called by make, which says how
# to compile and link and which objects make a room.
#
# regress/unit/ROOM_WHAT.c links the ground floor and that room alone; a
# definition in the test wins over the ground floor's, which is how a test
# plays the processes on the other side of the walls.

set -eu
bin=regress/bin
mkdir -p $bin

objects() {
	case $1 in
	front*|session*|proxy*) echo "$FRONT" ;;
	keys*)	 echo "$KEYS" ;;
	hash*)	 echo "$HASH" ;;
	policy*) echo "$POLICY" ;;
	queue*)	 echo "$QUEUE" ;;
	deliver*) echo "$DELIVER" ;;
	relay*)	 echo "$RELAY" ;;
	sql*)	 echo "$SQL" ;;
	lookup*|directory*|entry*|record*|text*) echo "$LOOKUP" ;;
	conf*|script*)	 echo "$CONF" ;;
	# from the text of a rule to what becomes of a recipient
	rules*)	 echo "$CONF $POLICY" ;;
	control*) echo "$CONTROL" ;;
	ctl*|show*) echo "$CTL" ;;
	*)	 ;;
	esac
}

program() {	# name, source, room, more sources
	# shellcheck disable=SC2046,SC2086
	$COMPILE -Wno-missing-prototypes -Wno-missing-declarations \
	    -c -o "$bin/$1.o" "$2"
	# shellcheck disable=SC2046,SC2086
	$LINK -Wl,-z,muldefs -o "$bin/$1" "$bin/$1.o" ${4:-} \
	    $(objects "$3") $GROUND $LIBS
}

# two at a time
pids=
n=0
later() {
	program "$@" &
	pids="$pids $!"
	n=$((n + 1))
	if [ $((n % 4)) -eq 0 ]; then
		for p in $pids; do wait "$p"; done
		pids=
	fi
}

# shellcheck disable=SC2086
$COMPILE -fPIC -shared -Wno-missing-prototypes -Wno-missing-declarations \
    -o $bin/fault.so regress/fault.c
later chat regress/chat.c none
later port regress/port.c none
later load regress/bench/load.c none
later null regress/bench/null.c none
later shake regress/bench/shake.c none
later relayer regress/relayer.c relay
for f in regress/unit/*.c; do
	name=$(basename "$f" .c)
	later "unit_$name" "$f" "$name"
done
$COMPILE -c -o $bin/replay.o regress/fuzz/replay.c
for f in regress/fuzz/*.c; do
	name=$(basename "$f" .c)
	[ "$name" = replay ] ||
	    later "fuzz_$name" "$f" "$name" $bin/replay.o
done
for p in $pids; do wait "$p"; done
