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
 * Rows for people and for programs.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/show.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"

#define SHOW_COLUMNS	32
#define SHOW_HELD	500		/* rows held back to find widths */

struct cell {
	char	*key;
	char	*text;
	int	 is_number;
};

struct line {
	struct cell	 cells[SHOW_COLUMNS];
	size_t		 n;
};

static enum show_style	 style;
static int		 quiet;
static struct line	*held;
static size_t		 nheld;
static size_t		 printed;

void
show_begin(enum show_style s, int q)
{
	style = s;
	quiet = q;
	nheld = printed = 0;
	if (held == NULL)
		held = xcalloc(SHOW_HELD, sizeof(*held));
}

void
show_json_string(const char *s, size_t len)
{
	size_t		 i;
	unsigned char	 c;

	putchar('"');
	for (i = 0; i < len; i++) {
		c = (unsigned char)s[i];
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c == '\n')
			printf("\\n");
		else if (c == '\t')
			printf("\\t");
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static int
show_json(struct rbuf *r)
{
	struct row_field	 f;
	const char		*sep = "";
	int			 ret;

	putchar('{');
	while ((ret = row_next(r, &f)) == 1) {
		printf("%s", sep);
		sep = ",";
		show_json_string(f.key, strlen(f.key));
		putchar(':');
		if (f.is_number)
			printf("%" PRId64, f.number);
		else
			show_json_string(f.value, f.len);
	}
	printf("}\n");
	return (ret);
}

/* Figures of one process: "queue.waiting 12", "front1.sessions 3". */
static int
show_list(struct rbuf *r)
{
	struct row_field	 f;
	char			 name[64] = "";
	size_t			 len;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		len = strlen(name);
		if (strcmp(f.key, "process") == 0 && !f.is_number)
			(void)snprintf(name, sizeof(name), "%.*s",
			    (int)f.len, f.value);
		else if (strcmp(f.key, "instance") == 0 && f.is_number) {
			if (f.number != 0)
				(void)snprintf(name + len, sizeof(name) - len,
				    "%" PRId64, f.number);
		} else if (f.is_number)
			printf("%s%s%s %" PRId64 "\n", name,
			    name[0] == '\0' ? "" : ".", f.key, f.number);
		else
			printf("%s%s%s %.*s\n", name, name[0] == '\0' ? "" :
			    ".", f.key, (int)f.len, f.value);
	}
	return (ret);
}

/* Text that cannot move the cursor of a terminal. */
static char *
show_text(const char *s, size_t len)
{
	char	*t;
	size_t	 i;

	t = xcalloc(1, len + 1);
	for (i = 0; i < len; i++)
		t[i] = (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? '?' :
		    s[i];
	return (t);
}

static void
line_free(struct line *l)
{
	size_t	 i;

	for (i = 0; i < l->n; i++) {
		free(l->cells[i].key);
		free(l->cells[i].text);
	}
	memset(l, 0, sizeof(*l));
}

static size_t
column_width(size_t column)
{
	size_t	 i, len, max = 0;

	for (i = 0; i < nheld; i++) {
		if (column >= held[i].n)
			continue;
		len = strlen(held[i].cells[column].text);
		if (len > max)
			max = len;
		len = strlen(held[i].cells[column].key);
		if (len > max && !quiet)
			max = len;
	}
	return (max);
}

static void
line_print(const struct line *l, const size_t *widths, int heading)
{
	const struct cell	*c;
	const char		*text;
	size_t			 i;

	for (i = 0; i < l->n; i++) {
		c = &l->cells[i];
		text = heading ? c->key : c->text;
		if (i + 1 == l->n && !c->is_number)
			printf("%s", text);
		else
			printf("%*s", c->is_number ? (int)widths[i] :
			    -(int)widths[i], text);
		if (i + 1 < l->n)
			printf("  ");
	}
	putchar('\n');
}

void
show_end(void)
{
	size_t	 widths[SHOW_COLUMNS] = { 0 };
	size_t	 i;

	for (i = 0; i < SHOW_COLUMNS; i++)
		widths[i] = column_width(i);
	for (i = 0; i < nheld; i++) {
		if (printed++ == 0 && !quiet)
			line_print(&held[i], widths, 1);
		line_print(&held[i], widths, 0);
	}
	for (i = 0; i < nheld; i++)
		line_free(&held[i]);
	nheld = 0;
	(void)fflush(stdout);
}

static int
show_table(struct rbuf *r)
{
	struct line		*l = &held[nheld];
	struct row_field	 f;
	struct cell		*c;
	char			 number[32];
	int			 ret;

	memset(l, 0, sizeof(*l));
	while ((ret = row_next(r, &f)) == 1) {
		if (l->n == SHOW_COLUMNS)
			continue;
		c = &l->cells[l->n++];
		c->key = xstrdup(f.key);
		c->is_number = f.is_number;
		(void)snprintf(number, sizeof(number), "%" PRId64, f.number);
		c->text = f.is_number ? xstrdup(number) :
		    show_text(f.value, f.len);
	}
	if (++nheld == SHOW_HELD)
		show_end();
	return (ret);
}

int
show_row(void *unused, struct rbuf *row)
{
	switch (style) {
	case SHOW_JSON:
		return (show_json(row));
	case SHOW_LIST:
		return (show_list(row));
	default:
		return (show_table(row));
	}
}
