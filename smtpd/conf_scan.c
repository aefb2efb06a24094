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
 * Words and strings to tokens of statements.  Which word begins a statement
 * is decided here, by the block it stands in, and so is where a statement
 * ends; what is in error is reported once and skipped to that end.
 */

#include <string.h>

#include "smtpd/conf_parse.h"

static enum conf_block
scan_block(const struct conf_parse *p)
{
	return (p->depth == 0 ? BLOCK_TOP :
	    p->blocks[p->depth - 1].word->opens);
}

static int
is_punct(const struct lex_token *t, char c)
{
	return (t->kind == LEX_PUNCT && t->text[0] == c);
}

int
scan_is_rule_word(const char *text)
{
	return (strcmp(text, "if") == 0 || strcmp(text, "then") == 0 ||
	    strcmp(text, "else") == 0);
}

/* Operators that are octets of words as well. */
int
scan_is_operator(const char *text)
{
	return (strchr("+-*/", text[0]) != NULL);
}

int
scan_goes_on(struct conf_parse *p, int parens, int open_end)
{
	struct lex_token	 t;
	int			 quiet = p->quiet, goes_on;

	p->quiet = 2;
	do
		lex_next(p, &t);
	while (t.kind == LEX_NEWLINE);
	if (t.kind == LEX_END || is_punct(&t, '}'))
		goes_on = 0;
	else if (t.kind == LEX_WORD && word_find(scan_block(p), t.text))
		goes_on = 0;
	else if (parens > 0 || open_end)
		goes_on = 1;
	else
		goes_on = t.kind == LEX_PUNCT || (t.kind == LEX_WORD &&
		    (scan_is_rule_word(t.text) || scan_is_operator(t.text)));
	lex_unget(p);
	p->quiet = quiet;
	return (goes_on);
}

/*
 * Skip to the end of the statement: a ';', the '}' of the block around it,
 * the '}' of its own, or a line end unless more must follow.  Rules and
 * lists go on over line ends.
 */
static void
scan_skip(struct conf_parse *p)
{
	struct lex_token	 t;
	struct conf_pos		 opened = { .line = 0 };
	int			 braces = 0, parens = 0, open_end = 0;

	p->quiet = 1;
	for (;;) {
		lex_next(p, &t);
		if (t.kind == LEX_END)
			break;
		if (t.kind == LEX_NEWLINE) {
			if (braces == 0 && !scan_goes_on(p, parens, open_end))
				break;
			continue;
		}
		if (t.kind == LEX_SEMICOLON && braces == 0)
			break;
		if (is_punct(&t, '{') && braces++ == 0)
			opened = t.pos;
		else if (is_punct(&t, '}')) {
			if (braces == 0)
				lex_unget(p);
			if (braces <= 1)
				break;
			braces--;
		} else if (is_punct(&t, '(') || is_punct(&t, '['))
			parens++;
		else if ((is_punct(&t, ')') || is_punct(&t, ']')) &&
		    parens > 0)
			parens--;
		open_end = (t.kind == LEX_WORD && (scan_is_rule_word(t.text) ||
		    (t.text[1] == '\0' && scan_is_operator(t.text)))) ||
		    (t.kind == LEX_PUNCT && strchr("|&^=<>!,", t.text[0]));
	}
	p->quiet = 0;
	if (t.kind == LEX_END && braces > 0)
		conf_error(p, &opened, "'{' is not closed, expected '}'");
}

/* An error inside a statement was reported: end the statement here. */
static enum conf_token
scan_bad(struct conf_parse *p)
{
	scan_skip(p);
	p->end_due = 1;
	return (CONF_BAD);
}

static enum conf_token
scan_end(struct conf_parse *p)
{
	p->end_due = 0;
	p->at_start = 1;
	p->word = NULL;
	return (CONF_EOS);
}

static void
scan_value(struct conf_parse *p, const struct lex_token *t)
{
	p->value = conf_keep(p, sizeof(*p->value));
	p->value->text = t->text;
	p->value->quoted = t->kind == LEX_STRING ? t->quote : 0;
	p->value->pos = t->pos;
}

