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
 * The transaction object: made by MAIL, ended by tx_reset alone.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_tx.h"

struct tx *
tx_new(struct session *s, const struct address *sender,
    const struct mail_params *params)
{
	struct tx	*tx;

	if ((tx = calloc(1, sizeof(*tx))) == NULL)
		return (NULL);
	tx->policy = front_policy_generation(s);
	tx->sender = *sender;
	tx->params = *params;
	tx->fd = -1;
	tx->refused = REPLY_NONE;
	TAILQ_INIT(&tx->asked);
	TAILQ_INIT(&tx->rcpts);
	s->tx = tx;
	return (tx);
}

int
tx_close(struct tx *tx)
{
	int	 fd = tx->fd;

	if (fd == -1)
		return (0);
	tx->fd = -1;
	files_give();
	return (close(fd));
}

void
tx_drop(struct tx *tx)
{
	struct wbuf	 w;

	(void)tx_close(tx);	/* nobody will read it */
	if (tx->id != 0 && tx->stage != TX_COMMIT &&
	    tx->queue == front_queue_generation()) {
		wbuf_init(&w);
		msg_put_session_id(&w, tx->id);
		(void)proc_send(PROC_QUEUE, 0, MSG_FRONT_ABORT_NOTE, 0, -1,
		    &w);
	}
	tx->id = 0;
}

void
tx_reset(struct session *s)
{
	struct tx	*tx = s->tx;
	struct tx_rcpt	*r;
	struct rcpt	*asked;

	if (tx == NULL)
		return;
	s->tx = NULL;
	while ((asked = TAILQ_FIRST(&tx->asked)) != NULL)
		front_rcpt_free(tx, asked);
	while ((r = TAILQ_FIRST(&tx->rcpts)) != NULL) {
		TAILQ_REMOVE(&tx->rcpts, r, entry);
		free(r);
	}
	front_data_forget(tx);
	tx_drop(tx);
	if (tx->policy == front_policy_generation(s))
		front_policy_reset(s);
	free(tx->submission);
	free(tx);
}

/* Copy text to *p, which moves on; returns where the copy stands. */
static const char *
pack(char **p, const char *text)
{
	size_t	 size = strlen(text) + 1;
	char	*at = *p;

	memcpy(at, text, size);
	*p += size;
	return (at);
}

struct tx_rcpt *
tx_rcpt_new(const struct rcpt_answer *a, uint8_t notify, const char *orcpt)
{
	struct tx_rcpt	*r;
	char		*p;
	size_t		 size;

	size = strlen(a->stored.local) + strlen(a->stored.domain) +
	    strlen(a->directory) + strlen(a->via) + strlen(a->url) +
	    strlen(orcpt) + 6;
	if ((r = calloc(1, sizeof(*r) + size)) == NULL)
		return (NULL);
	p = (char *)(r + 1);
	r->route = a->route;
	r->notify = notify;
	r->local = pack(&p, a->stored.local);
	r->domain = pack(&p, a->stored.domain);
	r->directory = pack(&p, a->directory);
	r->via = pack(&p, a->via);
	r->url = pack(&p, a->url);
	r->orcpt = pack(&p, orcpt);
	return (r);
}

void
tx_rcpt_add(struct tx *tx, struct tx_rcpt *r, const struct address *given)
{
	if (tx_accepted(tx) == 0)
		tx->given = *given;
	if (r == NULL)
		tx->ndiscarded++;
	else {
		TAILQ_INSERT_TAIL(&tx->rcpts, r, entry);
		tx->nrcpts++;
	}
}

unsigned int
tx_accepted(const struct tx *tx)
{
	return (tx->nrcpts + tx->ndiscarded);
}

unsigned int
tx_asked(const struct tx *tx)
{
	return (tx == NULL ? 0 : tx->nasked);
}
