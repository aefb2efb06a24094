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
 * The text of smtpd-directory(5), one entry of it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/base/xmem.h"

struct entry_text {
	struct entry_reader	*r;
	struct entry_word	 left;	/* still to be read */
};

static int
is_blank(char c)
{
	return (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

/* Forward to where a word begins; 0 at the end. */
static int
skip_blanks(struct entry_text *t)
{
	struct entry_word	*w = &t->left;
	const char		*end;

	while (w->len > 0) {
		if (*w->p == '#') {
			end = memchr(w->p, '\n', w->len);
			entry_skip(w, end == NULL ? w->len :
			    (size_t)(end - w->p));
		} else if (*w->p == '\n') {
			entry_skip(w, 1);
			w->pos.line++;
			w->pos.column = 1;
		} else if (is_blank(*w->p))
			entry_skip(w, 1);
		else
			return (1);
	}
	return (0);
}

/* The quoted string at n, which ends on its line; 0 when it does not. */
static size_t
quoted(const struct entry_word *w, size_t n)
{
	size_t	 i;

	for (i = n + 1; i < w->len && w->p[i] != '\n'; i++) {
		if (w->p[i] == '"')
			return (i + 1 - n);
		if (w->p[i] == '\\' && i + 1 < w->len && w->p[i + 1] != '\n')
			i++;
	}
	return (0);
}

/* The length of the word at the front; 0: a quote in it has no end. */
static size_t
word_length(struct entry_text *t)
{
	struct entry_word	 at = t->left;
	size_t			 n, q;

	for (n = 0; n < at.len && !is_blank(at.p[n]); n += q) {
		q = 1;
		if (at.p[n] != '"' || (q = quoted(&at, n)) != 0)
			continue;
		entry_skip(&at, n);
		entry_error(t->r, &at.pos, "quotes are not closed, expected "
		    "'\"' before the end of the line");
		return (0);
	}
	return (n);
}

/* The next word, quotes and all; 0 at the end. */
static int
next_word(struct entry_text *t, struct entry_word *word)
{
	const char	*end;
	size_t		 n;

	while (skip_blanks(t)) {
		if ((n = word_length(t)) != 0) {
			*word = t->left;
			word->len = n;
			entry_skip(&t->left, n);
			return (1);
		}
		/* what stands in quotes that do not end is no words */
		end = memchr(t->left.p, '\n', t->left.len);
		entry_skip(&t->left, end == NULL ? t->left.len :
		    (size_t)(end - t->left.p));
	}
	return (0);
}

/* A list that is a quoted string as a whole. */
static void
read_quoted_list(struct entry_text *t, const struct entry_word *w)
{
	struct entry_word	 list = *w, item;
	char			*text = xcalloc(1, w->len);
	int			 comma = 0;

	if (entry_text(t->r, w, "list", text, w->len) == 0) {
		list.p = text;
		list.len = strlen(text);
		while (entry_item(&list, &item, &comma))
			(void)entry_string(t->r, &item);
		if (comma)
			(void)entry_string(t->r, &list);
	}
	free(text);
}

/* Strings, comma-separated; behind a comma the next word is of them, too. */
static void
read_list(struct entry_text *t, struct entry_word *w)
{
	struct entry_word	 item;
	int			 comma = 0;

	if (entry_is_quoted(w)) {
		read_quoted_list(t, w);
		return;
	}
	if (w->len == 0)
		(void)entry_string(t->r, w);
	do {
		while (entry_item(w, &item, &comma))
			(void)entry_string(t->r, &item);
	} while (comma && next_word(t, w));
	if (comma)
		(void)entry_string(t->r, w);
}

/* "name=" at the front of a word, taken off it. */
static int
split_attribute(struct entry_word *w, struct entry_word *name)
{
	size_t	 n;

	for (n = 0; n < w->len && ((w->p[n] >= 'a' && w->p[n] <= 'z') ||
	    w->p[n] == '-'); n++)
		;
	if (n == 0 || n == w->len || w->p[n] != '=')
		return (0);
	/* an address may begin like that */
	if (!entry_is_attribute(w->p, n) &&
	    memchr(w->p, '@', w->len) != NULL)
		return (0);
	*name = *w;
	name->len = n;
	entry_skip(w, n + 1);
	return (1);
}

static void
read_words(struct entry_text *t)
{
	struct entry_word	 w, name;
	char			 shown[ENTRY_SHOW_SIZE];
	unsigned int		 seen = 0;
	int			 targets = 0;

	while (next_word(t, &w)) {
		if (split_attribute(&w, &name)) {
			if (entry_attribute(t->r, &name, &w, &seen))
				read_list(t, &w);
		} else if (t->r->entry->kind == ENTRY_ALIAS && !targets) {
			targets = 1;
			read_list(t, &w);
		} else
			entry_error(t->r, &w.pos, "'%s' does not belong here, "
			    "expected attribute=value", entry_show(&w, shown));
	}
}

static int
read_kind(struct entry_reader *r, const struct entry_word *w)
{
	static const char *const	 kinds[] = {
		[ENTRY_DOMAIN]	= "domain",
		[ENTRY_ACCOUNT]	= "account",
		[ENTRY_ALIAS]	= "alias",
		[ENTRY_LIST]	= "list",
	};
	char				 shown[ENTRY_SHOW_SIZE];
	size_t				 i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i]) == w->len &&
		    memcmp(kinds[i], w->p, w->len) == 0) {
			entry_begin(r, (enum entry_kind)i, &w->pos);
			return (0);
		}
	entry_error(r, &w->pos, "'%s' is unknown, expected domain, account, "
	    "alias or list", entry_show(w, shown));
	return (-1);
}

int
entry_read(const char *text, size_t len, const char *file,
    unsigned long line, entry_report report, void *arg, struct entry **out)
{
	struct entry_reader	 r = { file, report, arg, 0, NULL };
	struct entry_text	 t = { &r, { text, len, { line, 1 } } };
	struct entry_word	 w;

	*out = NULL;
	if (!next_word(&t, &w)) {
		entry_error(&r, &t.left.pos, "nothing here, expected domain, "
		    "account, alias or list");
		return (-1);
	}
	if (read_kind(&r, &w) == -1)
		return (-1);
	if (!next_word(&t, &w)) {
		entry_error(&r, &t.left.pos, "the end, expected a name or "
		    "address");
		entry_free(r.entry);
		return (-1);
	}
	if (entry_name(&r, &w) == 0)
		*out = r.entry;
	read_words(&t);
	entry_finish(&r);
	if (*out == NULL)
		entry_free(r.entry);
	return (r.errors == 0 ? 0 : -1);
}

int
entry_parse(const char *text, size_t len, const char *file,
    unsigned long line, entry_report report, void *arg, struct entry **out)
{
	if (entry_read(text, len, file, line, report, arg, out) == 0)
		return (0);
	entry_free(*out);
	*out = NULL;
	return (-1);
}
