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
 * Large lists, long chains, and tables that are replaced while questions
 * come in: the loop goes on turning, and nobody is misjudged.
 */

#include <sysexits.h>
#include <time.h>

#include "regress/unit/lookup_command.h"

#define MEMBERS		100000
#define TURN_MAX	250		/* ms of CPU */

static char	*text;			/* of the table */
static size_t	 textlen, textsize;
static uint64_t	 skew;			/* ms the clock is ahead */

uint64_t
clock_mono(void)
{
	struct timespec	 ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000 +
	    skew);
}

static void __attribute__((format(printf, 1, 2)))
line(const char *fmt, ...)
{
	va_list	 ap;

	if (textlen + 65536 > textsize) {
		textsize = textlen + 1024 * 1024;
		if ((text = realloc(text, textsize)) == NULL)
			fatal("realloc");
	}
	va_start(ap, fmt);
	textlen += (size_t)vsnprintf(text + textlen, textsize - textlen, fmt,
	    ap);
	va_end(ap);
}

/* Members are outside: the table stays small. */
static void
large_table(void)
{
	int	 i, j;

	line("domain example.org\naccount ann addresses=ann@example.org\n");
	line("list small@example.org members=ann,x@y.test\n");
	line("list large@example.org members=ann");
	for (i = 0; i < MEMBERS - 1; i++)
		line(",m%d@out.test", i);
	line("\nalias dead@example.org gone0@example.org");
	for (i = 1; i < 999; i++)
		line(",gone%d@example.org", i);
	line(",ann@example.org\nalias n0@example.org ann@example.org\n");
	for (i = 1; i < 25; i++)
		line("alias n%d@example.org n%d@example.org\n", i, i - 1);
	/* 2^18 ways to ann */
	line("alias w0@example.org ann@example.org\n"
	    "alias v0@example.org ann@example.org\n");
	for (i = 1; i < 18; i++)
		for (j = 0; j < 2; j++)
			line("alias %c%d@example.org w%d@example.org,v%d"
			    "@example.org\n", "wv"[j], i, i - 1, i - 1);
	play_text(text, play_conf.directories[0].path);
}

static void
ask_batch(uint64_t message, uint32_t skip)
{
	struct expand_ask	 ask;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	(void)strlcpy(ask.directory, play_in, sizeof(ask.directory));
	play_address(&ask.rcpt, "large@example.org");
	ask.message = message;
	ask.skip = skip;
	wbuf_init(&w);
	msg_put_expand_ask(&w, &ask);
	CHECK(play_put(PROC_QUEUE, MSG_QUEUE_EXPAND_ASK, ++play_id, &w) == 0,
	    "expand");
}

static uint64_t
cpu(void)
{
	struct timespec	 ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) == -1)
		fatal("clock_gettime");
	return ((uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000);
}

/* While the list is walked, others are answered. */
static void
first_batch(void)
{
	uint64_t	 asked, before, worst = 0;
	int		 turns = 0;

	ask_batch(1, 0);
	for (asked = play_id; play_type != MSG_LOOKUP_EXPAND_ANSWER;
	    turns++) {
		before = cpu();
		play_turn();
		if (cpu() - before > worst)
			worst = cpu() - before;
		if (play_heard != asked)
			CHECK(play_resolve("ann@example.org") ==
			    RESOLVE_FOUND, "ann");
	}
	CHECK(turns > 5 && worst < TURN_MAX, "%d turns of up to %llu ms",
	    turns, (unsigned long long)worst);
	CHECK(play_expanded.status == RESOLVE_FOUND && play_expanded.total ==
	    MEMBERS && play_expanded.n == RESOLVE_ITEMS_MAX, "first batch: "
	    "%d, %u of %u", (int)play_expanded.status, play_expanded.n,
	    play_expanded.total);
}

static void
batches(void)
{
	static char	 seen[MEMBERS];
	uint32_t	 skip;
	unsigned int	 i;
	long		 n;

	play_begin(0);
	CHECK(play_resolve("large@example.org") == RESOLVE_FOUND, "RCPT");
	first_batch();
	/* what becomes of the list meanwhile does not matter */
	CHECK(play_add("list large@example.org members=ann") == EX_OK, "add");
	for (skip = 0; skip < MEMBERS; skip += play_expanded.n) {
		/* a batch may wait an hour for a server elsewhere */
		if (skip == RESOLVE_ITEMS_MAX) {
			skew = 3600000;
			CHECK(play_expand("ann@example.org", "", 0) ==
			    RESOLVE_FOUND, "ann");
		}
		if (skip != 0) {
			ask_batch(1, skip);
			play_turn();
		}
		CHECK(play_expanded.status == RESOLVE_FOUND &&
		    play_expanded.total == MEMBERS, "batch at %u: %d", skip,
		    (int)play_expanded.status);
		if (play_expanded.n == 0)
			break;
		for (i = 0; i < play_expanded.n; i++) {
			n = play_expanded.items[i].kind == EXPAND_ACCOUNT ?
			    MEMBERS - 1 : strtol(play_expanded.items[i].
			    address + 1, NULL, 10);
			CHECK(!seen[n], "%s twice",
			    play_expanded.items[i].address);
			seen[n] = 1;
		}
	}
	CHECK(memchr(seen, 0, sizeof(seen)) == NULL, "one is missing");
	/* it is over, and of another there was no beginning */
	ask_batch(1, 100);
	CHECK(play_expanded.status == RESOLVE_TEMPFAIL, "after the end");
	ask_batch(2, 100);
	CHECK(play_expanded.status == RESOLVE_TEMPFAIL, "no beginning");
	CHECK(play_expand("large@example.org", "", 3) == RESOLVE_FOUND &&
	    play_expanded.total == 1, "the new list");
}

