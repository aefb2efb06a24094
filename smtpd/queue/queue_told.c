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
 * From states to notices and back: a recipient whose notice is durable is
 * done.
 */

#include <bsd/string.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/keyset.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_notice.h"
#include "smtpd/queue/queue_told.h"
#include "smtpd/queue/spool.h"

struct member {
	char	*key;
	char	*address;
	char	*reason;
};

/* Which recipients a notice under way is about. */
struct told {
	struct message	*m;
	uint32_t	 n;
	uint32_t	 at[NOTICE_RCPTS_MAX];
};

/* A notice about members. */
struct telling {
	struct members	*members;
	struct message	*m;
	uint32_t	 i;
	void		(*done)(void *, int);
	void		*arg;
};

static struct spool	*spool;
static void		(*settle)(struct message *);

void
queue_told_init(struct spool *sp, void (*cb)(struct message *))
{
	spool = sp;
	settle = cb;
}

/* Is the sender to hear of that recipient now, and what? */
static int
told_kind(const struct rcpt *rc, enum report_kind *kind)
{
	switch (rc->state) {
	case RCPT_FAILED:
		*kind = REPORT_FAILED;
		return (1);
	case RCPT_DELIVERED:
		*kind = REPORT_DELIVERED;
		return (1);
	case RCPT_RELAYED:
		*kind = REPORT_RELAYED;
		return (1);
	case RCPT_EXPANDED:
		*kind = REPORT_EXPANDED;
		return (1);
	default:
		*kind = REPORT_DELAYED;
		return (rc->state == RCPT_WAIT && rc->late);
	}
}

int
queue_told_due(const struct message *m)
{
	enum report_kind	 kind;
	uint32_t		 i;

	if (m->ntell != 0)
		return (1);
	for (i = 0; i < m->nrcpts && m->flags & MESSAGE_LATE; i++)
		if (told_kind(&m->rcpts[i], &kind))
			return (1);
	return (0);
}

/* Once told, that is the end of it, but for a delay. */
static void
told_rcpt(struct message *m, uint32_t i)
{
	struct rcpt	*rc = &m->rcpts[i];

	if (rc->state == RCPT_WAIT) {
		rc->late = 0;
		rc->told = 1;
		spool_note_state(spool, m, i);
	} else if (rc->state != RCPT_DONE) {
		message_set(m, i, RCPT_DONE, NULL);
		if (m->nopen != 0 || m->ntell != 0)
			spool_note_done(spool, m, i, "");
	}
}

static void
told_done(void *arg, int ok)
{
	struct told	*t = arg;
	struct message	*m = t->m;
	uint32_t	 k;

	for (k = 0; k < t->n && ok; k++)
		told_rcpt(m, t->at[k]);
	m->tell = ok ? 0 : clock_mono() + TOLD_PAUSE;
	m->nactive--;
	free(t);
	settle(m);
}

void
queue_told_begin(struct message *m)
{
	struct notice_rcpt	*list;
	struct envelope_note	 note;
	struct envelope		 e;
	struct told		*t = xcalloc(1, sizeof(*t));
	uint32_t		 i;

	list = xcalloc(NOTICE_RCPTS_MAX, sizeof(*list));
	t->m = m;
	m->flags &= ~(unsigned int)MESSAGE_LATE;
	for (i = 0; i < m->nrcpts && t->n < NOTICE_RCPTS_MAX; i++) {
		if (!told_kind(&m->rcpts[i], &list[t->n].kind))
			continue;
		message_rcpt(m, i, &note);
		list[t->n].final = note.rcpt;
		memcpy(list[t->n].orcpt, note.orcpt, sizeof(note.orcpt));
		(void)strlcpy(list[t->n].reason, m->rcpts[i].text == NULL ?
		    "" : m->rcpts[i].text, sizeof(list[t->n].reason));
		t->at[t->n++] = i;
	}
	message_envelope(m, &e);
	m->nactive++;
	queue_notice(m, &e.sender, list, t->n, told_done, t);
	free(list);
}

int
members_add(struct members *ms, const char *key, const char *address,
    const char *reason)
{
	struct member	*p;

	if (ms->n == MEMBERS_MAX)
		return (-1);
	if (ms->n == ms->size) {
		ms->size = ms->size * 2 + 8;
		ms->list = xreallocarray(ms->list, ms->size,
		    sizeof(*ms->list));
	}
	p = &ms->list[ms->n++];
	p->key = xstrdup(key);
	p->address = xstrdup(address);
	p->reason = xstrdup(reason);
	return (0);
}

void
members_free(struct members *ms)
{
	uint32_t	 k;

	for (k = 0; k < ms->n; k++) {
		free(ms->list[k].key);
		free(ms->list[k].address);
		free(ms->list[k].reason);
	}
	free(ms->list);
	memset(ms, 0, sizeof(*ms));
}

/* They need not be tried again. */
static void
members_done(void *arg, int ok)
{
	struct telling	*t = arg;
	struct rcpt	*rc = &t->m->rcpts[t->i];
	uint32_t	 k;

	if (ok && rc->had == NULL)
		rc->had = keyset_new();
	for (k = 0; k < t->members->n && ok; k++) {
		(void)keyset_add(rc->had,
		    t->members->list[k].key);
		spool_note_done(spool, t->m, t->i, t->members->list[k].key);
	}
	t->done(t->arg, ok);
	free(t);
}

void
members_tell(struct members *ms, struct message *m, uint32_t i,
    const char *owner, void (*done)(void *, int), void *arg)
{
	struct notice_rcpt	*list;
	struct envelope_note	 note;
	struct envelope		 e;
	struct telling		*t = xcalloc(1, sizeof(*t));
	uint32_t		 k;

	t->members = ms;
	t->m = m;
	t->i = i;
	t->done = done;
	t->arg = arg;
	message_envelope(m, &e);
	message_rcpt(m, i, &note);
	if (owner[0] != '\0' && address_parse(owner, strlen(owner),
	    ADDRESS_UTF8_OK, &e.sender) == ADDRESS_OK)
		note.notify = 0;
	if (!queue_notice_wanted(&e, note.notify, REPORT_FAILED)) {
		members_done(t, 1);
		return;
	}
	list = xcalloc(ms->n, sizeof(*list));
	for (k = 0; k < ms->n; k++) {
		/* what the list leads to is for its owner's eyes */
		if (owner[0] == '\0' || address_parse(ms->list[k].address,
		    strlen(ms->list[k].address), ADDRESS_UTF8_OK,
		    &list[k].final) != ADDRESS_OK)
			list[k].final = note.rcpt;
		if (owner[0] == '\0')
			memcpy(list[k].orcpt, note.orcpt, sizeof(note.orcpt));
		list[k].kind = REPORT_FAILED;
		(void)strlcpy(list[k].reason, ms->list[k].reason,
		    sizeof(list[k].reason));
	}
	queue_notice(m, &e.sender, list, ms->n, members_done, t);
	free(list);
}
