/*
 * Copyright (c) 2026 The smtpd authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * Keys and counters: what is kept, what ends, what a full store, a full
 * disk and a kill do.
 */

#include <sys/resource.h>

#include <signal.h>

#include "lookup/bdb_env.h"
#include "lookup/memo_part.h"
#include "lookup/state.h"
#include "regress/unit/lookup_play.h"

#define KEYS		40		/* of the property test */
#define STEPS		20000

static uint64_t		 now = 1800000000000000;	/* us */

uint64_t
clock_wall_us(void)
{
	return (now);
}

static void
store_ask(struct store_ask *ask, enum store_op op, const char *store,
    const char *key)
{
	memset(ask, 0, sizeof(*ask));
	ask->op = op;
	(void)strlcpy(ask->store, store, sizeof(ask->store));
	ask->key = key;
	ask->keylen = strlen(key);
	ask->value = "";
}

static enum value_status
put_ask(const struct store_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_store_ask(&w, ask);
	play_ask(PROC_POLICY, MSG_POLICY_STORE_ASK, &w);
	return (play_value.status);
}

/* The key, or "-" for none, "!" when it cannot be known. */
static const char *
get(const char *store, const char *key)
{
	struct store_ask	 ask;

	store_ask(&ask, STORE_KEY_GET, store, key);
	switch (put_ask(&ask)) {
	case VALUE_FOUND:
		return (play_octets);
	case VALUE_NONE:
		return ("-");
	default:
		return ("!");
	}
}

static int
set(const char *store, const char *key, const char *value, uint64_t expiry)
{
	struct store_ask	 ask;

	store_ask(&ask, STORE_KEY_SET, store, key);
	ask.value = value;
	ask.len = strlen(value);
	ask.expiry = expiry;
	return (put_ask(&ask) == VALUE_FOUND ? 0 : -1);
}

/* A number, -1000 when it cannot be known. */
static int64_t
number(enum store_op op, const char *store, const char *key, int64_t by,
    uint64_t expiry)
{
	struct store_ask	 ask;

	store_ask(&ask, op, store, key);
	ask.by = by;
	ask.expiry = expiry;
	if (put_ask(&ask) != VALUE_FOUND)
		return (-1000);
	CHECK(play_value.value.type == DATUM_INTEGER, "no number");
	return (play_value.value.integer);
}

static int64_t
incr(const char *key, int64_t by)
{
	return (number(STORE_COUNTER_INCR, "", key, by, 0));
}

static int64_t
count(const char *key)
{
	return (number(STORE_COUNTER_GET, "", key, 0, 0));
}

static int64_t
exists(const char *key)
{
	return (number(STORE_KEY_EXISTS, "", key, 0, 0));
}

/* Rows A-SQL-02 and A-STO-01, and stores that do not know each other. */
static void
test_ops(void)
{
	CHECK(strcmp(get("", "hello"), "-") == 0 && exists("hello") == 0 &&
	    set("", "hello", "world", 0) == 0 &&
	    strcmp(get("", "hello"), "world") == 0 && exists("hello") == 1,
	    "a key");
	CHECK(set("", "hello", "", 0) == 0 && exists("hello") == 1 &&
	    strcmp(get("", "hello"), "") == 0, "an empty value");
	CHECK(incr("n", 1) == 1 && incr("n", 2) == 3 && count("n") == 3 &&
	    exists("n") == 0 && incr("n", -3) == 0 && count("n") == 0,
	    "a counter");
	CHECK(incr("n", INT64_MAX) == INT64_MAX && incr("n", 1) == INT64_MAX &&
	    incr("m", INT64_MIN) == INT64_MIN && incr("m", -1) == INT64_MIN,
	    "bounds of a counter");
	CHECK(strcmp(get("other", "hello"), "-") == 0 &&
	    set("other", "hello", "you", 0) == 0 &&
	    strcmp(get("default", "hello"), "") == 0 &&
	    strcmp(get("other", "hello"), "you") == 0, "two stores");
	CHECK(strcmp(get("nosuch", "hello"), "!") == 0 &&
	    set("nosuch", "hello", "x", 0) == -1 &&
	    number(STORE_COUNTER_INCR, "n\x01\nsuch", "n", 1, 0) == -1000,
	    "a store that is not there");
}

