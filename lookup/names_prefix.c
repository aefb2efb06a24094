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
 * VRFY of a part: a look at the primary addresses that begin like it.
 */

#include <bsd/string.h>

#include <string.h>

#include "lookup/names_prefix.h"
#include "lookup/resolve.h"
#include "lookup/view.h"

#define NAMES_LOOKS	1000		/* at addresses that begin like this */
#define NAMES_BATCH	16		/* of them at a time */

/* Primary addresses that begin so, in their order, behind the last one. */
struct prefix {
	struct view	*view;
	char		 prefix[ADDRESS_LOCAL_MAX + 1];
	char		 last[ADDRESS_STR_SIZE];	/* looked at, or "" */
	char		 keys[NAMES_BATCH][ADDRESS_STR_SIZE];
	size_t		 n;
};

static enum answer
prefix_next(struct prefix *p)
{
	uint8_t		 key[RECORD_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len;
	uint32_t	 unused;

	len = record_key(RECORD_PRIMARY, p->last[0] == '\0' ? p->prefix :
	    p->last, key);
	ans = view_seek(p->view, key, len, &item);
	if (ans == ANSWER_FOUND && p->last[0] != '\0' && item.keylen == len &&
	    memcmp(item.key, key, len) == 0)
		ans = view_next(p->view, &item);
	for (p->n = 0; ans == ANSWER_FOUND && p->n < NAMES_BATCH;
	    ans = view_next(p->view, &item)) {
		if (*(const char *)item.key != RECORD_PRIMARY ||
		    record_key_name(item.key, item.keylen, p->keys[p->n],
		    sizeof(p->keys[0]), &unused) == -1 ||
		    strncmp(p->keys[p->n], p->prefix, strlen(p->prefix)) != 0)
			break;
		(void)strlcpy(p->last, p->keys[p->n++], sizeof(p->last));
	}
	return (ans == ANSWER_TEMPFAIL ? ans : p->n == 0 ? ANSWER_NONE :
	    ANSWER_FOUND);
}

/* Would it be accepted?  Then it is added. */
static enum resolve_status
prefix_look(const struct names_ask *ask, const char *key,
    struct names_answer *ans)
{
	static struct resolve	 r;
	const char		*domain = find_domain_of(key);
	size_t			 len;

	if (domain == NULL)
		return (RESOLVE_NONE);
	len = (size_t)(domain - key) - 1;
	/* the part is of the local part, not of the whole address */
	if (len > ADDRESS_LOCAL_MAX || len < strlen(ask->ask.rcpt.local))
		return (RESOLVE_NONE);
	memset(&r, 0, sizeof(r));
	(void)strlcpy(r.ask.directory, ask->ask.directory,
	    sizeof(r.ask.directory));
	memcpy(r.ask.rcpt.local, key, len);
	(void)strlcpy(r.ask.rcpt.domain, domain, sizeof(r.ask.rcpt.domain));
	resolve_now(&r);
	if (NAMES_SHOWN & WALK_KEEP(r.ans.status))
		(void)strlcpy(ans->names[ans->n++], r.ans.primary,
		    sizeof(ans->names[0]));
	resolve_free(&r);
	return (r.ans.status);
}

void
names_prefix(struct view *v, const struct names_ask *ask,
    struct names_answer *ans)
{
	static struct prefix	 p;
	enum answer		 more = ANSWER_FOUND;
	size_t			 i, looks = 0;

	memset(ans, 0, sizeof(*ans));
	memset(&p, 0, sizeof(p));
	p.view = v;
	(void)strlcpy(p.prefix, ask->ask.rcpt.local, sizeof(p.prefix));
	address_fold_local(p.prefix);
	ans->status = RESOLVE_NONE;
	while (p.prefix[0] != '\0' && ans->n < ask->max &&
	    looks < NAMES_LOOKS && (more = prefix_next(&p)) == ANSWER_FOUND)
		for (i = 0; i < p.n && ans->n < ask->max; i++, looks++)
			if (prefix_look(ask, p.keys[i], ans) ==
			    RESOLVE_TEMPFAIL)
				goto fail;
	if (more == ANSWER_TEMPFAIL)
		goto fail;
	if (ans->n != 0)
		ans->status = RESOLVE_FOUND;
	ans->more = looks >= NAMES_LOOKS;
	return;

fail:
	ans->status = RESOLVE_TEMPFAIL;
	ans->n = 0;
}
