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
 * Scripts: kept while the files are read, compiled when all of them are
 * there.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/code/run.h"
#include "smtpd/conf_expr.h"
#include "smtpd/conf_parse.h"
#include "smtpd/conf_sieve.h"
#include "smtpd/script/script.h"
#include "smtpd/sieve/list.h"

/* Of a run of a script, where nothing else is said. */
#define SIEVE_MEMORY	(4 * 1024 * 1024)

#define STEPS_MAX	10000000
#define MEMORY_MIN	(64 * 1024)
#define MEMORY_MAX	(64 * 1024 * 1024)
#define ASKS_MAX	1000
#define WAIT_MIN	100

struct conf_script {
	struct conf_script	*next;
	struct script_source	 source;
	struct conf_pos		 pos;		/* of its name */
	uint8_t			 accept;
	struct run_budget	 budget;
	const char		*path;		/* or NULL */
};

static void
limit_error(struct conf_parse *p, const struct conf_option *o,
    const char *expected)
{
	conf_error(p, &o->value->pos, "unexpected '%s' behind '%s', expected "
	    "%s", conf_show(p, o->value->text), o->word, expected);
}

static void
limit_number(struct conf_parse *p, const struct conf_option *o, int64_t min,
    int64_t max, int (*read)(const char *, int64_t *), uint32_t *n,
    const char *expected)
{
	int64_t	 value;

	if (o->value->quoted || read(o->value->text, &value) == -1 ||
	    value < min || value > max)
		limit_error(p, o, expected);
	else
		*n = (uint32_t)value;
}

/* One option; each stands there at most once. */
static void
limit_set(struct conf_parse *p, const struct conf_option *o,
    struct conf_script *s)
{
	switch (o->what) {
	case CONF_STEPS:
		limit_number(p, o, 100, STEPS_MAX, value_number,
		    &s->budget.steps, "a number from 100 to 10000000");
		break;
	case CONF_MEMORY:
		limit_number(p, o, MEMORY_MIN, MEMORY_MAX, value_size,
		    &s->budget.memory, "a size from 64K to 64M");
		break;
	case CONF_LOOK_UPS:
		limit_number(p, o, 0, ASKS_MAX, value_number,
		    &s->budget.asks, "a number from 0 to 1000");
		break;
	case CONF_WAIT:
		limit_number(p, o, WAIT_MIN, RUN_WAIT, value_duration,
		    &s->budget.wait, "a duration from 100ms to 15s");
		break;
	default:
		s->accept = strcmp(o->value->text, "accept") == 0;
		if (!s->accept && strcmp(o->value->text, "defer") != 0)
			limit_error(p, o, "accept or defer");
		break;
	}
}

static void
limits(struct conf_parse *p, const struct conf_option *first,
    struct conf_script *s)
{
	const struct conf_option	*o, *other;

	for (o = first; o != NULL; o = o->next) {
		for (other = first; other != o && other->what != o->what;
		    other = other->next)
			;
		if (other != o)
			conf_error(p, &o->pos, "'%s' stands there before, "
			    "expected once", o->word);
		else
			limit_set(p, o, s);
	}
}

/* Where the text begins, behind its quotes. */
static void
source_text(struct conf_parse *p, struct conf_script *s,
    const struct conf_value *v)
{
	s->source.text = v->text;
	s->source.len = strlen(v->text);
	s->source.start.file = v->pos.file;
	s->source.start.line = v->pos.line;
	s->source.start.column = v->pos.column + v->quoted;
}

static int
source_file(struct conf_parse *p, struct conf_script *s,
    const struct conf_value *v)
{
	struct conf_text	 t;

	if (conf_file_text(p, v, SCRIPT_SIZE_MAX, &t) == -1)
		return (-1);
	s->source.text = t.text;
	s->source.len = t.len;
	s->source.start.file = t.pos.file;
	s->source.start.line = t.pos.line;
	s->source.start.column = t.pos.column;
	s->path = v->text;
	return (0);
}

void
conf_sieve(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *text, const struct conf_value *file,
    const struct conf_option *options)
{
	struct conf_script	*s, **last = &p->scripts;
	unsigned int		 n = 0;

	if (conf_name(p, name, POLICY_SCRIPT_MAX) == -1)
		return;
	for (; (s = *last) != NULL; last = &s->next, n++)
		if (strcmp(s->source.name, name->text) == 0) {
			conf_error(p, &name->pos, "there is a script '%s' "
			    "already, expected another name", name->text);
			return;
		}
	if (n == POLICY_SCRIPTS_MAX) {
		conf_error(p, &name->pos, "too many scripts, expected at "
		    "most %d", POLICY_SCRIPTS_MAX);
		return;
	}
	s = conf_keep(p, sizeof(*s));
	s->source.name = name->text;
	s->pos = name->pos;
	s->budget.steps = RUN_STEPS;
	s->budget.memory = SIEVE_MEMORY;
	s->budget.asks = RUN_ASKS;
	s->budget.wait = RUN_WAIT;
	/* an empty one in its place: others may name it */
	s->source.text = "";
	s->source.start.file = name->pos.file;
	if (text != NULL)
		source_text(p, s, text);
	else
		(void)source_file(p, s, file);		/* reported */
	limits(p, options, s);
	*last = s;
}

