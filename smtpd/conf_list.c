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
 * Lists of values, written in the configuration or in files of their own.
 */

#include <string.h>

#include "smtpd/conf_parse.h"
#include "smtpd/sieve/list.h"

static struct list *
find(const struct conf_parse *p, const char *name)
{
	const struct policy_conf	*c = &p->conf->policy;
	uint32_t			 i;

	for (i = 0; i < c->nlists; i++)
		if (strcmp(c->lists[i]->name, name) == 0)
			return (c->lists[i]);
	return (NULL);
}

/* A new one of that name, or NULL with an error reported. */
static struct list *
begin(struct conf_parse *p, const struct conf_value *name)
{
	struct policy_conf	*c = &p->conf->policy;

	if (!list_is_name(name->text))
		conf_error(p, &name->pos, "'%s' is no name of a list, "
		    "expected up to %d characters without blanks",
		    conf_show(p, name->text), LIST_NAME_MAX);
	else if (find(p, name->text) != NULL)
		conf_error(p, &name->pos, "there is a list '%s' already, "
		    "expected another name", name->text);
	else if (c->nlists == CONF_LISTS_MAX)
		conf_error(p, &name->pos, "too many lists, expected at most "
		    "%d", CONF_LISTS_MAX);
	else
		return (c->lists[c->nlists++] = list_new(name->text));
	return (NULL);
}

static int
add(struct conf_parse *p, struct list *l, const char *value, size_t len,
    const struct conf_pos *pos)
{
	if (list_add(l, value, len) == 0)
		return (0);
	if (len == 0 || len > LIST_VALUE_MAX)
		conf_error(p, pos, "%s value of a list, expected 1 to %d "
		    "octets", len == 0 ? "empty" : "too long", LIST_VALUE_MAX);
	else
		conf_error(p, pos, "too many values of one list, expected at "
		    "most %d, and %d MiB of them", LIST_VALUES_MAX,
		    LIST_OCTETS_MAX / (1024 * 1024));
	return (-1);
}

void
conf_list(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *v)
{
	struct list	*l;

	if ((l = begin(p, name)) == NULL)
		return;
	for (; v != NULL; v = v->next)
		if (add(p, l, v->text, strlen(v->text), &v->pos) == -1)
			break;
	list_end(l);
}

/* A line of a file without the blanks around it. */
static int
add_line(struct conf_parse *p, struct list *l, const char *line, size_t len,
    struct conf_pos *pos)
{
	pos->column = 1;
	while (len > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
		pos->column++;
	}
	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL &&
	    line[len - 1] != '\0')
		len--;
	if (len == 0 || *line == '#')
		return (0);
	if (memchr(line, '\0', len) != NULL) {
		conf_error(p, pos, "NUL in a value of a list, expected text");
		return (-1);
	}
	return (add(p, l, line, len, pos));
}

void
conf_list_file(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *file)
{
	struct conf_text	 t;
	struct list		*l;
	const char		*end, *lf;

	if ((l = begin(p, name)) == NULL)
		return;
	if (conf_file_text(p, file, LIST_FILE_MAX, &t) == 0)
		for (end = t.text + t.len; t.text < end; t.text = lf + 1) {
			lf = memchr(t.text, '\n', (size_t)(end - t.text));
			if (lf == NULL)
				lf = end;
			if (add_line(p, l, t.text, (size_t)(lf - t.text),
			    &t.pos) == -1)
				break;
			t.pos.line++;
		}
	list_end(l);
}

void
conf_want_list(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	const struct policy_conf	*c = &p->conf->policy;
	const struct conf_word		*w = word_find(BLOCK_TOP, "list");

	/* it may be one that was refused */
	if (find(p, name) != NULL || p->incomplete ||
	    (size_t)p->tried[word_index(w)] > c->nlists)
		return;
	conf_error(p, pos, "there is no list '%s', expected %s",
	    conf_show(p, name), c->nlists == 0 ? "a 'list' statement" :
	    c->lists[0]->name);
}
