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
 * Encoding of lists: their names in the slice of policy, their values in
 * messages of their own.
 */

#include <stddef.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_part.h"
#include "smtpd/sieve/list.h"

/* Values of one message, in octets: it has room for one more. */
#define LIST_ROOM	(WIRE_MAX - 2 * LIST_VALUE_MAX)

void
msg_put_lists(struct wbuf *w, const struct policy_conf *c)
{
	uint32_t	 i;

	wbuf_u32(w, c->nlists);
	for (i = 0; i < c->nlists; i++)
		wbuf_str(w, c->lists[i]->name);
}

void
msg_get_lists(struct rbuf *r, struct policy_conf *c)
{
	char		 name[LIST_NAME_MAX + 1];
	uint32_t	 i, n;

	c->nlists = 0;
	c->coming = NULL;
	if ((n = rbuf_u32(r)) > CONF_LISTS_MAX)
		rbuf_fail(r);
	for (i = 0; i < n && !r->bad; i++) {
		rbuf_str(r, name, sizeof(name));
		c->lists[c->nlists] = list_new(name);
		list_end(c->lists[c->nlists++]);
	}
}

void
msg_free_lists(struct policy_conf *c)
{
	uint32_t	 i;

	for (i = 0; i < c->nlists; i++)
		list_free(c->lists[i]);
	list_free(c->coming);
}

int
msg_put_policy_list(struct wbuf *w, const struct policy_conf *c,
    uint32_t index, const char **value)
{
	const struct list	*l = c->lists[index];
	const char		*next;
	size_t			 len;

	wbuf_u32(w, index);
	wbuf_u8(w, *value == NULL);
	next = list_next(l, *value, &len);
	while (next != NULL && w->len < LIST_ROOM) {
		wbuf_u8(w, 1);
		wbuf_data(w, next, len);
		*value = next;
		next = list_next(l, next, &len);
	}
	wbuf_u8(w, 0);
	wbuf_u8(w, next == NULL);
	return (next != NULL);
}

int
msg_get_policy_list(struct rbuf *r, struct policy_conf *c, uint32_t *index)
{
	const char	*value;
	size_t		 len;
	int		 first, last;

	*index = rbuf_u32(r);
	first = rbuf_u8(r, 1);
	if (r->bad || *index >= c->nlists || first != (c->coming == NULL))
		return (-1);
	if (first)
		c->coming = list_new(c->lists[*index]->name);
	while (rbuf_u8(r, 1)) {
		value = rbuf_data(r, &len, LIST_VALUE_MAX);
		if (r->bad || list_add(c->coming, value, len) == -1)
			return (-1);
	}
	last = rbuf_u8(r, 1);
	if (!rbuf_done(r))
		return (-1);
	if (!last)
		return (0);
	list_end(c->coming);
	list_free(c->lists[*index]);
	c->lists[*index] = c->coming;
	c->coming = NULL;
	return (1);
}