static const struct script_source *
find(void *arg, const char *name)
{
	const struct conf_parse		*p = arg;
	const struct conf_script	*s;

	for (s = p->scripts; s != NULL; s = s->next)
		if (strcmp(s->source.name, name) == 0)
			return (&s->source);
	return (NULL);
}

void
conf_want_script(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	const struct conf_word	*w = word_find(BLOCK_TOP, "sieve");
	const struct conf_script *s;
	int			 n = 0;

	for (s = p->scripts; s != NULL; s = s->next)
		n++;
	/* it may be one that was refused */
	if (p->incomplete || p->tried[word_index(w)] > n ||
	    find(p, name) != NULL)
		return;
	conf_error(p, pos, "there is no script '%s', expected %s",
	    conf_show(p, name), n == 0 ? "a 'sieve' statement" :
	    p->scripts->source.name);
}

int
conf_sieve_type(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = &p->conf->policy.settings[word_setting(w)];

	if (type_is_flag(v, s) && s->number == 0)
		return (0);
	if (conf_name(p, v, POLICY_SCRIPT_MAX) == -1)
		return (-1);
	conf_refer(p, conf_want_script, v->text, &v->pos);
	s->kind = SETTING_STRING;
	xstrset(&s->string, v->text);
	return (0);
}

/* What a script looks things up in. */
static void
want(void *arg, enum script_want what, const char *name,
    const struct script_place *place)
{
	static const conf_checker	 checkers[] = {
		[SCRIPT_WANT_STORE]	= conf_want_store,
		[SCRIPT_WANT_SQL]	= conf_want_sql,
		[SCRIPT_WANT_DIRECTORY]	= conf_want_directory,
		[SCRIPT_WANT_LIST]	= conf_want_list,
	};
	struct conf_pos			 pos = { .file = place->file,
					    .line = place->line,
					    .column = place->column };

	checkers[what](arg, name, &pos);
}

static int
has_list(void *arg, const char *name)
{
	const struct conf_parse		*p = arg;
	const struct policy_conf	*c = &p->conf->policy;
	uint32_t			 i;

	for (i = 0; i < c->nlists; i++)
		if (strcmp(c->lists[i]->name, name) == 0)
			return (1);
	return (0);
}

static void
report(void *arg, const struct script_place *place, const char *what)
{
	struct conf_parse	*p = arg;
	struct conf_pos		 pos = { .file = place->file,
				    .line = place->line,
				    .column = place->column };

	conf_error(p, &pos, "%s", what);
}

/* It has to fit into a message with all that goes with it. */
static int
fits(const struct policy_conf *c, uint32_t i)
{
	struct wbuf	 w;
	int		 bad;

	wbuf_init(&w);
	msg_put_policy_script(&w, c, i);
	bad = w.bad;
	wbuf_free(&w);
	return (!bad);
}

static void
compile(struct conf_parse *p, const struct conf_script *s,
    const struct script_world *world)
{
	struct policy_conf	*c = &p->conf->policy;
	struct policy_script	*ps;
	struct code		*code;

	if ((code = script_compile(&s->source, world)) == NULL)
		return;
	c->scripts = xreallocarray(c->scripts, c->nscripts + 1,
	    sizeof(*c->scripts));
	ps = c->scripts[c->nscripts] = xcalloc(1, sizeof(*ps));
	(void)strlcpy(ps->name, s->source.name, sizeof(ps->name));
	ps->accept = s->accept;
	ps->budget = s->budget;
	ps->code = code;
	if (s->path != NULL)
		ps->path = xstrdup(s->path);
	c->nscripts++;
	if (!fits(c, c->nscripts - 1))
		conf_error(p, &s->pos, "program of '%s' too large, expected a "
		    "shorter script", s->source.name);
}

static int
by_name(const void *a, const void *b)
{
	const struct policy_script *const	*x = a, *const *y = b;

	return (strcmp((*x)->name, (*y)->name));
}

void
conf_sieve_check(struct conf_parse *p)
{
	const struct script_world	 world = {
		.delims = p->conf->policy.delims, .arg = p,
		.report = report, .find = find, .want = want,
		.has_list = has_list, .expression = conf_eval
	};
	const struct conf_script	*s;
	struct policy_conf		*c = &p->conf->policy;

	for (s = p->scripts; s != NULL; s = s->next)
		compile(p, s, &world);
	if (c->nscripts > 0)
		qsort(c->scripts, c->nscripts, sizeof(*c->scripts), by_name);
}
