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
 * Answers are the same whether a change was just made or is read from the
 * state; and a record that leads to what is no address is not known.
 */

#include <sysexits.h>

#include "regress/unit/lookup_command.h"

static void
as_ever(void)
{
	CHECK(play_name("ann", 0, 5) == RESOLVE_NONE,
	    "ann is nobody's primary address: %d %s", (int)play_names.status,
	    play_names.names[0]);
	CHECK(play_name("zoe", 0, 5) == RESOLVE_NONE,
	    "zoe is nobody's primary address: %d %s", (int)play_names.status,
	    play_names.names[0]);
	CHECK(play_name("bob", 0, 5) == RESOLVE_FOUND, "bob");
}

static void
first_life(void)
{
	play_begin(0);
	CHECK(play_add("account ann addresses=a1@example.org") == EX_OK &&
	    play_add("account zoe addresses=z1@example.org") == EX_OK &&
	    play_add("alias ann@example.org bob@example.org") == EX_OK &&
	    play_add("account bob addresses=bob@example.org,zoe@example.org")
	    == EX_OK, "%s", play_directory.text);
	/* these stand behind the two that took the addresses now */
	CHECK(play_add("account ann addresses=a2@example.org") == EX_OK &&
	    play_add("account zoe addresses=z2@example.org") == EX_OK, "%s",
	    play_directory.text);
	as_ever();
}

static void
second_life(void)
{
	play_begin(0);
	as_ever();
	CHECK(play_resolve("odd@example.org") == RESOLVE_TEMPFAIL,
	    "an alias to no address: %d", (int)play_found.status);
}

/* An alias that import would not have made. */
static void
odd_alias(struct overlay *o)
{
	static const char	*targets[] = { "x@a\xef\xbc\x8f" "b.example" };
	struct address_record	 a;
	struct wbuf		 w;
	uint8_t			 key[RECORD_KEY_SIZE];
	size_t			 len;

	memset(&a, 0, sizeof(a));
	a.kind = RESOLVE_ALIAS;
	(void)strlcpy(a.shown, "odd@example.org", sizeof(a.shown));
	a.targets.n = 1;
	len = record_key(RECORD_ADDRESS, a.shown, key);
	wbuf_init(&w);
	record_put_address(&w, key, len, &a, targets);
	overlay_put(o, key, len, w.data, w.len);
	wbuf_free(&w);
}

int
main(void)
{
	static const char	*lines[] = { "domain example.org",
	    "account ann addresses=ann@example.org",
	    "account zoe addresses=zoe@example.org",
	    "account bob addresses=bob@example.org" };
	struct overlay		*o = overlay_new();
	size_t			 i;

	play_open();
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		play_gather(o, lines[i], strlen(lines[i]));
	odd_alias(o);
	play_write(o, play_directory_add("accounts", NULL));
	play_life(first_life);
	play_life(second_life);
	play_close();
	return (check_done("lookup_replay"));
}
