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
 * Octets of a script to tokens.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/lex.h"

void
lexer_begin(struct lexer *l, const struct script_source *s)
{
	memset(l, 0, sizeof(*l));
	l->p = s->text;
	l->end = s->text + s->len;
	l->here = s->start;
	/* a byte order mark is the editor's business */
	if (s->len >= 3 && memcmp(l->p, "\xef\xbb\xbf", 3) == 0)
		l->p += 3;
}

void
lexer_end(struct lexer *l)
{
	free(l->buf);
	l->buf = NULL;
}

/* The octet ahead, or -1 at the end. */
static int
peek(const struct lexer *l, size_t ahead)
{
	if ((size_t)(l->end - l->p) <= ahead)
		return (-1);
	return ((unsigned char)l->p[ahead]);
}

static int
get(struct lexer *l)
{
	int	 c = peek(l, 0);

	if (c == -1)
		return (-1);
	l->p++;
	if (c == '\n') {
		l->here.line++;
		l->here.column = 1;
	} else if ((c & 0xc0) != 0x80)	/* UTF-8: the first octet counts */
		l->here.column++;
	return (c);
}

static void
bad(struct token *t, const char *what)
{
	if (t->kind == TOKEN_BAD)
		return;
	t->kind = TOKEN_BAD;
	t->text = what;
	t->len = strlen(what);
}

/* A line break, CRLF or LF; 0 when none is next. */
static int
line_break(struct lexer *l)
{
	if (peek(l, 0) == '\r' && peek(l, 1) == '\n')
		(void)get(l);
	else if (peek(l, 0) != '\n')
		return (0);
	(void)get(l);
	return (1);
}

static void
add(struct lexer *l, struct token *t, int c)
{
	if (t->kind == TOKEN_BAD)
		return;
	if (l->len == SCRIPT_STRING_MAX) {
		bad(t, "string too long, expected at most 65536 octets");
		return;
	}
	if (l->len == l->size) {
		l->size = l->size == 0 ? 256 : l->size * 2;
		l->buf = xreallocarray(l->buf, l->size, 1);
	}
	if (l->places != NULL)
		l->places[l->len] = l->at;
	l->buf[l->len++] = (char)c;
}

/* An octet of a string; a line break is CRLF, whatever the file has. */
static void
add_octet(struct lexer *l, struct token *t)
{
	l->at = l->here;
	if (line_break(l)) {
		add(l, t, '\r');
		add(l, t, '\n');
		return;
	}
	if (peek(l, 0) == '\0')
		bad(t, "NUL octet in a string, expected text");
	add(l, t, get(l));
}

/* The value ends here. */
static void
end_of_value(struct lexer *l)
{
	if (l->places != NULL)
		l->places[l->len] = l->here;
}

static void
finish(struct lexer *l, struct token *t)
{
	if (t->kind == TOKEN_BAD)
		return;
	t->text = l->buf == NULL ? "" : l->buf;
	t->len = l->len;
}

static void
quoted(struct lexer *l, struct token *t)
{
	t->kind = TOKEN_STRING;
	(void)get(l);
	while (peek(l, 0) != '"') {
		if (peek(l, 0) == -1) {
			bad(t, "string is not closed, expected '\"'");
			return;
		}
		/* \x is x, whatever it is */
		if (peek(l, 0) == '\\' && peek(l, 1) != -1)
			(void)get(l);
		add_octet(l, t);
	}
	end_of_value(l);
	(void)get(l);
	finish(l, t);
}

/* Is a line of one dot next?  Without a line break behind it, it is none. */
static int
is_end_of_text(const struct lexer *l)
{
	return (peek(l, 0) == '.' && (peek(l, 1) == '\n' ||
	    (peek(l, 1) == '\r' && peek(l, 2) == '\n')));
}

/* RFC 5228 2.4.2.2; behind "text:". */
static void
multiline(struct lexer *l, struct token *t)
{
	t->kind = TOKEN_STRING;
	while (peek(l, 0) == ' ' || peek(l, 0) == '\t')
		(void)get(l);
	if (peek(l, 0) == '#')
		while (peek(l, 0) != -1 && peek(l, 0) != '\n' &&
		    !(peek(l, 0) == '\r' && peek(l, 1) == '\n'))
			(void)get(l);
	if (!line_break(l)) {
		bad(t, "text behind 'text:', expected a comment with '#' or "
		    "the end of the line");
		return;
	}
	while (!is_end_of_text(l)) {
		if (peek(l, 0) == '.' && peek(l, 1) == '.')
			(void)get(l);
		while (peek(l, 0) != -1 && peek(l, 0) != '\n' &&
		    !(peek(l, 0) == '\r' && peek(l, 1) == '\n'))
			add_octet(l, t);
		if (peek(l, 0) == -1) {
			bad(t, "'text:' is not closed, expected a line of one "
			    "dot");
			return;
		}
		add_octet(l, t);
	}
	end_of_value(l);
	(void)get(l);
	(void)line_break(l);
	finish(l, t);
}

