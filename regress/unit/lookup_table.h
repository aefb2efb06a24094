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
 * Tables from text, for tests: records are gathered and built, and nothing
 * is checked as import would.
 */

#ifndef LOOKUP_TABLE_H
#define LOOKUP_TABLE_H

#include <string.h>

#include "lookup/bdb.h"
#include "lookup/entry.h"
#include "lookup/overlay.h"
#include "regress/unit/check.h"

static inline void
play_report(void *arg, const char *text)
{
	CHECK(0, "directory: %s", text);
}

static inline int
play_record(void *arg, const void *key, size_t keylen, const void *value,
    size_t len)
{
	struct overlay	*o = arg;

	overlay_put(o, key, keylen, value, len);
	return (0);
}

/* Write what was gathered as the table at path. */
static inline void
play_write(struct overlay *o, const char *path)
{
	const struct overlay_record	*r;
	struct bdb_build		*b;
	char				 why[512] = "";

	b = bdb_build_open(path, overlay_count(o), why, sizeof(why));
	CHECK(b != NULL, "build: %s", why);
	for (r = overlay_seek(o, "", 0); b != NULL && r != NULL;
	    r = overlay_next(r))
		if (bdb_build_put(b, r->key, r->keylen, r->value, r->len,
		    why, sizeof(why)) == -1) {
			CHECK(0, "build: %s", why);
			return;
		}
	CHECK(b != NULL && bdb_build_commit(b, why, sizeof(why)) == 0,
	    "build: %s", why);
	overlay_free(o);
}

/* One line of text as records. */
static inline void
play_gather(struct overlay *o, const char *text, size_t len)
{
	struct entry	*e;

	if (entry_parse(text, len, "text", 1, play_report, NULL, &e) == 0) {
		(void)entry_records(e, play_record, o);
		entry_free(e);
	}
}

/* The text, one record a line, as the table at path. */
static inline void
play_text(const char *text, const char *path)
{
	struct overlay	*o = overlay_new();
	const char	*end;

	for (; *text != '\0'; text = end + (*end != '\0')) {
		end = strchr(text, '\n');
		if (end == NULL)
			end = strchr(text, '\0');
		if (end != text)
			play_gather(o, text, (size_t)(end - text));
	}
	play_write(o, path);
}

#endif
