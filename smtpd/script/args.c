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
 * The table of tags, and arguments in their places.
 */

#include <string.h>

#include "smtpd/script/compile.h"
#include "smtpd/sieve/addresspart.h"
#include "smtpd/sieve/match.h"
#include "smtpd/sieve/modify.h"

static const struct tag {
	const char	*name;
	unsigned int	 group;
	enum tag_class	 class;
	unsigned int	 value;
	char		 param;		/* as in struct command; 0: none */
	uint32_t	 caps;		/* one of these is needed, or 0 */
} tags[] = {
	{ "is", GROUP_MATCH, CLASS_MATCH, MATCH_IS, 0, 0 },
	{ "contains", GROUP_MATCH, CLASS_MATCH, MATCH_CONTAINS, 0, 0 },
	{ "matches", GROUP_MATCH, CLASS_MATCH, MATCH_MATCHES, 0, 0 },
	{ "regex", GROUP_MATCH, CLASS_MATCH, MATCH_REGEX, 0, CAP(CAP_REGEX) },
	{ "value", GROUP_MATCH, CLASS_MATCH, MATCH_VALUE, 's',
	    CAP(CAP_RELATIONAL) },
	{ "count", GROUP_MATCH, CLASS_MATCH, MATCH_COUNT, 's',
	    CAP(CAP_RELATIONAL) },
	{ "list", GROUP_MATCH, CLASS_MATCH, MATCH_LIST, 0,
	    CAP(CAP_EXTLISTS) },
	{ "comparator", GROUP_MATCH, CLASS_COMPARATOR, 0, 's', 0 },
	{ "all", GROUP_PART, CLASS_PART, ADDRESSPART_ALL, 0, 0 },
	{ "localpart", GROUP_PART, CLASS_PART, ADDRESSPART_LOCALPART, 0, 0 },
	{ "domain", GROUP_PART, CLASS_PART, ADDRESSPART_DOMAIN, 0, 0 },
	{ "user", GROUP_PART, CLASS_PART, ADDRESSPART_USER, 0,
	    CAP(CAP_SUBADDRESS) },
	{ "detail", GROUP_PART, CLASS_PART, ADDRESSPART_DETAIL, 0,
	    CAP(CAP_SUBADDRESS) },
	{ "over", GROUP_SIZE, CLASS_SIZE, OP_GREATER, 0, 0 },
	{ "under", GROUP_SIZE, CLASS_SIZE, OP_LESS, 0, 0 },
	{ "lower", GROUP_MODIFIER, CLASS_CASE, MODIFY_LOWER, 0, 0 },
	{ "upper", GROUP_MODIFIER, CLASS_CASE, MODIFY_UPPER, 0, 0 },
	{ "lowerfirst", GROUP_MODIFIER, CLASS_FIRST, MODIFY_LOWERFIRST, 0,
	    0 },
	{ "upperfirst", GROUP_MODIFIER, CLASS_FIRST, MODIFY_UPPERFIRST, 0,
	    0 },
	{ "quotewildcard", GROUP_MODIFIER, CLASS_QUOTE, MODIFY_QUOTEWILDCARD,
	    0, 0 },
	{ "quoteregex", GROUP_MODIFIER, CLASS_QUOTE, MODIFY_QUOTEREGEX, 0,
	    CAP(CAP_REGEX) },
	{ "length", GROUP_MODIFIER, CLASS_LENGTH, MODIFY_LENGTH, 0, 0 },
	{ "personal", GROUP_INCLUDE, CLASS_PLACE, 0, 0, 0 },
	{ "global", GROUP_INCLUDE, CLASS_PLACE, 0, 0, 0 },
	{ "once", GROUP_INCLUDE, CLASS_ONCE, 0, 0, 0 },
	{ "optional", GROUP_INCLUDE, CLASS_OPTIONAL, 0, 0, 0 },
	{ "zone", GROUP_ZONE, CLASS_ZONE, 1, 's', 0 },
	{ "originalzone", GROUP_ORIGINAL, CLASS_ZONE, 0, 0, 0 },
	{ "handle", GROUP_DUPLICATE, CLASS_HANDLE, 0, 's', 0 },
	{ "header", GROUP_DUPLICATE, CLASS_ID, 0, 's', 0 },
	{ "uniqueid", GROUP_DUPLICATE, CLASS_ID, 1, 's', 0 },
	{ "seconds", GROUP_SECONDS, CLASS_SECONDS, 0, 'n', 0 },
	{ "last", GROUP_DUPLICATE, CLASS_LAST, 0, 0, 0 },
	{ "use", GROUP_USE, CLASS_STORE, 0, 's', 0 },
	{ "set", GROUP_SET, CLASS_RESULT, 0, 'l', 0 },
	{ "query", GROUP_EXECUTE, CLASS_QUERY, 0, 0, 0 },
};