static void
test_ends(void)
{
	CHECK(set("", "short", "x", 1000) == 0 &&
	    number(STORE_COUNTER_INCR, "", "hour", 5, 3600000) == 5 &&
	    set("", "long", "x", UINT64_MAX) == 0, "set");
	now += 999999;
	CHECK(exists("short") == 1, "ended too soon");
	now += 1;
	CHECK(exists("short") == 0 && strcmp(get("", "short"), "-") == 0,
	    "did not end");
	/* later counts do not prolong it */
	CHECK(number(STORE_COUNTER_INCR, "", "hour", 1, 3600000) == 6,
	    "counted");
	now += UINT64_C(3599000000);
	CHECK(count("hour") == 0 &&
	    number(STORE_COUNTER_INCR, "", "hour", 1, 1000) == 1 &&
	    exists("long") == 1, "the hour did not end");
	CHECK(set("", "kept", "a", 1000) == 0 &&
	    set("", "kept", "b", 0) == 0, "set");
	now += 5000000;
	CHECK(strcmp(get("", "kept"), "b") == 0, "was to stay for good");
}

/* Any octets, and more of them than a record's name can hold. */
static void
test_hostile(void)
{
	static char		 a[STORE_KEY_MAX], value[STORE_VALUE_MAX];
	struct store_ask	 ask;
	struct wbuf		 w;
	size_t			 len;

	CHECK(incr("", 7) == 7 && count("") == 7 && exists("") == 0,
	    "an empty key");
	store_ask(&ask, STORE_COUNTER_INCR, "", "a");
	ask.by = 1;
	ask.key = "a\0b";
	for (ask.keylen = 1; ask.keylen <= 3; ask.keylen++)
		CHECK(put_ask(&ask) == VALUE_FOUND &&
		    play_value.value.integer == 1, "NUL in a key");
	memset(a, 'a', sizeof(a));
	ask.key = a;
	for (len = 480; len <= sizeof(a); len += len < 530 ? 1 : 13001) {
		ask.keylen = len;
		CHECK(put_ask(&ask) == VALUE_FOUND &&
		    play_value.value.integer == 1, "%zu octets", len);
	}
	ask.op = STORE_KEY_SET;
	ask.value = memset(value, 'v', sizeof(value));
	ask.len = sizeof(value);
	CHECK(put_ask(&ask) == VALUE_FOUND, "the largest value");
	ask.op = STORE_KEY_GET;
	CHECK(put_ask(&ask) == VALUE_FOUND &&
	    play_value.value.len == sizeof(value) &&
	    memcmp(play_octets, value, sizeof(value)) == 0, "got it");
	/* more than that is no message */
	wbuf_init(&w);
	ask.value = a;
	ask.len = STORE_VALUE_MAX + 1;
	msg_put_store_ask(&w, &ask);
	CHECK(play_put(PROC_POLICY, MSG_POLICY_STORE_ASK, 1, &w) == -1,
	    "takes a value that is too large");
}

static void
sweep(void)
{
	enum answer	 ans;

	memo_begin();
	do
		ans = memo_due_first(MEMO_KEY, memo_now());
	while (ans == ANSWER_FOUND);
	CHECK(ans == ANSWER_NONE && memo_commit() == 0, "sweep");
}

/* What is counted is what is there. */
static void
check_totals(void)
{
	struct bdb_item	 item;
	uint8_t		 at[BDB_ENV_KEY_MAX] = { MEMO_KEY, 0 };
	size_t		 len = 1;
	uint64_t	 records = 0, octets = 0;

	while (bdb_store_after(state_memo(), at, len, &item) ==
	    ANSWER_FOUND && *(const uint8_t *)item.key == MEMO_KEY) {
		records++;
		octets += item.keylen - 1 + item.len;
		memcpy(at, item.key, len = item.keylen);
	}
	CHECK(records == memo_totals(MEMO_KEY)->records &&
	    octets == memo_totals(MEMO_KEY)->octets,
	    "%llu records of %llu octets, counted %llu of %llu",
	    (unsigned long long)records, (unsigned long long)octets,
	    (unsigned long long)memo_totals(MEMO_KEY)->records,
	    (unsigned long long)memo_totals(MEMO_KEY)->octets);
}

/* Many random steps, beside a model in memory. */
static void
test_property(void)
{
	static struct {
		int64_t		 n;
		uint64_t	 end;
	} model[KEYS];
	char			 key[8];
	uint64_t		 expiry;
	int64_t			 by;
	int			 i, k;

	srandom(7);
	for (i = 0; i < STEPS; i++) {
		k = (int)(random() % KEYS);
		(void)snprintf(key, sizeof(key), "p%d", k);
		if (model[k].n != 0 && model[k].end != 0 &&
		    model[k].end <= now / 1000)
			model[k].n = 0;
		switch (random() % 4) {
		case 0:
			CHECK(count(key) == model[k].n, "%s at step %d", key,
			    i);
			break;
		case 1:
			now += (uint64_t)(random() % 1000) * 1000;
			break;
		case 2:
			if (random() % 50 == 0)
				sweep();
			break;
		default:
			by = random() % 5 - 2;
			expiry = random() % 3 == 0 ? 0 :
			    (uint64_t)random() % 20000 + 1;
			if (model[k].n == 0)
				model[k].end = expiry == 0 ? 0 :
				    now / 1000 + expiry;
			model[k].n += by;
			CHECK(number(STORE_COUNTER_INCR, "", key, by,
			    expiry) == model[k].n, "%s at step %d", key, i);
			break;
		}
	}
	check_totals();
}

