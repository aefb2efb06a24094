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
 * Settings: each at most once, and what holds where the file is silent.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/conf_parse.h"

int
conf_once(struct conf_parse *p, const struct conf_word *w,
    const struct conf_pos *pos)
{
	struct conf_pos	*seen = &p->seen[word_index(w)];

	if (seen->line != 0) {
		conf_error(p, pos, "'%s' was set before, at %s:%d:%d, "
		    "expected once", w->name, seen->file, seen->line,
		    seen->column);
		return (-1);
	}
	*seen = *pos;
	return (0);
}

void
conf_set(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	if (conf_once(p, w, &v->pos) == 0)
		(void)type_set(p, w, v);	/* reported */
}

void
conf_set_rules(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	if (conf_once(p, w, &v->pos) == -1)
		return;
	free(s->string);		/* of the default */
	*s = p->rules;
	memset(&p->rules, 0, sizeof(p->rules));
}

void
conf_set_list(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	if (w->type != TYPE_RETRIES && w->type != TYPE_NETWORKS &&
	    w->type != TYPE_EXEMPT)
		conf_error(p, &v->pos, "unexpected list, expected %s",
		    w->form);
	else if (conf_once(p, w, &v->pos) == 0)
		(void)type_set(p, w, v);	/* reported */
}

/* The words of text as a list of values. */
static struct conf_value *
default_values(struct conf_parse *p, const char *text)
{
	struct conf_value	*first = NULL, **last = &first;
	size_t			 len;

	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		*last = conf_keep(p, sizeof(**last));
		(*last)->text = conf_keep_text(p, text, len);
		last = &(*last)->next;
	}
	return (first);
}

void
conf_defaults(struct conf_parse *p)
{
	const struct conf_word	*w;
	size_t			 i;

	for (i = 0; (w = word_at(i)) != NULL; i++)
		if (w->def != NULL)
			(void)type_set(p, w, default_values(p, w->def));
}
