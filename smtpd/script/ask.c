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
 * What a script has looked up, or changed, elsewhere: the functions of
 * expressions as tests and commands.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/script/compile.h"

#define DUPLICATE_SECONDS	(7 * 24 * 60 * 60)	/* RFC 7352 3: days */
#define SECONDS_MAX		(366 * 24 * 60 * 60)

/* What :use names, which is constant; without, the default. */
static void
write_use(struct compile *c, const struct call *call, enum script_want want)
{
	const struct arg	*a = call->arg[CLASS_STORE];
	size_t			 len = 0;
	char			*name = NULL;

	if (a != NULL && (name = text_constant(c, a, &len)) != NULL &&
	    strlen(name) != len)
		compile_error(c, &a->place, "NUL in a name, expected text");
	c->world->want(c->world->arg, want, name == NULL ? "" : name,
	    a == NULL ? &call->node->place : &a->place);
	compile_string(c, name == NULL ? "" : name, len, &call->node->place);
	free(name);
}

/* Milliseconds; what is more than a year is a year. */
static int64_t
seconds(const struct call *call, int64_t otherwise)
{
	int64_t	 n = otherwise;

	if (call->arg[CLASS_SECONDS] != NULL)
		n = (int64_t)call->arg[CLASS_SECONDS]->number;
	return ((n > SECONDS_MAX ? SECONDS_MAX : n) * 1000);
}

/*
 * The answer is on the stack: :set keeps it, an element of an array from
 * first on in each of its variables.
 */
static void
write_result(struct compile *c, const struct call *call, int64_t first)
{
	const struct script_place	*place = &call->node->place;
	const struct arg		*a = call->arg[CLASS_RESULT];
	uint32_t			 all;

	if (a == NULL || !unit_need(c, CAP(CAP_VARIABLES), ":set", place))
		return;
	all = compile_local(c);
	compile_op(c, OP_SET, 0, all, place);
	for (a = a->kind == ARG_LIST ? a->items : a; a != NULL;
	    a = call->arg[CLASS_RESULT]->kind == ARG_LIST ? a->next : NULL) {
		compile_op(c, OP_LOCAL, 0, all, place);
		if (first >= 0) {
			compile_number(c, first++, place);
			compile_op(c, OP_INDEX, 0, 0, place);
		}
		name_set(c, a, KIND_SCALAR);
	}
	compile_op(c, OP_LOCAL, 0, all, place);
}

void
test_key_get(struct compile *c, const struct call *call)
{
	write_use(c, call, SCRIPT_WANT_STORE);
	text_write(c, call->params[0]);
	compile_op(c, OP_CALL, 2, FUNC_KEY_GET, &call->node->place);
	write_result(c, call, -1);
	compile_op(c, OP_TRUTH, 0, 0, &call->node->place);
}

void
action_key_set(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;

	write_use(c, call, SCRIPT_WANT_STORE);
	text_write(c, call->params[0]);
	text_write(c, call->params[1]);
	compile_number(c, seconds(call, 0), place);
	compile_op(c, OP_CALL, 4, FUNC_KEY_SET, place);
	compile_op(c, OP_POP, 0, 0, place);
}

/* One more: is it above the limit by now? */
void
test_counter(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;

	write_use(c, call, SCRIPT_WANT_STORE);
	text_write(c, call->params[0]);
	compile_number(c, 1, place);
	compile_number(c, seconds(call, 0), place);
	compile_op(c, OP_CALL, 4, FUNC_COUNTER_INCR, place);
	write_result(c, call, -1);
	compile_number(c, (int64_t)call->params[1]->number, place);
	compile_op(c, OP_GREATER, 0, 0, place);
}

void
test_local_domain(struct compile *c, const struct call *call)
{
	write_use(c, call, SCRIPT_WANT_DIRECTORY);
	text_write(c, call->params[0]);
	compile_op(c, OP_CALL, 2, FUNC_IS_LOCAL_DOMAIN, &call->node->place);
}

void
test_local_address(struct compile *c, const struct call *call)
{
	write_use(c, call, SCRIPT_WANT_DIRECTORY);
	text_write(c, call->params[0]);
	compile_op(c, OP_CALL, 2, FUNC_IS_LOCAL_ADDRESS, &call->node->place);
}

void
test_dns_query(struct compile *c, const struct call *call)
{
	static const char *const	 types[] = { "A", "AAAA", "MX", "TXT",
	    "PTR", "NS" };
	const struct script_place	*place = &call->params[1]->place;
	size_t				 i, len;
	char				*s;

	if ((s = text_constant(c, call->params[1], &len)) != NULL) {
		for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			if (strcmp(types[i], s) == 0)
				break;
		if (i == sizeof(types) / sizeof(types[0]))
			compile_error(c, place, "no type of a DNS record is "
			    "called '%.16s', expected A, AAAA, MX, TXT, PTR "
			    "or NS", s);
		free(s);
	}
	text_write(c, call->params[0]);
	text_write(c, call->params[1]);
	compile_op(c, OP_CALL, 2, FUNC_DNS_QUERY, place);
	write_result(c, call, 0);
	compile_op(c, OP_TRUTH, 0, 0, place);
}