static void
chains(void)
{
	CHECK(play_resolve("n19@example.org") == RESOLVE_FOUND &&
	    strcmp(play_found.primary, "ann@example.org") == 0, "depth 20");
	CHECK(play_resolve("n20@example.org") == RESOLVE_TEMPFAIL &&
	    play_expand("n20@example.org", "", 0) == RESOLVE_TEMPFAIL &&
	    play_name("n20@example.org", 1, 50) == RESOLVE_TEMPFAIL,
	    "depth 21");
	CHECK(play_resolve("w17@example.org") == RESOLVE_FOUND &&
	    strcmp(play_found.account, "ann") == 0, "many ways");
	CHECK(play_resolve("dead@example.org") == RESOLVE_FOUND &&
	    strcmp(play_found.account, "ann") == 0, "one of 1000");
}

static void
bounds(void)
{
	play_begin(0);
	chains();
	CHECK(play_resolve("small@example.org") == RESOLVE_FOUND, "two");
	CHECK(play_add("list l2@example.org members=ann,a@x.test") == EX_OK &&
	    play_resolve("l2@example.org") == RESOLVE_FOUND, "two members");
	CHECK(play_add("list l3@example.org members=ann,a@x.test,b@x.test") ==
	    EX_OK && play_resolve("l3@example.org") == RESOLVE_TEMPFAIL,
	    "three members");
	CHECK(play_add("alias a2@example.org ann@example.org,a@x.test") ==
	    EX_OK && play_resolve("a2@example.org") == RESOLVE_FOUND &&
	    play_expand("a2@example.org", "", 0) == RESOLVE_FOUND,
	    "two targets");
	CHECK(play_add("alias a3@example.org ann@example.org,a@x.test,"
	    "b@x.test") == EX_OK && play_resolve("a3@example.org") ==
	    RESOLVE_TEMPFAIL && play_expand("a3@example.org", "", 0) ==
	    RESOLVE_TEMPFAIL, "three targets");
	/* as often as they like */
	CHECK(play_add("alias b@example.org a2@example.org,ann@example.org,"
	    "a@x.test,A@x.test") == EX_OK && play_resolve("b@example.org") ==
	    RESOLVE_FOUND, "two, in many ways");
}

static void
switch_table(int n)
{
	char	 buf[256];

	(void)snprintf(buf, sizeof(buf), "domain example.org\n"
	    "account same addresses=same@example.org\n"
	    "account g%d addresses=g%d@example.org\n"
	    "alias to@example.org g%d@example.org\n", n, n, n);
	play_text(buf, play_conf.directories[0].path);
}

/* One look: what the table of generation n has, and no other. */
static int
look(int n)
{
	char	 now[32], next[32];
	int	 switched;

	(void)snprintf(now, sizeof(now), "g%d@example.org", n);
	(void)snprintf(next, sizeof(next), "g%d@example.org", n + 1);
	CHECK(play_resolve("same@example.org") == RESOLVE_FOUND, "same");
	CHECK(play_resolve("live7@example.org") == RESOLVE_FOUND, "live");
	switched = play_resolve(next) == RESOLVE_FOUND;
	CHECK((play_resolve(now) == RESOLVE_FOUND) == !switched, "%s when "
	    "switched is %d", now, switched);
	CHECK(play_resolve("to@example.org") == RESOLVE_FOUND &&
	    strcmp(play_found.primary, switched ? next : now) == 0, "to is "
	    "%s when switched is %d", play_found.primary, switched);
	return (switched);
}

/* New tables, with live changes to put on top of each. */
static void
switches(void)
{
	char		 record[64];
	struct wbuf	 w;
	int		 i, n, looks, before = 0;

	play_begin(0);
	for (i = 0; i < 250; i++) {
		(void)snprintf(record, sizeof(record), "account live%d "
		    "addresses=live%d@example.org", i, i);
		CHECK(play_add(record) == EX_OK, "%s", record);
	}
	for (n = 0; n < 12; n++) {
		switch_table(n + 1);
		play_tables[0] = '\0';
		wbuf_init(&w);
		CHECK(play_put(PROC_PARENT, MSG_PARENT_TABLES_NOTE, 0, &w) ==
		    0, "reload");
		for (looks = 0; !look(n) && looks < 1000000; looks++)
			play_turn();
		before += looks;
		CHECK(look(n + 1) == 0 && play_tables[0] == '\0',
		    "switched back");
	}
	CHECK(before >= 12, "no question between: %d", before);
}

int
main(void)
{
	play_open();
	(void)play_directory_add("accounts", NULL);
	large_table();
	play_conf.max_expansion = MEMBERS;
	play_life(batches);
	play_conf.max_expansion = 2;
	large_table();
	play_life(bounds);
	switch_table(0);
	play_life(switches);
	play_close();
	free(text);
	return (check_done("lookup_large"));
}
