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
 * aliases(5) and Postfix virtual(5).
 *
 * Both know mailboxes that they do not declare: a name without domain on
 * the right that never stands on the left is one, and becomes an account.
 */

#include <stdio.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "lookup/import.h"
#include "lookup/import_map.h"
#include "lookup/import_name.h"
#include "lookup/textfile.h"
#include "smtpd/base/idn.h"

struct map {
	struct import		*imp;
	enum dirctl_type	 type;
	const char		*domain;	/* of names; or NULL */
	struct import_names	*names;
	/* the record under way */
	struct entry_reader	 r;
	struct entry_word	 left;		/* still to be read */
	char			 folded[ADDRESS_STR_SIZE]; /* its address */
	int			 self;		/* is among its targets */
	int			 dropped;	/* so is /dev/null */
};

static int
is_blank(char c)
{
	return (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

/* Blanks, line ends, and lines of comment; 0 at the end. */
static int
skip(struct map *m)
{
	struct entry_word	*w = &m->left;
	const char		*end;
	int			 fresh = 0;	/* nothing yet on this line */

	while (w->len > 0 && (is_blank(*w->p) || (fresh && *w->p == '#'))) {
		if (*w->p == '#') {
			end = memchr(w->p, '\n', w->len);
			entry_skip(w, end == NULL ? w->len :
			    (size_t)(end - w->p));
		} else if (*w->p == '\n') {
			entry_skip(w, 1);
			w->pos.line++;
			w->pos.column = fresh = 1;
		} else
			entry_skip(w, 1);
	}
	return (w->len > 0);
}

/*
 * Up to a blank or one of stop, neither of which count in quotes; -1 when
 * those do not end.
 */
static int
next_word(struct map *m, const char *stop, struct entry_word *word)
{
	const char	*p = m->left.p, *end = p + m->left.len;
	int		 quoted = 0;

	*word = m->left;
	for (; p < end && *p != '\n' && (quoted || (!is_blank(*p) &&
	    strchr(stop, *p) == NULL)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && quoted && p + 1 < end && p[1] != '\n')
			p++;
	}
	word->len = (size_t)(p - word->p);
	entry_skip(&m->left, word->len);
	if (!quoted)
		return (0);
	entry_error(&m->r, &word->pos, "quotes are not closed, expected '\"' "
	    "before the end of the line");
	return (-1);
}

/* The name without domain as an address of the map's domain. */
static int
with_domain(struct map *m, const struct entry_word *w,
    char buf[ADDRESS_STR_SIZE])
{
	struct address	 a;
	char		 shown[ENTRY_SHOW_SIZE];
	size_t		 len;

	if (entry_text(&m->r, w, "name", a.local, sizeof(a.local)) == -1)
		return (-1);
	if (m->domain == NULL || strlen(m->domain) >= sizeof(a.domain)) {
		entry_error(&m->r, &w->pos, "'%s' has no domain, expected "
		    "local@domain", entry_show(w, shown));
		return (-1);
	}
	/* \name is name, without further aliases: there are none of it */
	len = strlen(a.local);
	if (a.local[0] == '\\')
		memmove(a.local, a.local + 1, len);
	memcpy(a.domain, m->domain, strlen(m->domain) + 1);
	if (address_format(&a, buf, ADDRESS_STR_SIZE) != -1)
		return (0);
	entry_error(&m->r, &w->pos, "'%s' is no name, expected what may "
	    "stand before an @", entry_show(w, shown));
	return (-1);
}

static int
is_self(const struct map *m, const char *folded)
{
	return (strcmp(m->folded, folded) == 0);
}

static int
has_at(const struct entry_word *w)
{
	return (memchr(w->p, '@', w->len) != NULL);
}

/* What mail never goes to; 1 when w is of that kind. */
static int
is_special(struct map *m, const struct entry_word *w)
{
	static const char	 null[] = "/dev/null";
	struct entry_word	 t = *w;
	char			 shown[ENTRY_SHOW_SIZE];

	if (entry_is_quoted(&t)) {
		entry_skip(&t, 1);
		t.len--;
	}
	if (t.len == 0 || strchr("|/:", *t.p) == NULL)
		return (0);
	if (t.len == sizeof(null) - 1 && memcmp(t.p, null, t.len) == 0)
		m->dropped = 1;
	else
		entry_error(&m->r, &w->pos, "'%s' is a command, a file or an "
		    "include, expected an address", entry_show(w, shown));
	return (1);
}

static void
target(struct map *m, const struct entry_word *w)
{
	struct entry_word	 full = *w;
	char			 buf[ADDRESS_STR_SIZE];
	char			 folded[ADDRESS_STR_SIZE];
	int			 bare = !has_at(w);

	if (w->len > 0 && is_special(m, w))
		return;
	if (bare && w->len > 0) {
		if (with_domain(m, w, buf) == -1)
			return;
	} else if (entry_address(&m->r, w, 0, buf) == -1)
		return;
	full.p = buf;
	full.len = strlen(buf);
	if (record_fold(buf, folded, sizeof(folded)) == -1)
		return;
	if (is_self(m, folded)) {
		m->self = 1;
		return;
	}
	if (bare)
		import_names_mailbox(m->names, buf, folded, &w->pos);
	(void)entry_string(&m->r, &full);
}

/* Targets to the end of the record, comma-separated. */
static void
targets(struct map *m)
{
	struct entry_word	 w;
	char			 shown[ENTRY_SHOW_SIZE];

	while (skip(m)) {
		if (next_word(m, ",", &w) == -1)
			return;
		target(m, &w);
		if (!skip(m))
			return;
		if (*m->left.p != ',') {
			(void)next_word(m, ",", &w);
			entry_error(&m->r, &w.pos, "'%s' behind a target, "
			    "expected ','", entry_show(&w, shown));
			return;
		}
		entry_skip(&m->left, 1);
	}
}

/* The record as an alias; a name that is only itself is a mailbox. */
static void
finish(struct map *m)
{
	struct entry	*e = m->r.entry;

	if (m->self && e->nstrings > 0)
		entry_error(&m->r, &e->name, "'%.100s' keeps a copy for "
		    "itself, expected an account of another name there",
		    e->address.shown);
	if (m->self && m->r.errors == 0) {
		import_names_mailbox(m->names, e->address.shown, m->folded,
		    &e->name);
		return;
	}
	if (m->dropped && e->nstrings == 0)
		e->address.attrs.state = STATE_DISCARD;
	entry_finish(&m->r);
	import_names_left(m->names, e->address.shown, m->folded, &e->name);
	import_file_entry(m->imp, e, m->r.errors == 0);
}

/* The address on the left, of which the rest is read. */
static void
alias(struct map *m, const struct entry_word *left)
{
	struct entry_word	 full = *left;
	char			 buf[ADDRESS_STR_SIZE];

	entry_begin(&m->r, ENTRY_ALIAS, &left->pos);
	if (!has_at(left)) {
		if (with_domain(m, left, buf) == -1)
			return;
		full.p = buf;
		full.len = strlen(buf);
	}
	if (entry_name(&m->r, &full) == -1 ||
	    record_fold(m->r.entry->address.shown, m->folded,
	    sizeof(m->folded)) == -1)
		return;
	if (m->type == DIRCTL_VIRTUAL)
		import_names_domain(m->names,
		    strrchr(m->r.entry->address.shown, '@') + 1,
		    strrchr(m->folded, '@') + 1, &left->pos);
	targets(m);
	finish(m);
}

/* "name: target, target" */
static void
read_alias(struct map *m)
{
	struct entry_word	 left;
	char			 shown[ENTRY_SHOW_SIZE];

	if (next_word(m, ":,", &left) == -1)
		return;
	if (!skip(m) || *m->left.p != ':') {
		entry_error(&m->r, &left.pos, "'%s' without a colon, expected "
		    "name: target", entry_show(&left, shown));
		return;
	}
	entry_skip(&m->left, 1);
	if (has_at(&left))
		entry_error(&m->r, &left.pos, "'%s' has a domain, expected a "
		    "name", entry_show(&left, shown));
	else
		alias(m, &left);
}

/* "@domain @other", of which left and the rest are given. */
static void
read_alias_domain(struct map *m, struct entry_word *left)
{
	struct entry_word	 right;
	char			 name[ADDRESS_DOMAIN_MAX + 1];
	char			 folded[ADDRESS_DOMAIN_MAX + 1];
	char			 other[ADDRESS_DOMAIN_MAX + 1];

	if (next_word(m, ",", &right) == -1)
		return;
	entry_skip(left, 1);
	entry_skip(&right, 1);
	if (entry_domain(&m->r, left, name, folded) == -1 ||
	    entry_domain(&m->r, &right, name, other) == -1)
		return;
	if (skip(m))
		entry_error(&m->r, &m->left.pos, "more than a domain, "
		    "expected nothing behind it");
	import_names_domain(m->names, folded, folded, &left->pos);
	if (import_names_alias_of(m->names, folded, other) == -1)
		entry_error(&m->r, &left->pos, "'@%.100s' stands here already, "
		    "expected it once", folded);
}

/* "user@domain target", "@domain target", "domain anything" */
static void
read_virtual(struct map *m)
{
	struct entry_word	 left;
	char			 name[ADDRESS_DOMAIN_MAX + 1];
	char			 folded[ADDRESS_DOMAIN_MAX + 1];

	if (next_word(m, "", &left) == -1)
		return;
	if (!skip(m)) {
		entry_error(&m->r, &left.pos, "nothing on the right, expected "
		    "a target");
		return;
	}
	if (!has_at(&left) && memchr(left.p, '.', left.len) != NULL) {
		if (entry_domain(&m->r, &left, name, folded) == 0)
			import_names_domain(m->names, name, folded,
			    &left.pos);
	} else if (*left.p == '@' && *m->left.p == '@')
		read_alias_domain(m, &left);
	else
		alias(m, &left);
}

static void
map_record(void *arg, const char *name, const char *text, size_t len,
    unsigned long line)
{
	struct map	*m = arg;

	m->r = (struct entry_reader){ name, import_hear, m->imp, 0, NULL };
	m->left = (struct entry_word){ text, len, { line, 1 } };
	m->self = m->dropped = 0;
	if (m->type == DIRCTL_ALIASES)
		read_alias(m);
	else
		read_virtual(m);
	entry_free(m->r.entry);
}

int
import_map(struct import *imp, const char *file, enum dirctl_type type,
    const char *domain)
{
	struct entry_pos	 pos = { 1, 1 };
	struct map		 m = { .imp = imp, .type = type,
				    .domain = domain };
	char			 folded[ADDRESS_DOMAIN_MAX + 1];
	int			 ret;

	if (domain != NULL && (address_check_domain(domain, strlen(domain),
	    ADDRESS_UTF8_OK) != ADDRESS_OK ||
	    idn_fold(domain, folded, sizeof(folded)) == -1)) {
		import_say(imp->ctl, "'%.100s' is no domain", domain);
		return (-1);
	}
	m.names = import_names_new();
	if (domain != NULL)
		import_names_domain(m.names, domain, folded, &pos);
	ret = import_records(imp, file, map_record, &m);
	if (ret == 0)
		import_names_add(m.names, imp, textfile_name(file));
	import_names_free(m.names);
	return (ret);
}
