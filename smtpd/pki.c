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
 * Certificates go to the fronts, keys to the keys process alone; the
 * parent has both, so that either can be started again.
 */

#include <bsd/stdlib.h>

#include <event.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_keys.h"
#include "smtpd/parent.h"

#define PKI_TICKETS	3600000	/* ms between two secrets of tickets */
#define PKI_KEYS_WAIT	5000	/* ms for keys to have read its keys */
#define PKI_WARN	14	/* days before a certificate ends */

static struct pki_conf		 pkis[CONF_PKIS_MAX];
static size_t			 npkis;
static struct tickets_note	 tickets;
static struct event		 ev_tickets;

static void
pki_warn(const struct pki_conf *p)
{
	time_t	 now = clock_wall();

	if (p->expires <= now)
		log_warnx("pki %s: the certificate has expired", p->name);
	else if (p->expires - now < (time_t)PKI_WARN * 86400)
		log_warnx("pki %s: the certificate expires in %lld days",
		    p->name, (long long)(p->expires - now) / 86400);
}

static void
pki_send(enum proc_id id, unsigned int inst, size_t i)
{
	struct pem_note	 note;
	struct wbuf	 w;

	memset(&note, 0, sizeof(note));
	note.index = (uint16_t)i;
	note.count = (uint16_t)npkis;
	memcpy(note.name, pkis[i].name, sizeof(note.name));
	memcpy(note.id, pkis[i].id, sizeof(note.id));
	note.pem = id == PROC_KEYS ? pkis[i].key_pem : pkis[i].cert_pem;
	wbuf_init(&w);
	msg_put_pem(&w, &note);
	(void)proc_send(id, inst, id == PROC_KEYS ? MSG_PARENT_KEY_NOTE :
	    MSG_PARENT_CERT_NOTE, 0, -1, &w);
}

static void
pki_send_tickets(unsigned int inst)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_tickets(&w, &tickets);
	(void)proc_send(PROC_FRONT, inst, MSG_PARENT_TICKETS_NOTE, 0, -1, &w);
}

void
pki_give(enum proc_id id, unsigned int inst)
{
	size_t	 i;

	if (id != PROC_FRONT && id != PROC_KEYS)
		return;
	for (i = 0; i < npkis; i++)
		pki_send(id, inst, i);
	if (id == PROC_FRONT)
		pki_send_tickets(inst);
}

static void
tickets_change(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(PKI_TICKETS);
	unsigned int	 i;

	tickets.keys[1] = tickets.keys[0];
	arc4random_buf(&tickets.keys[0], sizeof(tickets.keys[0]));
	for (i = 0; i < PROC_INST_MAX; i++)
		if (proc_peer_up(PROC_FRONT, i))
			pki_send_tickets(i);
	evtimer_add(&ev_tickets, &tv);
}

static void
pki_take(struct pki_conf *from, struct pki_conf *to)
{
	*to = *from;
	from->cert_pem = from->key_pem = NULL;
	pki_warn(to);
}

void
pki_init(struct conf *conf)
{
	size_t	 i;

	npkis = conf->npkis;
	for (i = 0; i < npkis; i++)
		pki_take(&conf->pkis[i], &pkis[i]);
	arc4random_buf(&tickets, sizeof(tickets));
	evtimer_set(&ev_tickets, tickets_change, NULL);
	tickets_change(-1, 0, NULL);
}

/* keys knows its new keys, or will when it has been started again. */
static int
pki_keys_ready(void *arg, struct proc_msg *m)
{
	unsigned int	 i;
	size_t		 n;

	for (i = 0; i < PROC_INST_MAX; i++)
		for (n = 0; n < npkis && proc_peer_up(PROC_FRONT, i); n++)
			pki_send(PROC_FRONT, i, n);
	log_info("reload: certificates read");
	return (0);
}

void
pki_replace(struct conf *new)
{
	size_t	 i;

	if (npkis == 0 || new->pkis[0].cert_pem == NULL)
		return;
	for (i = 0; i < npkis; i++) {
		conf_pki_free(&pkis[i]);
		pki_take(&new->pkis[i], &pkis[i]);
	}
	pki_give(PROC_KEYS, 0);
	/* its answer to this comes when it has read what came before it */
	(void)pending_ask(PROC_KEYS, 0, MSG_PARENT_ALIVE_ASK, -1, NULL,
	    PKI_KEYS_WAIT, pki_keys_ready, NULL);
}
