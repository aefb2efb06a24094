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
 * Macros: those of the file and those of the command line.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/conf_parse.h"

struct conf_macro {
	struct conf_macro	*next;
	const char		*name;
	const char		*text;
	struct conf_pos		 pos;	/* no line: the command line */
	int			 used;
};

/* Of the command line, for the life of the process, last one first. */
static struct conf_macro	*defines;

/* May this be the name of a macro?  What lex_macro would read. */
static int
macro_name(const char *name)
{
	const char	*p;

	if (!isalpha((unsigned char)name[0]))
		return (0);
	for (p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return (0);
	return (1);
}

int
conf_define(const char *text)
{
	struct conf_macro	*m;
	const char		*equals;
	char			*name;

	if ((equals = strchr(text, '=')) == NULL ||
	    strlen(equals + 1) > CONF_STRING_MAX)
		return (-1);
	name = xstrndup(text, (size_t)(equals - text));
	if (!macro_name(name) || strlen(name) > CONF_STRING_MAX) {
		free(name);
		return (-1);
	}
	m = xcalloc(1, sizeof(*m));
	m->name = name;
	m->text = xstrdup(equals + 1);
	m->next = defines;
	defines = m;
	return (0);
}

void
macro_begin(struct conf_parse *p)
{
	p->macros = defines;
}

static struct conf_macro *
macro_get(const struct conf_parse *p, const char *name)
{
	struct conf_macro	*m;

	for (m = p->macros; m != NULL; m = m->next)
		if (strcmp(m->name, name) == 0)
			break;
	return (m);
}

const char *
macro_find(const struct conf_parse *p, const char *name)
{
	struct conf_macro	*m = macro_get(p, name);

	if (m == NULL)
		return (NULL);
	m->used = 1;
	return (m->text);
}

void
macro_end(const struct conf_parse *p)
{
	const struct conf_macro	*m;

	for (m = p->macros; m != NULL; m = m->next)
		if (!m->used && m->pos.line != 0)
			log_warnx("%s:%d:%d: warning: macro '%s' is not used",
			    m->pos.file, m->pos.line, m->pos.column, m->name);
}

void
macro_set(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *value)
{
	const struct conf_macro	*old;
	struct conf_macro	*m;

	if (!macro_name(name->text)) {
		conf_error(p, &name->pos, "'%s' is not a name for a macro, "
		    "expected a letter, then letters, digits and '_'",
		    conf_show(p, name->text));
		return;
	}
	if ((old = macro_get(p, name->text)) != NULL && old->pos.line == 0)
		return;		/* the command line wins */
	if (old != NULL) {
		conf_error(p, &name->pos, "macro '%s' was defined before, at "
		    "%s:%d:%d, expected once", old->name, old->pos.file,
		    old->pos.line, old->pos.column);
		return;
	}
	if (p->nmacros++ == CONF_MACROS_MAX) {
		conf_error(p, &name->pos, "too many macros, expected at most "
		    "%d", CONF_MACROS_MAX);
		return;
	}
	m = conf_keep(p, sizeof(*m));
	m->name = name->text;
	m->text = value->text;
	m->pos = name->pos;
	m->next = p->macros;
	p->macros = m;
}
