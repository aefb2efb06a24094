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
 * Problems, kept and shown.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/import_problem.h"
#include "smtpd/base/xmem.h"

#define PROBLEMS_KEPT	10000		/* of a kind */
#define PROBLEM_SIZE	1024

enum problem_kind {
	PROBLEM_ERROR,
	PROBLEM_WARNING,
	PROBLEM_KINDS
};

struct problem {
	enum problem_kind	 kind;
	struct import_where	 where;
	size_t			 number;	/* in the order of coming */
	char			*text;		/* file, line and all */
};

struct problems {
	const struct dirctl	*ctl;
	char			*names[IMPORT_SOURCES];
	struct problem		*kept;
	size_t			 nkept;
	uint64_t		 count[PROBLEM_KINDS];
};

struct problems *
problems_new(const struct dirctl *ctl)
{
	struct problems	*p = xcalloc(1, sizeof(*p));
	int		 i;

	p->ctl = ctl;
	for (i = 0; i < IMPORT_SOURCES; i++)
		p->names[i] = xstrdup("");
	return (p);
}

static void
problems_clear(struct problems *p)
{
	size_t	 i;

	for (i = 0; i < p->nkept; i++)
		free(p->kept[i].text);
	free(p->kept);
	p->kept = NULL;
	p->nkept = 0;
	memset(p->count, 0, sizeof(p->count));
}

void
problems_free(struct problems *p)
{
	int	 i;

	if (p == NULL)
		return;
	problems_clear(p);
	for (i = 0; i < IMPORT_SOURCES; i++)
		free(p->names[i]);
	free(p);
}

void
problems_name(struct problems *p, enum import_source source, const char *name)
{
	xstrset(&p->names[source], name);
}

static void
problems_keep(struct problems *p, enum problem_kind kind,
    const struct import_where *where, const char *text)
{
	struct problem	*new;

	/* many of one kind do not hide the few of the other */
	if (++p->count[kind] > PROBLEMS_KEPT)
		return;
	if ((p->nkept & (p->nkept - 1)) == 0)
		p->kept = xreallocarray(p->kept,
		    p->nkept == 0 ? 1 : 2 * p->nkept, sizeof(*p->kept));
	new = &p->kept[p->nkept];
	new->kind = kind;
	new->where = *where;
	new->number = p->nkept++;
	new->text = xstrdup(text);
}

static void __attribute__((format(printf, 4, 0)))
problems_add(struct problems *p, enum problem_kind kind,
    const struct import_where *where, const char *fmt, va_list ap)
{
	char	 what[PROBLEM_SIZE / 2], text[PROBLEM_SIZE];

	(void)vsnprintf(what, sizeof(what), fmt, ap);	/* may be cut */
	(void)snprintf(text, sizeof(text), "%s:%lu:%u: %s%s",
	    p->names[where->source], where->pos.line, where->pos.column,
	    kind == PROBLEM_WARNING ? "warning: " : "", what);
	problems_keep(p, kind, where, text);
}

void
problems_error(struct problems *p, const struct import_where *where,
    const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	problems_add(p, PROBLEM_ERROR, where, fmt, ap);
	va_end(ap);
}

void
problems_warning(struct problems *p, const struct import_where *where,
    const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	problems_add(p, PROBLEM_WARNING, where, fmt, ap);
	va_end(ap);
}

void
problems_line(struct problems *p, enum import_source source, const char *line)
{
	struct import_where	 where = { source, { 0, 0 } };
	size_t			 len = strlen(p->names[source]);

	/* its place in the order is in it, behind the file's name */
	if (strncmp(line, p->names[source], len) == 0)
		(void)sscanf(line + len, ":%lu:%u", &where.pos.line,
		    &where.pos.column);
	problems_keep(p, PROBLEM_ERROR, &where, line);
}

uint64_t
problems_errors(const struct problems *p)
{
	return (p->count[PROBLEM_ERROR]);
}

static int
compare(const void *a, const void *b)
{
	const struct problem	*x = a, *y = b;

	if (x->where.source != y->where.source)
		return (x->where.source < y->where.source ? -1 : 1);
	if (x->where.pos.line != y->where.pos.line)
		return (x->where.pos.line < y->where.pos.line ? -1 : 1);
	if (x->where.pos.column != y->where.pos.column)
		return (x->where.pos.column < y->where.pos.column ? -1 : 1);
	return (x->number < y->number ? -1 : 1);
}

void
problems_show(struct problems *p)
{
	static const char *const	 words[] = { "errors", "warnings" };
	uint64_t			 shown[PROBLEM_KINDS] = { 0 };
	char				 more[64];
	size_t				 i;
	int				 kind;

	if (p->nkept > 0)
		qsort(p->kept, p->nkept, sizeof(*p->kept), compare);
	for (i = 0; i < p->nkept; i++)
		if (shown[p->kept[i].kind]++ < PROBLEMS_SHOWN)
			p->ctl->report(p->ctl->arg, p->kept[i].text);
	for (kind = 0; kind < PROBLEM_KINDS; kind++) {
		if (p->count[kind] <= PROBLEMS_SHOWN)
			continue;
		(void)snprintf(more, sizeof(more), "and %" PRIu64 " more %s",
		    p->count[kind] - PROBLEMS_SHOWN, words[kind]);
		p->ctl->report(p->ctl->arg, more);
	}
	problems_clear(p);
}