static int
is_letter(int c)
{
	return (c == '_' || (c >= 0 && c < 0x80 && isalpha(c)));
}

/* An identifier in lower case; -1 when none is next. */
static int
identifier(struct lexer *l, struct token *t)
{
	int	 c;

	if (!is_letter(peek(l, 0)))
		return (-1);
	while (is_letter(c = peek(l, 0)) || (c >= '0' && c <= '9')) {
		add(l, t, tolower(c));
		(void)get(l);
	}
	if (l->len > SCRIPT_NAME_MAX)
		bad(t, "word too long, expected at most 64 letters");
	finish(l, t);
	return (0);
}

static void
name(struct lexer *l, struct token *t)
{
	t->kind = TOKEN_NAME;
	(void)identifier(l, t);
	if (t->kind == TOKEN_NAME && t->len == 4 &&
	    memcmp(t->text, "text", 4) == 0 && peek(l, 0) == ':') {
		(void)get(l);
		l->len = 0;
		multiline(l, t);
	}
}

static void
number(struct lexer *l, struct token *t)
{
	uint64_t	 n = 0, unit = 1;
	int		 over = 0, c;

	t->kind = TOKEN_NUMBER;
	while ((c = peek(l, 0)) >= '0' && c <= '9') {
		over |= __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(c - '0'), &n);
		(void)get(l);
	}
	switch (c) {
	case 'k': case 'K':
		unit = UINT64_C(1) << 10;
		break;
	case 'm': case 'M':
		unit = UINT64_C(1) << 20;
		break;
	case 'g': case 'G':
		unit = UINT64_C(1) << 30;
		break;
	default:
		break;
	}
	if (unit > 1)
		(void)get(l);
	if (is_letter(peek(l, 0)))
		bad(t, "letters behind a number, expected digits and K, M or "
		    "G");
	over |= __builtin_mul_overflow(n, unit, &t->number) ||
	    t->number > INT64_MAX;
	if (over)
		bad(t, "number too large, expected less than 2^63");
}

/* Blanks and comments; -1: an error, noted in t. */
static int
blanks(struct lexer *l, struct token *t)
{
	for (;;) {
		t->place = l->here;
		switch (peek(l, 0)) {
		case ' ': case '\t': case '\n':
			(void)get(l);
			break;
		case '\r':
			if (!line_break(l))
				return (0);
			break;
		case '#':
			while (peek(l, 0) != -1 && peek(l, 0) != '\n')
				(void)get(l);
			break;
		case '/':
			if (peek(l, 1) != '*')
				return (0);
			(void)get(l);
			(void)get(l);
			while (peek(l, 0) != '*' || peek(l, 1) != '/')
				if (get(l) == -1) {
					bad(t, "comment is not closed, "
					    "expected '*/'");
					return (-1);
				}
			(void)get(l);
			(void)get(l);
			break;
		default:
			return (0);
		}
	}
}

void
lexer_next(struct lexer *l, struct token *t)
{
	int	 c;

	l->len = 0;
	t->kind = TOKEN_PUNCT;
	t->text = "";
	t->len = 0;
	t->number = 0;
	if (blanks(l, t) == -1)
		return;
	t->raw = l->p;
	c = peek(l, 0);
	if (c == -1)
		t->kind = TOKEN_END;
	else if (c == '"')
		quoted(l, t);
	else if (c >= '0' && c <= '9')
		number(l, t);
	else if (c == ':') {
		(void)get(l);
		t->kind = TOKEN_TAG;
		if (identifier(l, t) == -1)
			bad(t, "nothing behind ':', expected a word");
	} else if (is_letter(c))
		name(l, t);
	else if (c != 0 && strchr(";,[](){}", c) != NULL) {
		t->text = l->p;
		t->len = 1;
		(void)get(l);
	} else if (c == '\'')
		bad(t, "unexpected ''', expected strings in \"...\"");
	else if (c >= 0x80)
		bad(t, "unexpected character that is not ASCII, expected "
		    "strings in \"...\"");
	else
		bad(t, "unexpected character, expected a word, a string, a "
		    "number or one of ; , [ ] ( ) { }");
}

void
lexer_places(const struct script_source *s, const char *raw,
    const struct script_place *start, struct script_place *places)
{
	struct lexer	 l;
	struct token	 t;

	lexer_begin(&l, s);
	l.p = raw;
	l.here = *start;
	l.places = places;
	lexer_next(&l, &t);
	lexer_end(&l);
}
