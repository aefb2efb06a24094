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
 * Characters of the configuration to words, strings and punctuation.
 */

#include <ctype.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_file.h"
#include "smtpd/conf_parse.h"
#include "smtpd/smtp/utf8.h"

/* The octet ahead, or -1 at the end of the file. */
static int
lex_peek(const struct conf_file *f, size_t ahead)
{
	if (f->len - f->here.at <= ahead)
		return (-1);
	return ((unsigned char)f->text[f->here.at + ahead]);
}

static int
lex_get(struct conf_file *f)
{
	int	 c = lex_peek(f, 0);

	if (c == -1)
		return (-1);
	f->here.at++;
	if (c == '\n') {
		f->here.line++;
		f->here.column = 1;
	} else if ((c & 0xc0) != 0x80)	/* UTF-8: the first octet counts */
		f->here.column++;
	return (c);
}

static int
is_word_octet(int c)
{
	return (c > 0 && c < 0x80 && (isalnum(c) ||
	    strchr("_.:/@*%+~-", c) != NULL));
}

int
lex_is_word(const char *text)
{
	size_t	 i;

	for (i = 0; is_word_octet((unsigned char)text[i]); i++)
		;
	return (i > 0 && text[i] == '\0');
}

/* The length of a line end at ahead, else 0. */
static size_t
lex_line_end(const struct conf_file *f, size_t ahead)
{
	if (lex_peek(f, ahead) == '\n')
		return (1);
	if (lex_peek(f, ahead) == '\r' && lex_peek(f, ahead + 1) == '\n')
		return (2);
	return (0);
}

/* Blanks, comments, and line ends behind a backslash. */
static void
lex_blanks(struct conf_file *f)
{
	size_t	 n;

	for (;;) {
		switch (lex_peek(f, 0)) {
		case '\\':
			if ((n = lex_line_end(f, 1)) == 0)
				return;
			while (n-- > 0)
				(void)lex_get(f);
			break;
		case '\r':
			if (lex_line_end(f, 0) == 0)
				return;
			break;
		case '#':
			while (lex_peek(f, 1) != '\n' &&
			    lex_peek(f, 1) != -1)
				(void)lex_get(f);
			break;
		case ' ':
		case '\t':
			break;
		default:
			return;
		}
		(void)lex_get(f);
	}
}

static void
lex_error(struct conf_parse *p, struct lex_token *t, const char *what)
{
	if (t->kind != LEX_BAD && p->quiet == 0)
		conf_error(p, &t->pos, "%s", what);
	t->kind = LEX_BAD;
}

/* One octet of the token under way; max is its limit. */
static void
lex_add(struct conf_parse *p, struct lex_token *t, int c, size_t max)
{
	if (c == '\0') {
		lex_error(p, t, "NUL octet in a string, expected text");
		return;
	}
	if (p->buflen == max) {
		lex_error(p, t, max == CONF_RAW_MAX ?
		    "string too long, expected at most 1M octets" :
		    "string too long, expected at most 4096 octets");
		return;
	}
	if (p->buflen + 1 >= p->bufsize) {
		p->bufsize = p->bufsize == 0 ? 256 : p->bufsize * 2;
		p->buf = xreallocarray(p->buf, p->bufsize, 1);
	}
	p->buf[p->buflen++] = (char)c;
}

/* What is skipped need not be kept. */
static void
lex_finish(struct conf_parse *p, struct lex_token *t)
{
	if (t->kind == LEX_BAD || p->buflen == 0)
		t->text = "";
	else if (!p->quiet)
		t->text = conf_keep_text(p, p->buf, p->buflen);
	else {
		p->buf[p->buflen] = '\0';
		t->text = p->buf;
	}
}

/* Behind a backslash in "": the octet meant, or -1: it stays. */
static int
lex_escape(int c)
{
	switch (c) {
	case 'n':
		return ('\n');
	case 't':
		return ('\t');
	case '"':
	case '\\':
		return (c);
	default:
		return (-1);
	}
}

