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
 * What the played processes around the queue know, and the part of relay.
 */

#ifndef QUEUE_ONWARD_H
#define QUEUE_ONWARD_H

#include <bsd/string.h>

#include "regress/unit/queue_box.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_list.h"
#include "smtpd/queue/queue_notice.h"
#include "smtpd/queue/queue_run.h"
#include "smtpd/queue/queue_tx.h"

#define WALL_ASKS	1024
#define WALL_DROPS	40000

struct wall_ask {
	enum proc_id	 to;
	unsigned int	 inst;
	uint32_t	 type;
	uint64_t	 id;
	int		 fd;
	size_t		 len;
	uint8_t		*body;
};

static struct {
	struct wall_ask	 asks[WALL_ASKS];	/* said by the queue */
	size_t		 nasks;
	int		 hold;			/* leave them there */
	int		 hang;			/* those to relay */
	int		 down[PROC_COUNT];
	uint64_t	 skew;			/* ms the clock is ahead */
	unsigned int	 expands, counted;	/* questions to lookup */
	unsigned int	 shrink;		/* members that have left */
	int		 temp_at;		/* batches from that item on:
						   later; -1: none */
	int		 full;			/* mailboxes 3 and 7 are */
	struct {
		char	 account[64];
		uint64_t id;
	} drops[WALL_DROPS];			/* what mailboxes got */
	size_t		 ndrops;
	unsigned int	 bad;			/* texts that were not right */
	unsigned int	 notices;		/* that senders got, the */
	char		 notice[64 * 1024];	/* latest */
	char		 owner[64];		/* of lists */
	unsigned int	 jobs, relayed;		/* of the relay process */
	char		 sender[ADDRESS_STR_SIZE]; /* of the latest */
	uint8_t		 notify, dsn, ask_notify; /* of it, the server's,
						     for wall_mail */
	int		 unreachable;		/* all servers are */
	struct queue_conf conf;
	struct spool	*spool;
} wall = { .temp_at = -1 };

/* A notice came to the sender. */
static inline void
wall_notice(const struct deliver_ask *ask, int fd)
{
	size_t	 len = ask->length < sizeof(wall.notice) - 1 ?
	    (size_t)ask->length : sizeof(wall.notice) - 1;

	if (pread(fd, wall.notice, len, (off_t)ask->offset) != (ssize_t)len)
		wall.bad++;
	wall.notice[len] = '\0';
	wall.notices++;
}

/* "gone..." never gets it, "later..." not yet; the others do. */
static inline void
wall_relay(const struct wall_ask *q, struct wbuf *w)
{
	struct relay_answer	 a;
	struct relay_result	*p;
	struct relay_ask	 ask;
	struct rbuf		 r;
	uint32_t		 i;

	memset(&a, 0, sizeof(a));
	rbuf_init(&r, q->body, q->len);
	if (msg_get_relay_ask(&r, &ask) == -1 || q->fd == -1)
		abort();
	wall.jobs++;
	(void)address_format(&ask.sender, wall.sender, sizeof(wall.sender));
	wall.notify = ask.rcpts[0].notify;
	a.nrcpts = ask.nrcpts;
	a.down = (uint8_t)wall.unreachable;
	a.dsn = wall.dsn;
	(void)strlcpy(a.mta, "mx.test", sizeof(a.mta));
	p = a.results = calloc(a.nrcpts, sizeof(*p));
	for (i = 0; i < a.nrcpts; i++, p++) {
		const char	*name = ask.rcpts[i].rcpt.local;

		p->code = 250;
		if (wall.unreachable || strncmp(name, "later", 5) == 0) {
			p->outcome = RELAY_LATER;
			p->code = wall.unreachable ? 0 : 450;
			(void)strlcpy(p->text, "not now", sizeof(p->text));
		} else if (strncmp(name, "gone", 4) == 0) {
			p->outcome = RELAY_NEVER;
			p->code = 550;
			(void)strlcpy(p->enhanced, "5.1.1",
			    sizeof(p->enhanced));
			(void)strlcpy(p->text, "gone", sizeof(p->text));
		} else {
			wall.relayed++;
			(void)strlcpy(wall.drops[wall.ndrops].account, name,
			    sizeof(wall.drops[0].account));
			wall.drops[wall.ndrops++].id = ask.id;
		}
	}
	msg_put_relay_answer(w, &a);
	free(a.results);
	free(ask.rcpts);
}

#endif
