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
 * Gathering of steps.
 */

#include <bsd/string.h>

#include <stdarg.h>

#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/trace.h"

void
trace_init(struct trace *t)
{
	wbuf_init(&t->rows);
	t->cut = 0;
	t->told = NULL;
	t->about = NULL;
}

void
trace_free(struct trace *t)
{
	if (t != NULL)
		wbuf_free(&t->rows);
}

/* Is there room for that much more?  The row that says no comes once. */
static int
trace_room(struct trace *t, size_t len)
{
	if (t->cut)
		return (0);
	if (t->rows.len + len <= TRACE_MAX)
		return (1);
	t->cut = 1;
	row_str(&t->rows, "step", "cut");
	row_str(&t->rows, "what", "more steps than can be shown");
	row_end(&t->rows);
	if (t->told != NULL) {
		t->told(t);
		t->cut = 0;	/* it begins anew */
	}
	return (0);
}

static void
trace_value(struct trace *t, const char *key, const char *value)
{
	char	 buf[TRACE_VALUE_MAX + 1];

	(void)strlcpy(buf, value, sizeof(buf));
	row_str(&t->rows, key, buf);
}

void
trace_step(struct trace *t, const char *step, const char *what, ...)
{
	const char	*key, *value;
	va_list		 ap;

	if (t == NULL || !trace_room(t, 0))
		return;
	row_str(&t->rows, "step", step);
	trace_value(t, "what", what);
	va_start(ap, what);
	while ((key = va_arg(ap, const char *)) != NULL)
		if ((value = va_arg(ap, const char *))[0] != '\0')
			trace_value(t, key, value);
	va_end(ap);
	row_end(&t->rows);
	if (t->told != NULL)
		t->told(t);
}

void
trace_begins(struct trace *t, const void *about)
{
	if (t != NULL)
		t->about = about;
}

void
trace_about(struct trace *t, const void *about, const char *name)
{
	if (t == NULL || t->told == NULL || t->about == about)
		return;
	t->about = about;
	trace_step(t, "about", name == NULL ? "" : name, NULL);
}

int
trace_rows(struct trace *t, const void *rows, size_t len)
{
	struct row_field	 f;
	struct rbuf		 r;
	int			 ret;

	rbuf_init(&r, rows, len);
	while (row_more(&r)) {
		while ((ret = row_next(&r, &f)) == 1)
			;
		if (ret == -1)
			return (-1);
	}
	if (t == NULL || len == 0 || !trace_room(t, len))
		return (0);
	wbuf_raw(&t->rows, rows, len);
	if (t->told != NULL)
		t->told(t);
	return (0);
}