/* Is it one that never waits, as in the greylist of the configuration? */
static void
write_exempt(struct compile *c, struct jump **exempt,
    const struct script_place *place)
{
	static const char *const	 locals[] = { "postmaster@",
	    "abuse@" };
	size_t				 i;

	compile_op(c, OP_VAR, 0, VAR_AUTHENTICATED_AS, place);
	compile_op(c, OP_NOT, 0, 0, place);
	compile_jump(c, exempt, OP_AND, place);
	/* at MAIL there is no recipient */
	compile_op(c, OP_VAR, 0, VAR_ENVELOPE_TO, place);
	compile_op(c, OP_TRUTH, 0, 0, place);
	compile_jump(c, exempt, OP_AND, place);
	for (i = 0; i < sizeof(locals) / sizeof(locals[0]); i++) {
		compile_op(c, OP_VAR, 0, VAR_ENVELOPE_TO, place);
		compile_op(c, OP_CALL, 1, FUNC_TO_LOWERCASE, place);
		compile_string(c, locals[i], strlen(locals[i]), place);
		compile_op(c, OP_CALL, 2, FUNC_STARTS_WITH, place);
		compile_op(c, OP_NOT, 0, 0, place);
		compile_jump(c, exempt, OP_AND, place);
	}
}

/* The ms of a local as seconds, no part of one being too short. */
static void
write_seconds(struct compile *c, uint32_t local,
    const struct script_place *place)
{
	compile_op(c, OP_LOCAL, 0, local, place);
	compile_number(c, 999, place);
	compile_op(c, OP_ADD, 0, 0, place);
	compile_number(c, 1000, place);
	compile_op(c, OP_DIVIDE, 0, 0, place);
	/* which may have a fraction */
	compile_string(c, ".", 1, place);
	compile_op(c, OP_CALL, 2, FUNC_SPLIT, place);
	compile_number(c, 0, place);
	compile_op(c, OP_INDEX, 0, 0, place);
}

void
test_greylist(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	struct jump			*none = NULL;
	uint32_t			 wait = compile_local(c);

	write_exempt(c, &none, place);
	compile_op(c, OP_VAR, 0, VAR_REMOTE_IP, place);
	compile_op(c, OP_VAR, 0, VAR_ENVELOPE_FROM, place);
	compile_op(c, OP_CALL, 1, FUNC_TO_LOWERCASE, place);
	compile_op(c, OP_VAR, 0, VAR_ENVELOPE_TO, place);
	compile_op(c, OP_CALL, 1, FUNC_TO_LOWERCASE, place);
	compile_op(c, OP_CALL, 3, FUNC_GREYLIST, place);
	compile_op(c, OP_SET, 0, wait, place);
	compile_op(c, OP_LOCAL, 0, wait, place);
	compile_jump(c, &none, OP_AND, place);
	write_seconds(c, wait, place);
	compile_land(c, &none);
	write_result(c, call, -1);
	compile_op(c, OP_TRUTH, 0, 0, place);
}

/*
 * The statement is constant: what strangers have said can be a parameter
 * alone.  The answer is an array: was there a row, or was it carried out,
 * and then the columns of the first row.
 */
void
test_query(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	size_t				 len;
	char				*s;

	if (strcmp(call->command->name, "execute") == 0 &&
	    !CALL_HAS(call, CLASS_QUERY))
		compile_error(c, place, "'execute' runs no programs, "
		    "expected ':query'");
	write_use(c, call, SCRIPT_WANT_SQL);
	if ((s = text_constant(c, call->params[0], &len)) == NULL)
		compile_string(c, "", 0, place);
	else
		compile_string(c, s, len, place);
	free(s);
	if (call->params[1] != NULL)
		text_write_list(c, call->params[1]);
	else
		compile_op(c, OP_ARRAY, 0, 0, place);
	compile_op(c, OP_CALL, 3, FUNC_SQL_ROW, place);
	write_result(c, call, 1);
	compile_number(c, 0, place);
	compile_op(c, OP_INDEX, 0, 0, place);
}

void
action_query(struct compile *c, const struct call *call)
{
	test_query(c, call);
	compile_op(c, OP_POP, 0, 0, &call->node->place);
}

/* The name of a list, the caller's to free; NULL when it was reported. */
static char *
list_name(struct compile *c, const struct arg *a)
{
	size_t	 len;
	char	*s;

	if ((s = text_constant(c, a, &len)) != NULL && strlen(s) != len) {
		compile_error(c, &a->place, "NUL in a name, expected text");
		free(s);
		s = NULL;
	}
	return (s);
}