/* The word at the start of a statement. */
static enum conf_token
scan_first(struct conf_parse *p, const struct lex_token *t)
{
	const struct conf_word	*w;
	enum conf_block		 block = scan_block(p);

	if ((w = word_find(block, t->text)) != NULL)
		p->tried[word_index(w)]++;
	if (w != NULL && w->token == CONF_INCLUDE)
		p->incomplete++;	/* until it has been opened */
	if (w != NULL && w->token == CONF_LATER)
		conf_error(p, &t->pos, "'%s' is not supported by this "
		    "version", w->name);
	else if (w == NULL && (block != BLOCK_TOP || !lex_equals_next(p)))
		word_unknown(p, block, t);
	else {
		scan_value(p, t);
		p->at_start = p->in_list = p->may_open = 0;
		p->word = w;
		p->form = w == NULL ? "name = \"value\"" : w->form;
		return (w == NULL ? CONF_MACRO : w->token);
	}
	scan_skip(p);
	return (CONF_BAD);
}

/* The '}' or the end of the file behind a statement; END: nothing yet. */
static enum conf_token
scan_close(struct conf_parse *p, const struct lex_token *t)
{
	int	 open;

	open = p->depth > 0 && p->blocks[p->depth - 1].file == p->file;
	if (!open && t->kind == LEX_PUNCT)
		conf_error(p, &t->pos, "unexpected '}', expected one of %s",
		    word_list(p, scan_block(p)));
	if (!open)
		return (CONF_END);
	if (t->kind == LEX_END)
		conf_error(p, &p->blocks[p->depth - 1].pos, "block '%s' is not "
		    "closed, expected '}'", p->blocks[p->depth - 1].word->name);
	if (scan_block(p) == BLOCK_THROTTLE)
		throttle_end(p);
	p->depth--;
	p->at_start = 0;
	p->end_due = 1;
	return (CONF_CLOSE);
}

/* Where a statement may begin. */
static enum conf_token
scan_start(struct conf_parse *p)
{
	struct lex_token	 t;
	enum conf_token		 token;

	for (;;) {
		lex_next(p, &t);
		switch (t.kind) {
		case LEX_NEWLINE:
		case LEX_SEMICOLON:
			break;
		case LEX_WORD:
			if ((token = scan_first(p, &t)) != CONF_BAD)
				return (token);
			break;
		case LEX_END:
			if (scan_close(p, &t) == CONF_CLOSE)
				return (CONF_CLOSE);
			lex_pop(p);
			if (p->file == NULL)
				return (CONF_END);
			break;
		case LEX_BAD:
			scan_skip(p);
			break;
		default:
			if (is_punct(&t, '}')) {
				if (scan_close(p, &t) == CONF_CLOSE)
					return (CONF_CLOSE);
				break;
			}
			conf_error(p, &t.pos, "unexpected '%s', expected one "
			    "of %s", conf_show(p, t.text),
			    word_list(p, scan_block(p)));
			lex_unget(p);
			scan_skip(p);
			break;
		}
		if (p->full)
			return (CONF_END);
	}
}

static enum conf_token
scan_word(struct conf_parse *p, const struct lex_token *t)
{
	enum conf_token	 token;

	scan_value(p, t);
	if (t->kind == LEX_STRING || p->word == NULL)
		return (CONF_VALUE);
	token = word_inner(p->word, t->text);
	p->may_open |= token == CONF_SQL && p->word->token == CONF_DIRECTORY;
	if (token == CONF_LATER) {
		conf_error(p, &t->pos, "'%s' is not supported by this "
		    "version", t->text);
		return (scan_bad(p));
	}
	if (p->word->token == CONF_SETTING && strcmp(t->text, "if") == 0) {
		conf_error(p, &t->pos, "'%s' takes no rules ('if'), expected "
		    "%s", p->word->name, p->form);
		return (scan_bad(p));
	}
	return (token);
}

