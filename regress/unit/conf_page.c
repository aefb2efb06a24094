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
 * smtpd.conf(5) and the table of words say the same: every word has its
 * entry in the section of its block, every entry is a word; what is refused
 * is listed as that, and what is listed is refused.  And a word with a range
 * has a test of its ends.
 */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/conf_parse.h"

#define PAGE	"man/smtpd.conf.5"
#define LINES	2000

/* Where the page describes the words of a block, and lists later ones. */
static const struct {
	const char	*section, *later;
} places[BLOCK_COUNT] = {
	[BLOCK_TOP]		= { ".Ss The server",	".It statements" },
	[BLOCK_RCPT]		= { ".Ss rcpt",	".It in rcpt and mail" },
	[BLOCK_ERRORS]		= { ".Ss rcpt errors",	"" },
	[BLOCK_MAIL]		= { ".Ss mail",	".It in rcpt and mail" },
	[BLOCK_EXTENSIONS]	= { ".Ss extensions",	"" },
	[BLOCK_SESSION]		= { ".Ss session",	"" },
	[BLOCK_TLS]		= { ".Ss tls",		"" },
	[BLOCK_QUEUE]		= { ".Ss queue",	"" },
	[BLOCK_HARVEST]		= { ".Ss harvest",	"" },
	[BLOCK_SQL]		= { ".Ss directory",	"" },
	[BLOCK_GREYLIST]	= { ".Ss greylist",	"" },
	[BLOCK_ALIASES]		= { ".Ss aliases",	"" },
	[BLOCK_THROTTLE]	= { ".Ss throttle",	"" },
	[BLOCK_AUTH]		= { ".Ss auth",	"" },
	[BLOCK_AUTH_ERRORS]	= { ".Ss auth errors",	"" },
};

static char		 lines[LINES][256];
static size_t		 nlines;
static unsigned int	 seen[CONF_WORDS_MAX];

static int
page_read(void)
{
	FILE	*f;

	if ((f = fopen(PAGE, "r")) == NULL) {
		perror(PAGE);
		return (-1);
	}
	while (nlines < LINES && fgets(lines[nlines], sizeof(lines[0]), f) !=
	    NULL) {
		lines[nlines][strcspn(lines[nlines], "\n")] = '\0';
		nlines++;
	}
	return (fclose(f));
}

/* The next word of *p, in word; 0 at the end. */
static int
word_next(const char **p, const char *separators, char *word, size_t size)
{
	size_t	 len;

	*p += strspn(*p, separators);
	len = strcspn(*p, separators);
	(void)snprintf(word, size, "%.*s", (int)len, *p);
	*p += len;
	return (len != 0);
}

/* Is there a heading of that word, or of its options, with this keyword? */
static int
page_has(const char *name, const char *keyword)
{
	char	 head[64];
	size_t	 i;
	int	 inside = 0;

	(void)snprintf(head, sizeof(head), ".It Ic %s ", name);
	for (i = 0; i < nlines; i++) {
		if (strncmp(lines[i], ".It Ic ", 7) == 0)
			inside = strncmp(lines[i], head, strlen(head)) == 0;
		if (inside && strncmp(lines[i], ".It ", 4) == 0 &&
		    strstr(lines[i], keyword) != NULL)
			return (1);
	}
	return (0);
}

/* Each keyword of the form stands in a heading; rules have a section. */
static void
check_form(const struct conf_word *w)
{
	const char	*p;
	char		 form[256], word[64], *rules;

	(void)snprintf(form, sizeof(form), "%s", w->form);
	if ((rules = strstr(form, " or rules")) != NULL)
		*rules = '\0';
	p = form;
	while (word_next(&p, " []|", word, sizeof(word)))
		if (islower((unsigned char)word[0]) &&
		    strcmp(word, "yes") != 0 && strcmp(word, "no") != 0 &&
		    strcmp(word, "authenticated") != 0)
			CHECK(page_has(w->name, word), "no '%s' with '%s'",
			    word, w->name);
}

