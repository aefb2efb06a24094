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
 * Words of an entry's text: quotes, lists, and what is said of them.
 */

#include <bsd/string.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/base/log.h"
#include "smtpd/smtp/utf8.h"

#define ERROR_SIZE	1024

void
entry_error(struct entry_reader *r, const struct entry_pos *pos,
    const char *fmt, ...)
{
	char	 line[ERROR_SIZE], what[ERROR_SIZE / 2];
	va_list	 ap;

	r->errors++;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);	/* may be cut */
	va_end(ap);
	(void)snprintf(line, sizeof(line), "%s:%lu:%u: %s", r->file, pos->line,
	    pos->column, what);
	r->report(r->arg, line);
}

static int
is_shown(const char *p, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			return (0);
	return (utf8_valid(p, len));
}

const char *
entry_show(const struct entry_word *w, char buf[ENTRY_SHOW_SIZE])
{
	static const char	 more[] = "...";
	size_t			 n = w->len, room = ENTRY_SHOW_SIZE - 4;

	if (n > room)
		for (n = room; n > 0 && ((unsigned char)w->p[n] & 0xc0) == 0x80;
		    n--)
			;
	if (is_shown(w->p, n)) {
		memcpy(buf, w->p, n);
		buf[n] = '\0';
	} else
		(void)log_quote(w->p, n, buf, room);
	if (n < w->len)
		(void)strlcat(buf, more, ENTRY_SHOW_SIZE);
	return (buf);
}

/* The length of the quoted string at the front, 0 when it has no end. */
static size_t
quoted_length(const char *p, size_t len)
{
	size_t	 i;

	for (i = 1; i < len; i++) {
		if (p[i] == '"')
			return (i + 1);
		if (p[i] == '\\')
			i++;
	}
	return (0);
}

int
entry_is_quoted(const struct entry_word *w)
{
	return (w->len > 0 && w->p[0] == '"' &&
	    quoted_length(w->p, w->len) == w->len);
}

void
entry_skip(struct entry_word *w, size_t n)
{
	w->len -= n;
	for (; n > 0; n--, w->p++)
		/* of UTF-8 the first octet counts */
		if (((unsigned char)*w->p & 0xc0) != 0x80)
			w->pos.column++;
}

static void
trim(struct entry_word *w)
{
	while (w->len > 0 && w->p[0] == ' ')
		entry_skip(w, 1);
	while (w->len > 0 && w->p[w->len - 1] == ' ')
		w->len--;
}

int
entry_item(struct entry_word *list, struct entry_word *item, int *comma)
{
	size_t	 n, quoted;

	if (list->len == 0)
		return (0);
	for (n = 0; n < list->len && list->p[n] != ','; ) {
		quoted = list->p[n] == '"' ?
		    quoted_length(list->p + n, list->len - n) : 0;
		n += quoted == 0 ? 1 : quoted;
	}
	*item = *list;
	item->len = n;
	*comma = n < list->len;
	entry_skip(list, n + (size_t)*comma);
	trim(item);
	return (1);
}

/* Unquoted into buf; -1 when it does not fit or is quoted in part. */
static int
unquote(const struct entry_word *w, char *buf, size_t size)
{
	size_t	 i, end = w->len, n = 0;
	int	 quoted = entry_is_quoted(w);

	if (quoted)
		end--;
	for (i = (size_t)quoted; i < end; i++) {
		if (quoted && w->p[i] == '\\')
			i++;
		else if (w->p[i] == '"')
			return (-1);
		if (n + 1 >= size)
			return (-1);
		buf[n++] = w->p[i];
	}
	buf[n] = '\0';
	return (0);
}

int
entry_text(struct entry_reader *r, const struct entry_word *w,
    const char *what, char *buf, size_t size)
{
	if (w->len == 0 || (entry_is_quoted(w) && w->len == 2))
		entry_error(r, &w->pos, "%s is empty, expected a text", what);
	else if (!is_shown(w->p, w->len))
		entry_error(r, &w->pos, "%s is not UTF-8 or has a control "
		    "character, expected a text", what);
	else if (unquote(w, buf, size) == 0)
		return (0);
	else if (w->len >= size)
		entry_error(r, &w->pos, "%s is too long, expected at most %zu "
		    "octets", what, size - 1);
	else
		entry_error(r, &w->pos, "%s has a quote in it, expected "
		    "quotes around all of it and \\\" inside", what);
	buf[0] = '\0';
	return (-1);
}
