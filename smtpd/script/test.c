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
 * Tests.  Each leaves 1 or 0.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/code/script_op.h"
#include "smtpd/script/compile.h"
#include "smtpd/sieve/addresspart.h"
#include "smtpd/sieve/ere.h"
#include "smtpd/sieve/match.h"

#define REMOTE_HOST	"remote-host"	/* RFC 5183 4.1 */

void
test_true(struct compile *c, const struct call *call)
{
	compile_number(c, 1, &call->node->place);
}

void
test_false(struct compile *c, const struct call *call)
{
	compile_number(c, 0, &call->node->place);
}

static enum comparator
match_comparator(struct compile *c, const struct call *call,
    enum match_type match)
{
	const struct arg	*a = call->arg[CLASS_COMPARATOR];
	enum comparator		 found;
	size_t			 len;
	char			*s;

	if (a == NULL || (s = text_constant(c, a, &len)) == NULL)
		return (COMPARATOR_CASEMAP);
	if ((found = comparator_find(s, len)) == COMPARATOR_COUNT) {
		compile_error(c, &a->place, "unknown comparator '%.64s', "
		    "expected i;octet, i;ascii-casemap or i;ascii-numeric",
		    s);
		found = COMPARATOR_CASEMAP;
	} else if (found == COMPARATOR_NUMERIC) {
		(void)unit_need(c, CAP(CAP_NUMERIC), s, &a->place);
		if (!match_allows(match, found))
			compile_error(c, &a->place, "'%s' compares whole "
			    "numbers, expected ':is', ':value' or ':count'",
			    s);
	}
	free(s);
	return (found);
}

static enum relation
match_relation(struct compile *c, const struct call *call)
{
	const struct arg	*a = call->arg[CLASS_MATCH];
	enum relation		 found;
	size_t			 len;
	char			*s;

	if (a == NULL || (s = text_constant(c, a, &len)) == NULL)
		return (RELATION_EQ);
	if ((found = relation_find(s, len)) == RELATION_COUNT) {
		compile_error(c, &a->place, "unknown relation '%.64s', "
		    "expected \"gt\", \"ge\", \"lt\", \"le\", \"eq\" or "
		    "\"ne\"", s);
		found = RELATION_EQ;
	}
	free(s);
	return (found);
}

static void
check_regex(struct compile *c, const struct arg *a, enum comparator comparator)
{
	const char	*why;
	struct ere	*ere;
	size_t		 len, at;
	char		*s;

	if (!text_is_constant(c, a) ||
	    (s = text_constant(c, a, &len)) == NULL)
		return;
	if ((ere = ere_new(s, len, comparator == COMPARATOR_CASEMAP, &why,
	    &at)) == NULL)
		compile_error(c, &a->place, "%s at offset %zu, expected a "
		    "regular expression", why, at);
	ere_free(ere);
	free(s);
}

/* Values are on the stack; here come the keys, and the test. */
static void
write_match(struct compile *c, const struct call *call,
    const struct arg *keys)
{
	enum match_type	 match = CALL_HAS(call, CLASS_MATCH) ?
			    (enum match_type)call->value[CLASS_MATCH] :
			    MATCH_IS;
	enum comparator	 comparator;
	enum relation	 relation;
	const struct arg *a;

	if (match == MATCH_LIST) {
		match_lists(c, call, keys);
		return;
	}
	comparator = match_comparator(c, call, match);
	relation = match_relation(c, call);
	if (match == MATCH_REGEX && keys->kind == ARG_LIST)
		for (a = keys->items; a != NULL; a = a->next)
			check_regex(c, a, comparator);
	else if (match == MATCH_REGEX)
		check_regex(c, keys, comparator);
	text_write_list(c, keys);
	compile_op(c, OP_TEST, c->unit->set, CODE_TEST(match, comparator,
	    relation), &call->node->place);
}

void
test_string(struct compile *c, const struct call *call)
{
	text_write_list(c, call->params[0]);
	write_match(c, call, call->params[1]);
}

/* A name that is constant has to be one. */
static void
check_envelope(struct compile *c, const struct arg *a)
{
	size_t	 len;
	char	*s;

	if (!text_is_constant(c, a) ||
	    (s = text_constant(c, a, &len)) == NULL)
		return;
	if (name_envelope(s, len) == VAR_COUNT)
		compile_error(c, &a->place, "unknown part of the envelope "
		    "'%.64s', expected from, to, auth, orcpt, envid or "
		    "notify", s);
	free(s);
}

void
test_envelope(struct compile *c, const struct call *call)
{
	const struct arg	*a = call->params[0];

	if (a->kind == ARG_LIST)
		for (a = a->items; a != NULL; a = a->next)
			check_envelope(c, a);
	else
		check_envelope(c, a);
	text_write_list(c, call->params[0]);
	compile_op(c, OP_ENVELOPE, 0, 0, &call->node->place);
	compile_string(c, c->world->delims, strlen(c->world->delims),
	    &call->node->place);
	compile_op(c, OP_PART, 0, CALL_HAS(call, CLASS_PART) ?
	    call->value[CLASS_PART] : ADDRESSPART_ALL, &call->node->place);
	write_match(c, call, call->params[1]);
}

