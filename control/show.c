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
#include "control/show_text.h"
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

/* A field as text; cell_free. */
static void
cell_take(struct cell *c, const struct row_field *f)
{
	char	 number[32];

	c->key = show_text(f->key, strlen(f->key));
	c->is_number = f->is_number;
	(void)snprintf(number, sizeof(number), "%" PRId64, f->number);
	c->text = f->is_number ? xstrdup(number) : show_text(f->value, f->len);
}

static void
cell_free(struct cell *c)
{
	free(c->key);
	free(c->text);
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
	struct cell		 c;
	char			 name[64] = "";
	size_t			 len;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		cell_take(&c, &f);
		len = strlen(name);
		if (strcmp(c.key, "process") == 0 && !c.is_number)
			(void)snprintf(name, sizeof(name), "%s", c.text);
		else if (strcmp(c.key, "instance") != 0 || !c.is_number)
			printf("%s%s%s %s\n", name, len == 0 ? "" : ".",
			    c.key, c.text);
		else if (f.number != 0)
			(void)snprintf(name + len, sizeof(name) - len, "%s",
			    c.text);
		cell_free(&c);
	}
	return (ret);
}

static void
line_free(struct line *l)
{
	size_t	 i;

	for (i = 0; i < l->n; i++)
		cell_free(&l->cells[i]);
	memset(l, 0, sizeof(*l));
}

static size_t
column_width(size_t column)
{
	size_t	 i, len, max = 0;

	for (i = 0; i < nheld; i++) {
		if (column >= held[i].n)
			continue;
		len = show_width(held[i].cells[column].text);
		if (len > max)
			max = len;
		len = show_width(held[i].cells[column].key);
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
	size_t			 i, pad, len;

	for (i = 0; i < l->n; i++) {
		c = &l->cells[i];
		text = heading ? c->key : c->text;
		len = show_width(text);
		pad = len < widths[i] ? widths[i] - len : 0;
		if (c->is_number)
			printf("%*s", (int)pad, "");
		printf("%s", text);
		if (i + 1 == l->n)
			break;
		printf("%*s", (int)(c->is_number ? 2 : pad + 2), "");
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
	int			 ret;

	memset(l, 0, sizeof(*l));
	while ((ret = row_next(r, &f)) == 1)
		if (l->n < SHOW_COLUMNS)
			cell_take(&l->cells[l->n++], &f);
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
