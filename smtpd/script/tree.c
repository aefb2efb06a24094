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
 * Tokens to commands.  Nothing goes deeper than SCRIPT_BLOCKS_MAX and
 * SCRIPT_TESTS_MAX, so neither does the stack of this process.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/lex.h"
#include "smtpd/script/tree.h"

#define SHOW_MAX	32	/* octets of a word in a message */

struct tree_kept {
	struct tree_kept	*next;
	_Alignas(max_align_t) char data[];
};

struct reader {
	struct tree	*tree;
	struct lexer	 lexer;
	struct token	 t;
	unsigned int	 blocks, tests;	/* around here */
	int		 failed;
};

static void *
keep(struct tree *tree, size_t size)
{
	struct tree_kept	*k = xcalloc(1, sizeof(*k) + size);

	k->next = tree->kept;
	tree->kept = k;
	return (k->data);
}

static const char *
keep_text(struct tree *tree, const struct token *t)
{
	char	*copy = keep(tree, t->len + 1);

	if (t->len > 0)
		memcpy(copy, t->text, t->len);
	return (copy);
}

void
tree_free(struct tree *tree)
{
	struct tree_kept	*k;

	while ((k = tree->kept) != NULL) {
		tree->kept = k->next;
		free(k);
	}
	tree->commands = NULL;
}

static void
fail(struct reader *r, const char *what)
{
	if (r->failed)
		return;
	r->failed = 1;
	r->tree->place = r->t.place;
	(void)strlcpy(r->tree->why, what, sizeof(r->tree->why));
}

static void
unexpected(struct reader *r, const char *expected)
{
	char	 what[160];

	switch (r->t.kind) {
	case TOKEN_BAD:
		(void)snprintf(what, sizeof(what), "%s", r->t.text);
		break;
	case TOKEN_END:
		(void)snprintf(what, sizeof(what), "unexpected end of the "
		    "script, expected %s", expected);
		break;
	case TOKEN_STRING:
		(void)snprintf(what, sizeof(what), "unexpected string, "
		    "expected %s", expected);
		break;
	case TOKEN_NUMBER:
		(void)snprintf(what, sizeof(what), "unexpected number, "
		    "expected %s", expected);
		break;
	default:
		(void)snprintf(what, sizeof(what), "unexpected '%s%.*s', "
		    "expected %s", r->t.kind == TOKEN_TAG ? ":" : "",
		    (int)(r->t.len > SHOW_MAX ? SHOW_MAX : r->t.len),
		    r->t.text, expected);
		break;
	}
	fail(r, what);
}

static void
next(struct reader *r)
{
	if (!r->failed)
		lexer_next(&r->lexer, &r->t);
}

static int
is(const struct reader *r, char punct)
{
	return (!r->failed && r->t.kind == TOKEN_PUNCT &&
	    r->t.text[0] == punct);
}

static void
must(struct reader *r, char punct, const char *expected)
{
	if (is(r, punct))
		next(r);
	else
		unexpected(r, expected);
}

/* The token as an argument. */
static struct arg *
take(struct reader *r, enum arg_kind kind)
{
	struct arg	*a = keep(r->tree, sizeof(*a));

	a->kind = kind;
	a->place = r->t.place;
	a->text = keep_text(r->tree, &r->t);
	a->len = r->t.len;
	a->raw = r->t.raw;
	a->number = r->t.number;
	next(r);
	return (a);
}

static struct arg *
read_list(struct reader *r)
{
	struct arg	*list = take(r, ARG_LIST), **last = &list->items;

	for (;;) {
		if (r->failed || r->t.kind != TOKEN_STRING) {
			unexpected(r, "a string");
			return (list);
		}
		if (++list->nitems > SCRIPT_LIST_MAX) {
			fail(r, "list too long, expected at most 8192 "
			    "strings");
			return (list);
		}
		*last = take(r, ARG_STRING);
		last = &(*last)->next;
		if (!is(r, ','))
			break;
		next(r);
	}
	must(r, ']', "',' or ']'");
	return (list);
}

static struct arg *
read_args(struct reader *r)
{
	struct arg	*first = NULL, **last = &first;
	unsigned int	 n = 0;

	while (!r->failed) {
		if (r->t.kind == TOKEN_STRING)
			*last = take(r, ARG_STRING);
		else if (r->t.kind == TOKEN_NUMBER)
			*last = take(r, ARG_NUMBER);
		else if (r->t.kind == TOKEN_TAG)
			*last = take(r, ARG_TAG);
		else if (is(r, '['))
			*last = read_list(r);
		else
			break;
		last = &(*last)->next;
		if (++n > SCRIPT_ARGS_MAX)
			fail(r, "too many arguments, expected at most 32");
	}
	return (first);
}

static struct node *read_node(struct reader *);

/* In parentheses. */
static struct node *
read_tests(struct reader *r)
{
	struct node	*first = NULL, **last = &first;

	next(r);
	while (!r->failed) {
		if (r->t.kind != TOKEN_NAME) {
			unexpected(r, "a test");
			break;
		}
		*last = read_node(r);
		last = &(*last)->next;
		if (!is(r, ','))
			break;
		next(r);
	}
	must(r, ')', "',' or ')'");
	return (first);
}

/* A name with its arguments and tests. */
static struct node *
read_node(struct reader *r)
{
	struct node	*n = keep(r->tree, sizeof(*n));

	n->place = r->t.place;
	n->name = keep_text(r->tree, &r->t);
	next(r);
	n->args = read_args(r);
	if (r->failed || (r->t.kind != TOKEN_NAME && !is(r, '(')))
		return (n);
	if (++r->tests > SCRIPT_TESTS_MAX) {
		fail(r, "tests too deeply nested, expected at most 32 within "
		    "each other");
		return (n);
	}
	if (is(r, '(')) {
		n->parens = 1;
		n->tests = read_tests(r);
	} else
		n->tests = read_node(r);
	r->tests--;
	return (n);
}

static struct node *
read_commands(struct reader *r)
{
	struct node	*first = NULL, **last = &first;

	while (!r->failed && r->t.kind == TOKEN_NAME) {
		*last = read_node(r);
		if (is(r, '{')) {
			if (++r->blocks > SCRIPT_BLOCKS_MAX)
				fail(r, "blocks too deeply nested, expected "
				    "at most 32 within each other");
			next(r);
			(*last)->has_block = 1;
			(*last)->block = read_commands(r);
			must(r, '}', "a command or '}'");
			r->blocks--;
		} else
			must(r, ';', (*last)->tests != NULL ? "a block" :
			    "';', an argument or a block");
		last = &(*last)->next;
	}
	return (first);
}

int
tree_read(struct tree *tree, const struct script_source *s)
{
	struct reader	 r;

	memset(tree, 0, sizeof(*tree));
	memset(&r, 0, sizeof(r));
	r.tree = tree;
	lexer_begin(&r.lexer, s);
	next(&r);
	if (s->len > SCRIPT_SIZE_MAX) {
		r.t.place = s->start;
		fail(&r, "script too long, expected at most 262144 octets");
	}
	tree->commands = read_commands(&r);
	if (!r.failed && r.t.kind != TOKEN_END)
		unexpected(&r, "a command");
	lexer_end(&r.lexer);
	return (r.failed ? -1 : 0);
}