/* RFC 6134 2.2: in any list of those, by the list's own comparison. */
void
match_lists(struct compile *c, const struct call *call,
    const struct arg *keys)
{
	const struct script_place	*place = &call->node->place;
	const struct arg		*a = keys->kind == ARG_LIST ?
					    keys->items : keys;
	struct jump			*found = NULL;
	uint32_t			 values = compile_local(c);
	char				*name;

	if (CALL_HAS(call, CLASS_COMPARATOR))
		compile_error(c, place, "lists compare as they do, expected "
		    "no ':comparator' with ':list'");
	compile_op(c, OP_SET, 0, values, place);
	for (; a != NULL; a = keys->kind == ARG_LIST ? a->next : NULL) {
		if ((name = list_name(c, a)) == NULL)
			continue;
		c->world->want(c->world->arg, SCRIPT_WANT_LIST, name,
		    &a->place);
		compile_string(c, name, strlen(name), &a->place);
		free(name);
		compile_op(c, OP_LOCAL, 0, values, place);
		compile_op(c, OP_CALL, 2, FUNC_IN_LIST, place);
		compile_jump(c, &found, OP_OR, place);
	}
	compile_number(c, 0, place);
	compile_land(c, &found);
}

/* Which lists there are is known by now. */
void
test_valid_list(struct compile *c, const struct call *call)
{
	const struct arg	*a = call->params[0];
	int			 list = a->kind == ARG_LIST, all = 1;
	char			*name;

	for (a = list ? a->items : a; a != NULL; a = list ? a->next : NULL) {
		name = list_name(c, a);
		all &= name != NULL &&
		    c->world->has_list(c->world->arg, name);
		free(name);
	}
	compile_number(c, all, &call->node->place);
}

/* The key of an id: scripts, and handles in them, have ids of their own. */
static void
write_id(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	const struct unit		*main = c->unit;

	while (main->outer != NULL)
		main = main->outer;
	compile_string(c, "sieve.duplicate.", 16, place);
	compile_string(c, main->source->name, strlen(main->source->name) + 1,
	    place);
	if (call->arg[CLASS_HANDLE] != NULL)
		text_write(c, call->arg[CLASS_HANDLE]);
	else
		compile_string(c, "", 0, place);
	compile_string(c, "", 1, place);	/* a NUL */
	text_write(c, call->arg[CLASS_ID]);
	compile_op(c, OP_JOIN, 4, 0, place);
	compile_string(c, "sha256", 6, place);
	compile_op(c, OP_CALL, 2, FUNC_HASH, place);
	compile_op(c, OP_JOIN, 2, 0, place);
}

/* NULL: it lives for no time at all. */
static struct mark *
duplicate_mark(struct compile *c, const struct call *call)
{
	struct mark	*m;
	int64_t		 time = seconds(call, DUPLICATE_SECONDS);

	if (time == 0)
		return (NULL);
	m = xcalloc(1, sizeof(*m));
	m->key = compile_local(c);
	m->found = compile_local(c);
	m->time = time;
	m->last = CALL_HAS(call, CLASS_LAST);
	m->next = c->marks;
	c->marks = m;
	return (m);
}

/* RFC 7352.  Without an id of its own there is nothing to compare. */
void
test_duplicate(struct compile *c, const struct call *call)
{
	const struct script_place	*place = &call->node->place;
	struct mark			*m;

	c->world->want(c->world->arg, SCRIPT_WANT_STORE, "", place);
	if (!CALL_HAS(call, CLASS_ID) || call->value[CLASS_ID] != 1 ||
	    (m = duplicate_mark(c, call)) == NULL) {
		compile_number(c, 0, place);
		return;
	}
	write_id(c, call);
	compile_op(c, OP_SET, 0, m->key, place);
	compile_string(c, "", 0, place);
	compile_op(c, OP_LOCAL, 0, m->key, place);
	compile_op(c, OP_CALL, 2, FUNC_KEY_EXISTS, place);
	compile_op(c, OP_SET, 0, m->found, place);
	compile_op(c, OP_LOCAL, 0, m->found, place);
}

/* What has to be remembered is, now that all went well: RFC 7352 3.1. */
void
duplicate_end(struct compile *c, const struct script_place *place)
{
	struct mark	*m;
	struct jump	*not = NULL;

	while ((m = c->marks) != NULL) {
		compile_op(c, OP_LOCAL, 0, m->key, place);
		compile_jump(c, &not, OP_UNLESS, place);
		if (!m->last) {
			compile_op(c, OP_LOCAL, 0, m->found, place);
			compile_op(c, OP_NOT, 0, 0, place);
			compile_jump(c, &not, OP_UNLESS, place);
		}
		compile_string(c, "", 0, place);
		compile_op(c, OP_LOCAL, 0, m->key, place);
		compile_string(c, "1", 1, place);
		compile_number(c, m->time, place);
		compile_op(c, OP_CALL, 4, FUNC_KEY_SET, place);
		compile_op(c, OP_POP, 0, 0, place);
		compile_land(c, &not);
		c->marks = m->next;
		free(m);
	}
}