/* Those that end first make room; when none does there is none. */
static void
test_bounds(void)
{
	char	 key[32];
	int	 i, n = 0;

	memo_bound(MEMO_KEY, memo_totals(MEMO_KEY)->records + 100,
	    UINT64_MAX);
	for (i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "b%d", i);
		CHECK(set("", key, "x", 3600000 + (uint64_t)i) == 0, "%s",
		    key);
		/* this one is prolonged all the time */
		CHECK(set("", "b0", "y", 3600000 + (uint64_t)i) == 0, "b0");
	}
	CHECK(exists("b999") == 1 && exists("b0") == 1, "the newest went");
	for (i = 1; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "b%d", i);
		n += (int)exists(key);
	}
	CHECK(n >= 98 && n <= 115 && exists("b880") == 0, "%d are left", n);
	check_totals();
	/* not even one that ends at once goes instead of those before it */
	CHECK(set("", "now", "x", 1) == 0 && exists("now") == 1, "now");
	for (i = 0; i < 1000 && set("", key, "x", 0) == 0; i++)
		(void)snprintf(key, sizeof(key), "good%d", i);
	CHECK(i > 98 && i < 1000, "%d for good", i);
	CHECK(set("", "one more", "x", 1000) == -1 && exists("one more") == 0,
	    "one more");
	CHECK(set("", "good0", "changed", 0) == 0 && incr("good", 0) == 0,
	    "what is there can change");
	check_totals();
	memo_bound(MEMO_KEY, UINT64_MAX, memo_totals(MEMO_KEY)->octets + 50);
	CHECK(set("", "good0", "grows too much: more than fifty octets, which "
	    "is all that there is room for", 0) == -1 &&
	    strcmp(get("", "good0"), "changed") == 0, "octets");
	memo_bound(MEMO_KEY, UINT64_MAX, UINT64_MAX);
	now += UINT64_C(7200000000);
	sweep();
	check_totals();
}

static void
first_life(void)
{
	play_begin(0);
	test_ops();
	test_ends();
	test_hostile();
	test_property();
	test_bounds();
	CHECK(set("", "first", "life", 0) == 0 && incr("lives", 1) == 1,
	    "set");
	if (check_failed == 0)
		kill(getpid(), SIGKILL);
}

/* Files may not grow: as a full disk. */
static void
second_life(void)
{
	static char	 value[STORE_VALUE_MAX];
	struct rlimit	 rl, old;
	char		 key[32];
	int		 i, failed = 0;

	play_begin(0);
	CHECK(strcmp(get("", "first"), "life") == 0 && incr("lives", 1) == 2,
	    "the kill lost something");
	check_totals();
	memset(value, 'v', sizeof(value) - 1);
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)getrlimit(RLIMIT_FSIZE, &old);
	rl = old;
	rl.rlim_cur = 400000;
	CHECK(setrlimit(RLIMIT_FSIZE, &rl) == 0, "setrlimit");
	for (i = 0; i < 2000 && failed < 20; i++) {
		(void)snprintf(key, sizeof(key), "f%d", i);
		if (set("", key, value, 0) == -1) {
			failed++;
			CHECK(strcmp(get("", key), "-") == 0, "%s failed, and "
			    "is there", key);
		}
	}
	CHECK(failed == 20, "%d failed", failed);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0, "setrlimit");
	CHECK(set("", "after", "all", 0) == 0 &&
	    strcmp(get("", "after"), "all") == 0 && incr("lives", 1) == 3,
	    "room again");
	check_totals();
}

static void
third_life(void)
{
	play_begin(0);
	CHECK(strcmp(get("", "after"), "all") == 0 && count("lives") == 3,
	    "a start lost something");
	check_totals();
}

int
main(void)
{
	pid_t	 pid;
	int	 status = 0;

	play_open();
	play_conf.nstores = 2;
	(void)strlcpy(play_conf.stores[0].name, "other",
	    sizeof(play_conf.stores[0].name));
	(void)strlcpy(play_conf.stores[1].name, "default",
	    sizeof(play_conf.stores[1].name));
	if ((pid = fork()) == 0) {
		play_run(first_life);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
	    "the first life ended with %d", status);
	play_life(second_life);
	play_life(third_life);
	play_close();
	return (check_done("lookup_keys"));
}