/* "..." or '...': ends on its line. */
static void
lex_string(struct conf_parse *p, struct lex_token *t, int quote)
{
	struct conf_file	*f = p->file;
	int			 c;

	t->kind = LEX_STRING;
	t->quote = 1;
	while ((c = lex_peek(f, 0)) != quote) {
		if (c == -1 || lex_line_end(f, 0) != 0) {
			lex_error(p, t, quote == '"' ? "string is not closed, "
			    "expected '\"' before the end of the line" :
			    "string is not closed, expected a single quote "
			    "before the end of the line");
			break;
		}
		(void)lex_get(f);
		if (c == '\\' && quote == '"' &&
		    lex_escape(lex_peek(f, 0)) != -1)
			c = lex_escape(lex_get(f));
		lex_add(p, t, c, CONF_STRING_MAX);
	}
	if (c == quote)
		(void)lex_get(f);
	lex_finish(p, t);
}

/* '''...''': all octets as they stand, over many lines. */
static void
lex_raw(struct conf_parse *p, struct lex_token *t)
{
	struct conf_file	*f = p->file;
	int			 c, n;

	t->kind = LEX_STRING;
	t->quote = 3;
	for (n = 0; n < 2; n++)
		(void)lex_get(f);
	while (lex_peek(f, 0) != '\'' || lex_peek(f, 1) != '\'' ||
	    lex_peek(f, 2) != '\'') {
		if ((c = lex_get(f)) == -1) {
			/* it has swallowed all statements behind it: say so */
			if (p->quiet < 2)
				conf_error(p, &t->pos, "string is not closed, "
				    "expected ''' before the end of the "
				    "file");
			t->kind = LEX_BAD;
			break;
		}
		lex_add(p, t, c, CONF_RAW_MAX);
	}
	for (n = 0; n < 3; n++)
		(void)lex_get(f);
	lex_finish(p, t);
}

static void
lex_word(struct conf_parse *p, struct lex_token *t)
{
	t->kind = LEX_WORD;
	while (is_word_octet(lex_peek(p->file, 0)))
		lex_add(p, t, lex_get(p->file), CONF_STRING_MAX);
	lex_finish(p, t);
}

static void
lex_macro_unknown(struct conf_parse *p, struct lex_token *t)
{
	const char	*shown;

	if (!p->quiet) {
		shown = conf_show(p, t->text);
		conf_error(p, &t->pos, p->file->spots != NULL ?
		    "unexpected '$%s' in a script, expected '%s'" :
		    "macro '%s' is not defined, expected %s = \"value\" above",
		    shown, shown);
	}
	t->kind = LEX_BAD;
	t->text = "";
}

/* $name: a word if its text may be one, else a string. */
static void
lex_macro(struct conf_parse *p, struct lex_token *t)
{
	struct conf_file	*f = p->file;
	const char		*text;

	t->kind = LEX_WORD;
	while (isalnum(lex_peek(f, 0)) || lex_peek(f, 0) == '_')
		lex_add(p, t, lex_get(f), CONF_STRING_MAX);
	lex_finish(p, t);
	if (t->kind == LEX_BAD)
		return;
	/* scripts have names of their own */
	if (f->spots != NULL || (text = macro_find(p, t->text)) == NULL) {
		lex_macro_unknown(p, t);
		return;
	}
	t->text = text;
	if (!lex_is_word(text)) {
		t->kind = LEX_STRING;
		t->quote = 1;
	}
}

/* c, which has been read, and what follows are no ASCII: say what it is. */
static void
lex_strange(struct conf_parse *p, struct lex_token *t, int c)
{
	struct conf_file	*f = p->file;
	size_t			 i, n;
	unsigned long		 code;

	n = utf8_char(f->text + f->here.at - 1, f->len - f->here.at + 1);
	if (n < 2) {
		conf_error(p, &t->pos, "unexpected octet 0x%02x, expected "
		    "printable ASCII outside of strings", (unsigned int)c);
		return;
	}
	/* the first octet has n bits that say how many there are, and a 0 */
	code = (unsigned long)c & (0x7fUL >> n);
	for (i = 1; i < n; i++)
		code = code << 6 | ((unsigned long)lex_peek(f, i - 1) & 0x3f);
	conf_error(p, &t->pos, "unexpected character U+%04lX, expected "
	    "printable ASCII outside of strings", code);
}

