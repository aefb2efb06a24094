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
 * Unit test of the sql room's pure parts: where the parameters of a statement
 * stand, and bodies of questions and answers, whole and cut short.
 */

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/msg/msg_sql.h"
#include "smtpd/sql/sql_place.h"

static void
test_place(void)
{
	static const struct {
		const char	*text, *want;
	} rows[] = {
		{ "", "" },
		{ "a = ? AND b = ?", "a = $1 AND b = $2" },
		{ "'?' || \"?\" || ?", "'?' || \"?\" || $1" },
		{ "'it''s ?' || ?", "'it''s ?' || $1" },
		{ "'\\' || ?", "'\\' || $1" },
		{ "E'\\'?' || ?", "E'\\'?' || $1" },
		{ "te'\\' || ?", "te'\\' || $1" },
		{ "-- ?\n?", "-- ?\n$1" },
		{ "-- ?", "-- ?" },
		{ "/* ? /* ? */ ? */ ?", "/* ? /* ? */ ? */ $1" },
		{ "/* ?", "/* ?" },
		{ "$$?$$ ?", "$$?$$ $1" },
		{ "$a$?$b$?$a$ ?", "$a$?$b$?$a$ $1" },
		{ "$a$?", "$a$?" },
		{ "a$b$?", "a$b$$1" },
		{ "$1 ?", "$1 $1" },
		{ "a ?? b = ?", "a ? b = $1" },
		{ "'open ?", "'open ?" },
		{ "E'open \\", "E'open \\" },
		{ "a - ? / ?", "a - $1 / $2" },
	};
	char	 out[64];
	size_t	 i, size;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(sql_place(rows[i].text, out, sizeof(out)) == 0 &&
		    strcmp(out, rows[i].want) == 0, "%s: %s", rows[i].text,
		    out);
		/* what does not fit is said, not cut */
		for (size = 1; size <= strlen(rows[i].want); size++)
			CHECK(sql_place(rows[i].text, out, size) == -1,
			    "%s fits %zu", rows[i].text, size);
	}
}

/* get from every part of a body, in memory of just that size. */
static void
cut(const struct wbuf *w, int (*get)(struct rbuf *, void *), void *out,
    const char *what)
{
	struct rbuf	 r;
	uint8_t		*copy;
	size_t		 n;

	for (n = 0; n <= w->len + 1; n++) {
		if ((copy = calloc(1, n + (n == 0))) == NULL)
			abort();
		memcpy(copy, w->data, n < w->len ? n : w->len);
		rbuf_init(&r, copy, n);
		CHECK((get(&r, out) == 0) == (n == w->len), "%s: %zu of %zu",
		    what, n, w->len);
		free(copy);
	}
}

static int
get_ask(struct rbuf *r, void *out)
{
	return (msg_get_sql_ask(r, out));
}

static int
get_answer(struct rbuf *r, void *out)
{
	return (msg_get_sql_answer(r, out));
}

static void
test_ask(void)
{
	static struct sql_ask	 ask, out;
	struct rbuf		 r;
	struct wbuf		 w;

	(void)snprintf(ask.store, sizeof(ask.store), "grey");
	(void)snprintf(ask.text, sizeof(ask.text), "SELECT ?, ?, ?");
	ask.rows = SQL_ROWS_MAX;
	ask.first = 1;
	ask.nparams = 3;
	ask.params[0] = datum_string("a\0b", 3);
	ask.params[1] = datum_integer(-1);
	ask.params[2] = datum_float(0.5);
	wbuf_init(&w);
	msg_put_sql_ask(&w, &ask);
	cut(&w, get_ask, &out, "ask");
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_sql_ask(&r, &out) == 0 && out.nparams == 3 &&
	    out.params[0].len == 3 && out.params[1].integer == -1 &&
	    out.params[2].real > 0.4, "it is not what was put");
	wbuf_free(&w);
	ask.rows = 0;
	wbuf_init(&w);
	msg_put_sql_ask(&w, &ask);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_sql_ask(&r, &out) == -1, "no rows are wanted");
	wbuf_free(&w);
}

static void
test_answer(void)
{
	static char			 names[2][SQL_NAME_MAX + 1] = {
	    "a", "b" };
	static struct sql_answer	 out;
	struct datum			 d = datum_string("x", 1);
	struct rbuf			 r;
	struct wbuf			 w;
	int				 i;

	wbuf_init(&w);
	msg_put_sql_head(&w, SQL_ROWS, 2, 2, names);
	for (i = 0; i < 4; i++)
		msg_put_sql_value(&w, &d);
	cut(&w, get_answer, &out, "answer");
	wbuf_free(&w);
	/* rows of no columns, and rows of what gives none */
	wbuf_init(&w);
	msg_put_sql_head(&w, SQL_ROWS, 0, 9, names);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_sql_answer(&r, &out) == -1, "rows without columns");
	wbuf_free(&w);
	wbuf_init(&w);
	msg_put_sql_head(&w, SQL_DONE, 1, 0, names);
	rbuf_init(&r, w.data, w.len);
	CHECK(msg_get_sql_answer(&r, &out) == -1, "columns of nothing");
	wbuf_free(&w);
}

int
main(void)
{
	test_place();
	test_ask();
	test_answer();
	return (check_done("unit/sql_place"));
}