/* ".It Ic word ...": an entry in the section of block. */
static void
check_entry(enum conf_block block, const char *heading)
{
	const struct conf_word	*w;
	const char		*p = heading + strlen(".It Ic ");
	char			 word[64];

	(void)word_next(&p, " ", word, sizeof(word));
	w = word_find(block, word);
	CHECK(w != NULL && w->token != CONF_LATER && w->token != CONF_BLOCK,
	    "no such setting: %s", heading);
	if (w == NULL)
		return;
	CHECK((strstr(heading, " Pq ") != NULL) == (w->def != NULL),
	    "with a default, or without: %s", heading);
	check_form(w);
	seen[word_index(w)]++;
}

/* Lines ".Ic pki , store" from i on: words that are refused in block. */
static void
check_later(enum conf_block block, size_t i)
{
	const struct conf_word	*w;
	const char		*p;
	char			 word[64];

	for (; strncmp(lines[i], ".Ic ", 4) == 0; i++) {
		p = lines[i] + 4;
		while (word_next(&p, " ,", word, sizeof(word))) {
			w = word_find(block, word);
			CHECK(w != NULL && w->token == CONF_LATER,
			    "'%s' is not refused", word);
			if (w != NULL)
				seen[word_index(w)]++;
		}
	}
}

/* ".It behind listen": words that are refused within that statement. */
static void
check_behind(const char *statement, size_t i)
{
	const struct conf_word	*w = word_find(BLOCK_TOP, statement);
	const char		*p;
	char			 word[64];

	CHECK(w != NULL && strncmp(lines[i], ".Ic ", 4) == 0,
	    "behind %s", statement);
	for (; w != NULL && strncmp(lines[i], ".Ic ", 4) == 0; i++) {
		p = lines[i] + 4;
		while (word_next(&p, " ,", word, sizeof(word)))
			CHECK(word_inner(w, word) == CONF_LATER,
			    "'%s' is not refused behind %s", word, statement);
	}
}

/* A word with a range stands in all the tests of ranges. */
static void
check_ranges(const char *file)
{
	const struct conf_word	*w;
	static char		 text[16384];
	char			 want[64];
	FILE			*f;
	size_t			 i, n;

	if ((f = fopen(file, "r")) == NULL) {
		CHECK(0, "no %s", file);
		return;
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	for (i = 0; (w = word_at(i)) != NULL; i++) {
		(void)snprintf(want, sizeof(want), "%s ", w->name);
		CHECK(w->max == 0 || strstr(text, want) != NULL,
		    "no %s in %s", w->name, file);
	}
}

static void
check_block(enum conf_block block)
{
	size_t	 i;
	int	 inside = 0;

	/* one that has no words has no section */
	if (places[block].section == NULL)
		return;
	for (i = 0; i < nlines; i++) {
		if (strncmp(lines[i], ".Ss ", 4) == 0 ||
		    strncmp(lines[i], ".Sh ", 4) == 0)
			inside = strcmp(lines[i], places[block].section) == 0;
		if (inside && strncmp(lines[i], ".It Ic ", 7) == 0)
			check_entry(block, lines[i]);
		if (strcmp(lines[i], places[block].later) == 0)
			check_later(block, i + 1);
	}
}

int
main(void)
{
	const struct conf_word	*w;
	size_t			 i;
	int			 block;

	if (page_read() == -1)
		return (1);
	for (block = 0; block < BLOCK_COUNT; block++)
		check_block((enum conf_block)block);
	for (i = 0; i < nlines; i++)
		if (strncmp(lines[i], ".It behind ", 11) == 0)
			check_behind(lines[i] + 11, i + 1);
	check_ranges("regress/conf/ranges_begin_here.in");
	check_ranges("regress/conf/ranges_begin_not_below.in");
	check_ranges("regress/conf/ranges_end_here.in");
	check_ranges("regress/conf/ranges_end_not_above.in");
	/* a statement of several forms may have several entries */
	for (i = 0; (w = word_at(i)) != NULL; i++)
		CHECK(w->token == CONF_BLOCK || seen[i] == 1 || (seen[i] > 1 &&
		    w->token != CONF_SETTING && w->token != CONF_LATER),
		    "'%s' is %u times in the page", w->name, seen[i]);
	return (check_done("conf_page"));
}