/* Behind the values of a statement that has a block of its own. */
static int
scan_may_open(const struct conf_parse *p)
{
	return (p->may_open && p->last == CONF_VALUE);
}

static enum conf_token
scan_open(struct conf_parse *p, const struct lex_token *t)
{
	if ((p->last != CONF_BLOCK && !scan_may_open(p)) ||
	    p->depth == CONF_BLOCK_DEPTH) {
		conf_error(p, &t->pos, "unexpected '{', expected %s",
		    p->form);
		lex_unget(p);
		return (scan_bad(p));
	}
	p->blocks[p->depth].word = p->word;
	p->blocks[p->depth].file = p->file;
	p->blocks[p->depth].pos = p->value->pos;
	p->depth++;
	p->at_start = 1;
	p->may_open = 0;
	if (scan_block(p) == BLOCK_THROTTLE)
		throttle_begin(p);
	return (CONF_OPEN);
}

static enum conf_token
scan_punct(struct conf_parse *p, const struct lex_token *t)
{
	if (t->text[0] == '{')
		return (scan_open(p, t));
	scan_value(p, t);
	switch (t->text[0]) {
	case '[':
		p->in_list = 1;
		return (CONF_LIST_OPEN);
	case ']':
		p->in_list = 0;
		return (CONF_LIST_CLOSE);
	case ',':
		return (CONF_COMMA);
	case '=':
		return (CONF_EQUALS);
	case '}':
		lex_unget(p);
		return (scan_end(p));
	default:
		break;
	}
	conf_error(p, &t->pos, "unexpected '%s', expected %s", t->text,
	    p->form);
	lex_unget(p);
	return (scan_bad(p));
}

/* Rules or an expression: all up to the end of the statement. */
static enum conf_token
scan_rules(struct conf_parse *p)
{
	struct lex_token	 t;

	p->quiet = 2;
	lex_next(p, &t);
	lex_unget(p);
	p->quiet = 0;
	scan_value(p, &t);
	if (rules_parse(p, p->word, &p->rules) == -1)
		return (scan_bad(p));
	return (CONF_RULES);
}

/* Behind the first word of a statement. */
static enum conf_token
scan_inside(struct conf_parse *p)
{
	struct lex_token	 t;

	if (p->last == CONF_SETTING && word_is_rules(p->word) &&
	    rules_ahead(p, p->word))
		return (scan_rules(p));
	lex_next(p, &t);
	p->went_on = t.kind == LEX_NEWLINE && (p->in_list ||
	    p->last == CONF_BLOCK || scan_may_open(p));
	while (p->went_on && t.kind == LEX_NEWLINE)
		lex_next(p, &t);
	switch (t.kind) {
	case LEX_WORD:
	case LEX_STRING:
		return (scan_word(p, &t));
	case LEX_PUNCT:
		return (scan_punct(p, &t));
	case LEX_BAD:
		return (scan_bad(p));
	default:
		/* the value is what conf_unexpected points at */
		scan_value(p, &t);
		return (scan_end(p));
	}
}

enum conf_token
conf_scan(struct conf_parse *p)
{
	if (p->full || p->file == NULL)
		p->last = CONF_END;
	else if (p->end_due)
		p->last = scan_end(p);
	else if (p->at_start)
		p->last = scan_start(p);
	else
		p->last = scan_inside(p);
	return (p->last);
}

void
conf_unexpected(struct conf_parse *p)
{
	const struct conf_value	*v = p->value;

	if (p->full || p->last == CONF_BAD || p->last == CONF_END)
		return;
	if (p->last == CONF_EOS) {
		conf_error(p, &v->pos, "unexpected end of the statement, "
		    "expected %s", p->form);
		return;
	}
	conf_error(p, &v->pos, "unexpected '%s', expected %s",
	    conf_show(p, v->text), p->form);
	lex_unget(p);
	/* a list that is not closed: the next statement is still good */
	if (p->went_on && !v->quoted && word_find(scan_block(p), v->text))
		p->end_due = 1;
	else
		(void)scan_bad(p);
}