/* The name of the client is asked for where a script wants it. */
static void
write_host(struct compile *c, const struct script_place *place)
{
	compile_op(c, OP_VAR, 0, VAR_REMOTE_IP, place);
	compile_op(c, OP_CALL, 1, FUNC_REMOTE_HOST, place);
}

/* The value of an item in an array, which is empty for one not known. */
static void
write_item(struct compile *c, const struct arg *a,
    const struct script_place *place)
{
	struct jump	*other = NULL, *end = NULL;
	uint32_t	 name;
	size_t		 len;
	char		*s;
	int		 host;

	if (text_is_constant(c, a)) {
		s = text_constant(c, a, &len);
		host = strlen(s) == len && strcasecmp(s, REMOTE_HOST) == 0;
		free(s);
		if (host)
			write_host(c, place);
		else {
			text_write(c, a);
			compile_op(c, OP_ENVIRONMENT, 0, 0, place);
		}
		return;
	}
	name = compile_local(c);
	text_write(c, a);
	compile_op(c, OP_SET, 0, name, place);
	compile_op(c, OP_LOCAL, 0, name, place);
	compile_op(c, OP_CALL, 1, FUNC_TO_LOWERCASE, place);
	compile_string(c, REMOTE_HOST, strlen(REMOTE_HOST), place);
	compile_op(c, OP_EQUAL, 0, 0, place);
	compile_jump(c, &other, OP_UNLESS, place);
	write_host(c, place);
	compile_jump(c, &end, OP_JUMP, place);
	compile_land(c, &other);
	compile_op(c, OP_LOCAL, 0, name, place);
	compile_op(c, OP_ENVIRONMENT, 0, 0, place);
	compile_land(c, &end);
}

/* RFC 5183 4: an item that is not known fails, :count of it too. */
void
test_environment(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	struct jump			*unknown = NULL;
	uint32_t			 values = compile_local(c);

	write_item(c, call->params[0], place);
	compile_op(c, OP_SET, 0, values, place);
	compile_op(c, OP_LOCAL, 0, values, place);
	compile_jump(c, &unknown, OP_AND, place);
	compile_op(c, OP_LOCAL, 0, values, place);
	write_match(c, call, call->params[1]);
	compile_land(c, &unknown);
	compile_op(c, OP_TRUTH, 0, 0, place);
}

void
test_currentdate(struct compile *c, const struct call *call)
{
	if (call->arg[CLASS_ZONE] != NULL)
		text_write(c, call->arg[CLASS_ZONE]);
	else
		compile_string(c, "", 0, &call->node->place);
	text_write(c, call->params[0]);
	compile_op(c, OP_DATE, 0, 0, &call->node->place);
	write_match(c, call, call->params[1]);
}

void
test_size(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;

	if (!CALL_HAS(call, CLASS_SIZE)) {
		compile_error(c, place, "'size' without ':over' or ':under', "
		    "expected one of them");
		compile_number(c, 0, place);
		return;
	}
	compile_op(c, OP_VAR, 0, VAR_ENV_SIZE, place);
	compile_number(c, (int64_t)call->params[0]->number, place);
	compile_op(c, (enum code_op)call->value[CLASS_SIZE], 0, 0, place);
}

/* There is no message yet, and no header in it. */
void
test_message(struct compile *c, const struct call *call)
{
	struct emit_mark	 mark = emit_mark(c->emit);
	const struct arg	*keys = call->params[call->params[2] != NULL ?
				    2 : 1];

	if (keys != NULL) {
		compile_string(c, "", 0, &call->node->place);
		write_match(c, call, keys);
		emit_back(c->emit, mark);
	}
	compile_number(c, 0, &call->node->place);
}

/* Adds to *bits those of a name; -1 when this server has no such thing. */
static int
ihave_one(struct compile *c, const struct arg *a, uint32_t *bits)
{
	enum capability	 cap;
	size_t		 len;
	char		*s;

	if ((s = text_constant(c, a, &len)) == NULL)
		return (-1);
	cap = capability_find(s, len);
	free(s);
	/* RFC 5463 4: strings before it would mean something else */
	if (cap == CAP_COUNT || ((cap == CAP_VARIABLES ||
	    cap == CAP_ENCODED) && !(c->unit->required & CAP(cap))))
		return (-1);
	*bits |= CAP(cap);
	return (0);
}

/* From here on those extensions may be there, if this is reached. */
void
test_ihave(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	const struct arg		*a = call->params[0];
	struct unit			*u = c->unit;
	uint32_t			 bits = 0;
	unsigned int			 i;
	int				 all = 1;

	if (a->kind == ARG_STRING)
		all = ihave_one(c, a, &bits) == 0;
	else
		for (a = a->items; a != NULL; a = a->next)
			all &= ihave_one(c, a, &bits) == 0;
	for (i = 0; all && i < CAP_COUNT; i++) {
		if (!(bits & CAP(i)) || (u->required & CAP(i)))
			continue;
		if (!(u->maybe & CAP(i)))
			u->flags[i] = compile_local(c);
		u->maybe |= CAP(i);
		compile_number(c, 1, place);
		compile_op(c, OP_SET, 0, u->flags[i], place);
	}
	compile_number(c, all, place);
}