static const struct tag *
tag_find(const struct command *cmd, const char *name)
{
	size_t	 i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if ((tags[i].group & cmd->groups) &&
		    strcmp(tags[i].name, name) == 0)
			return (&tags[i]);
	return (NULL);
}

static const char *
kind_text(char param)
{
	return (param == 'n' ? "a number" : param == 'l' ?
	    "a string or a list of strings" : "a string");
}

static int
fits(const struct arg *a, char param)
{
	switch (param) {
	case 'n':
		return (a->kind == ARG_NUMBER);
	case 'l':
		return (a->kind == ARG_STRING || a->kind == ARG_LIST);
	default:
		return (a->kind == ARG_STRING);
	}
}

/* The value behind a tag; NULL when it is wrong. */
static const struct arg *
tag_value(struct compile *c, const struct tag *tag, const struct arg *a)
{
	if (a->next == NULL || !fits(a->next, tag->param)) {
		compile_error(c, a->next == NULL ? &a->place :
		    &a->next->place, "nothing that fits behind ':%s', "
		    "expected %s", tag->name, kind_text(tag->param));
		return (NULL);
	}
	return (a->next);
}

/* Tags up to the first argument that is none, which *rest points to then. */
static int
read_tags(struct compile *c, struct call *call, const struct arg **rest)
{
	const struct arg	*a = *rest;
	const struct tag	*tag;

	for (; a != NULL && a->kind == ARG_TAG; a = a->next) {
		if ((tag = tag_find(call->command, a->text)) == NULL) {
			unit_unknown(c, &a->place, "unexpected ':%s', "
			    "expected a tag of '%s'", a->text,
			    call->command->name);
			return (-1);
		}
		if (CALL_HAS(call, tag->class)) {
			compile_error(c, &a->place, "':%s' does not go with "
			    "the tags in front of it, expected one of its "
			    "kind", tag->name);
			return (-1);
		}
		if (tag->caps != 0 && !unit_need(c, tag->caps, tag->name,
		    &a->place))
			return (-1);
		call->has |= UINT32_C(1) << tag->class;
		call->value[tag->class] = tag->value;
		if (tag->param == 0)
			continue;
		if ((call->arg[tag->class] = tag_value(c, tag, a)) == NULL)
			return (-1);
		a = a->next;
	}
	*rest = a;
	return (0);
}

/* Those that have a place: as many as params asks for. */
static int
read_params(struct compile *c, struct call *call, const struct arg *a)
{
	const struct command	*cmd = call->command;
	const char		*p = cmd->params;
	unsigned int		 n = 0;
	int			 optional = 0;

	for (; *p != '\0'; p++) {
		if (*p == '?') {
			optional = 1;
			continue;
		}
		if (a == NULL && optional)
			return (0);
		if (a == NULL || !fits(a, *p)) {
			compile_error(c, a == NULL ? &call->node->place :
			    &a->place, "argument %u of '%s' is %s, expected "
			    "%s", n + 1, cmd->name, a == NULL ? "missing" :
			    "of the wrong kind", kind_text(*p));
			return (-1);
		}
		call->params[n++] = a;
		a = a->next;
	}
	if (a == NULL)
		return (0);
	compile_error(c, &a->place, "too many arguments for '%s', expected "
	    "%u%s", cmd->name, n, a->kind == ARG_TAG ? ", and tags in front "
	    "of them" : "");
	return (-1);
}

int
args_read(struct compile *c, const struct command *cmd,
    const struct node *n, struct call *call)
{
	const struct arg	*a = n->args;

	memset(call, 0, sizeof(*call));
	call->command = cmd;
	call->node = n;
	if (read_tags(c, call, &a) == -1)
		return (-1);
	return (read_params(c, call, a));
}