static void
lex_punct(struct conf_parse *p, struct lex_token *t, int c)
{
	static char	 texts[0x80][2];

	t->kind = LEX_PUNCT;
	if (c < ' ' || c >= 0x7f) {
		if (!p->quiet)
			lex_strange(p, t, c);
		t->kind = LEX_BAD;
		/* one error for a run of them */
		while ((c = lex_peek(p->file, 0)) >= 0x7f ||
		    (c >= 0 && c < ' ' && c != '\n' && c != '\t' &&
		    lex_line_end(p->file, 0) == 0))
			(void)lex_get(p->file);
		return;
	}
	texts[c][0] = (char)c;
	t->text = texts[c];
}

/* The next octet begins a token. */
static void
lex_start(struct conf_parse *p, struct lex_token *t)
{
	struct conf_file	*f = p->file;
	const struct conf_spot	*spot;

	lex_blanks(f);
	f->mark = f->here;
	t->pos.file = f->name;
	spot = f->spots != NULL ? &f->spots[f->here.at] : &f->here;
	t->pos.line = spot->line;
	t->pos.column = spot->column;
	t->text = "";
	p->buflen = 0;
}

/* What is the same everywhere. */
static void
lex_rest(struct conf_parse *p, struct lex_token *t)
{
	struct conf_file	*f = p->file;
	int			 c = lex_get(f);

	if (c == -1)
		t->kind = LEX_END;
	else if (c == '\n')
		t->kind = LEX_NEWLINE;
	else if (c == ';')
		t->kind = LEX_SEMICOLON;
	else if (c == '\'' && lex_peek(f, 0) == '\'' &&
	    lex_peek(f, 1) == '\'')
		lex_raw(p, t);
	else if (c == '"' || c == '\'')
		lex_string(p, t, c);
	else if (c == '$' && isalpha(lex_peek(f, 0)))
		lex_macro(p, t);
	else
		lex_punct(p, t, c);
}

void
lex_next(struct conf_parse *p, struct lex_token *t)
{
	lex_start(p, t);
	if (is_word_octet(lex_peek(p->file, 0)))
		lex_word(p, t);
	else
		lex_rest(p, t);
}

static int
is_letter(int c)
{
	return (c == '_' || (c >= 0 && c < 0x80 && isalpha(c)));
}

/*
 * Letters, digits and '_'; with numbers, a '.' between digits too, and in a
 * word one in front of what a word begins with: there is no operator '.'.
 */
static void
lex_letters(struct conf_parse *p, struct lex_token *t, enum lex_kind kind)
{
	struct conf_file	*f = p->file;
	int			 c;

	t->kind = kind;
	while (is_letter(c = lex_peek(f, 0)) || isdigit(c) ||
	    (c == '.' && ((kind == LEX_NUMBER && isdigit(lex_peek(f, 1))) ||
	    (kind == LEX_WORD && is_letter(lex_peek(f, 1))))))
		lex_add(p, t, lex_get(f), CONF_STRING_MAX);
	lex_finish(p, t);
}

/* An operator of two characters, or NULL. */
static const char *
lex_operator(const struct conf_file *f)
{
	static const char *const	 operators[] = { "||", "&&", "==", "!=",
	    "<=", ">=" };
	size_t				 i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (lex_peek(f, 0) == operators[i][0] &&
		    lex_peek(f, 1) == operators[i][1])
			return (operators[i]);
	return (NULL);
}

void
lex_expr(struct conf_parse *p, struct lex_token *t)
{
	struct conf_file	*f = p->file;
	const char		*operator;
	int			 c;

	lex_start(p, t);
	c = lex_peek(f, 0);
	if (is_letter(c))
		lex_letters(p, t, LEX_WORD);
	else if (isdigit(c))
		lex_letters(p, t, LEX_NUMBER);
	else if (c == '$' && isdigit(lex_peek(f, 1))) {
		(void)lex_get(f);
		lex_letters(p, t, LEX_CAPTURE);
	} else if (c == '$') {
		lex_rest(p, t);
		if (t->kind == LEX_WORD)
			t->kind = LEX_MACRO;
	} else if ((operator = lex_operator(f)) != NULL) {
		(void)lex_get(f);
		(void)lex_get(f);
		t->kind = LEX_PUNCT;
		t->text = operator;
	} else
		lex_rest(p, t);
}

void
lex_unget(struct conf_parse *p)
{
	p->file->here = p->file->mark;
}

int
lex_equals_next(struct conf_parse *p)
{
	lex_blanks(p->file);
	return (lex_peek(p->file, 0) == '=' && lex_peek(p->file, 1) != '=');
}
