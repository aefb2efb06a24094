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
 * DATA, RFC 5321 4.1.1.4: the text goes into a file of queue's, and 250 is
 * said when queue has made it last.
 */

#include <sys/types.h>
#include <sys/uio.h>
#include <bsd/string.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tls.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/submission.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/smtp/header.h"
#include "smtpd/smtp/line.h"

/* Outlives the session, so that queue's file can be given back. */
struct opening {
	struct session	*session;	/* NULL: it is gone */
};

/* A final reply that stores nothing. */
static void
data_fail(struct session *s, enum reply reply)
{
	const struct reply_entry	*e = reply_get(reply);
	char				 client[IP_STR_SIZE];

	if (session_may_log(s))
		log_info("session=%016llx event=data client=%s "
		    "reply=\"%u %s\"", (unsigned long long)s->id,
		    ip_format(&s->remote, client, sizeof(client)), e->code,
		    e->enhanced);
	session_reply(s, reply, NULL);
	tx_reset(s);
}

/* The text is read on to its end, and the reply says why it was not kept. */
static void
data_refuse(struct tx *tx, enum reply reply)
{
	tx->refused = reply;
	tx_drop(tx);
}

static enum reply
status_reply(enum tx_status status)
{
	return (status == TX_FULL ? REPLY_SPOOL_FULL : REPLY_TEMPFAIL);
}

/*
 * RFC 2920 3.1: DATA ends a group, and the text comes when 354 has been
 * read.  What is here already was meant to be taken for something else.
 */
static void
data_begin(struct session *s)
{
	struct tx	*tx = s->tx;

	if (session_early(s) > 0) {
		session_finish(s, REPLY_SYNC);
		return;
	}
	if (s->listener->submission && tx->nrcpts > 0 &&
	    (tx->submission = submission_new()) == NULL) {
		data_fail(s, REPLY_TEMPFAIL);
		return;
	}
	tx->stage = TX_TEXT;
	dot_reader_init(&tx->dot);
	hops_init(&tx->hops);
	if (tx->nrcpts == 0)
		tx_drop(tx);
	session_reply(s, REPLY_DATA, NULL);
}

static int
data_opened(void *arg, struct proc_msg *m)
{
	struct opening		*o = arg;
	struct session		*s = o->session;
	struct data_answer	 a = { .status = TX_TEMPFAIL };
	struct tx		 left;

	free(o);
	if (s != NULL) {
		s->tx->opening = NULL;
		s->asking = VERB_NONE;
		session_queue(s);
	}
	if (m != NULL && (msg_get_data_answer(&m->body, &a) == -1 ||
	    (a.status == TX_OK) != (m->fd != -1)))
		return (-1);
	if (s == NULL || a.status != TX_OK)
		files_give();
	if (s == NULL && a.status == TX_OK) {
		memset(&left, 0, sizeof(left));
		left.fd = -1;
		left.id = a.id;
		left.queue = front_queue_generation();
		tx_drop(&left);
	}
	if (s == NULL)
		return (0);
	if (a.status != TX_OK) {
		data_fail(s, status_reply(a.status));
		return (0);
	}
	s->tx->id = s->tx->number = a.id;
	s->tx->fd = m->fd;
	m->fd = -1;
	s->tx->queue = front_queue_generation();
	data_begin(s);
	return (0);
}

enum reply
front_data(struct session *s, const char *arg, size_t len)
{
	struct opening	*o;
	struct wbuf	 w;

	if (s->tx == NULL)
		return (REPLY_BAD_SEQUENCE);
	if (tx_accepted(s->tx) == 0)
		return (REPLY_NO_VALID_RCPT);
	if (files_take(FILES_TEXT) == -1) {
		log_warnx("session=%016llx event=data reason=\"no descriptors "
		    "left\"", (unsigned long long)s->id);
		data_fail(s, REPLY_TEMPFAIL);
		return (REPLY_NONE);
	}
	if ((o = calloc(1, sizeof(*o))) == NULL) {
		files_give();
		data_fail(s, REPLY_TEMPFAIL);
		return (REPLY_NONE);
	}
	o->session = s;
	s->tx->opening = o;
	s->asking = VERB_DATA;
	wbuf_init(&w);
	msg_put_session_id(&w, s->id);
	(void)pending_ask(PROC_QUEUE, 0, MSG_FRONT_DATA_ASK, -1, &w,
	    PENDING_FRONT, data_opened, o);
	return (REPLY_NONE);
}

void
front_data_forget(struct tx *tx)
{
	if (tx->opening != NULL)
		tx->opening->session = NULL;
}

int
front_data_wanted(const struct session *s)
{
	return (s->tx != NULL && s->tx->stage == TX_TEXT);
}

static int
data_header(const struct session *s, char *buf, size_t size)
{
	const struct tx	*tx = s->tx;
	struct received	 r;
	char		 ip[IP_STR_SIZE], id[TX_ID_SIZE];

	memset(&r, 0, sizeof(r));
	(void)snprintf(id, sizeof(id), "%016llx",
	    (unsigned long long)tx->number);
	r.helo = s->helo;
	r.ip = ip_format(&s->remote, ip, sizeof(ip));
	r.host = front_conf.hostname;
	r.id = id;
	r.rcpt = tx_accepted(tx) == 1 ? &tx->given : NULL;
	r.when = clock_wall();
	r.tls = s->tls == NULL ? NULL : tls_conn_cipher(s->tls);
	r.with = (s->esmtp ? HEADER_ESMTP : 0) |
	    (s->tls != NULL ? HEADER_TLS : 0) |
	    (s->login != NULL ? HEADER_AUTH : 0) |
	    (tx->params.smtputf8 ? HEADER_UTF8 : 0);
	return (header_received(&r, buf, size));
}

static int
write_all(int fd, struct iovec *iov, int n)
{
	ssize_t	 wrote;

	while (n > 0) {
		if ((wrote = writev(fd, iov, n)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		for (; n > 0 && (size_t)wrote >= iov->iov_len; n--, iov++)
			wrote -= (ssize_t)iov->iov_len;
		if (n > 0) {
			iov->iov_base = (char *)iov->iov_base + wrote;
			iov->iov_len -= (size_t)wrote;
		}
	}
	return (0);
}

/* The pieces to write for that; our header comes before all.  -1: no. */
static int
data_pieces(struct session *s, char *buf, size_t len, int last,
    char header[HEADER_SIZE], struct iovec iov[1 + SUBMISSION_PARTS])
{
	int	 n = 0, more, hlen;

	if (s->tx->written == 0) {
		if ((hlen = data_header(s, header, HEADER_SIZE)) == -1)
			return (-1);
		iov[n].iov_base = header;
		iov[n++].iov_len = (size_t)hlen;
	}
	if (s->tx->submission != NULL) {
		more = submission_parts(s, buf, len, last, &iov[n]);
		return (more == -1 ? -1 : n + more);
	}
	iov[n].iov_base = buf;
	iov[n++].iov_len = len;
	return (n);
}

/* Write text behind what there is; last: behind it comes none. */
static void
data_write(struct session *s, char *buf, size_t len, int last)
{
	struct tx	*tx = s->tx;
	struct iovec	 iov[1 + SUBMISSION_PARTS];
	char		 header[HEADER_SIZE];
	size_t		 total = 0;
	int		 i, n;

	if ((n = data_pieces(s, buf, len, last, header, iov)) == -1) {
		log_warnx("session=%016llx event=header",
		    (unsigned long long)s->id);
		data_refuse(tx, REPLY_TEMPFAIL);
		return;
	}
	for (i = 0; i < n; i++)
		total += iov[i].iov_len;
	if (write_all(tx->fd, iov, n) == -1) {
		log_warn("session=%016llx event=write id=%016llx",
		    (unsigned long long)s->id,
		    (unsigned long long)tx->number);
		data_refuse(tx, errno == ENOSPC || errno == EDQUOT ||
		    errno == EFBIG ? REPLY_SPOOL_FULL : REPLY_TEMPFAIL);
		return;
	}
	tx->written += total;
}

static void
data_store(struct session *s, char *buf, size_t len)
{
	struct tx	*tx = s->tx;

	if (tx->refused != REPLY_NONE || len == 0)
		return;
	tx->size += len;
	hops_read(&tx->hops, buf, len);
	if (tx->max_size != 0 && tx->size > tx->max_size)
		data_refuse(tx, REPLY_DATA_TOO_BIG);
	else if (tx->hops.count > TX_HOPS_MAX)
		data_refuse(tx, REPLY_DATA_LOOP);
	else if (tx->fd != -1)
		data_write(s, buf, len, 0);
}

static void
data_accepted(struct session *s)
{
	const struct tx	*tx = s->tx;
	char		 id[TX_ID_SIZE], sender[ADDRESS_STR_SIZE];
	char		 quoted[2 * ADDRESS_STR_SIZE], client[IP_STR_SIZE];

	(void)snprintf(id, sizeof(id), "%016llx",
	    (unsigned long long)tx->number);
	if (address_format(&tx->sender, sender, sizeof(sender)) == -1)
		sender[0] = '\0';
	log_info("session=%016llx event=message client=%s id=%s from=<%s> "
	    "rcpts=%u size=%llu generation=%u", (unsigned long long)s->id,
	    ip_format(&s->remote, client, sizeof(client)), id,
	    log_quote(sender, strlen(sender), quoted, sizeof(quoted)),
	    tx_accepted(tx), (unsigned long long)tx->size,
	    front_policy_number(s));
	front_stats.messages++;
	front_stats.octets += tx->size;
	session_reply(s, REPLY_DATA_OK, id);
	tx_reset(s);
}

static int
data_committed(void *arg, struct proc_msg *m)
{
	struct session		*s = arg;
	struct commit_answer	 a = { .status = TX_TEMPFAIL };

	if (m != NULL && msg_get_commit_answer(&m->body, &a) == -1)
		return (-1);
	s->asking = VERB_NONE;
	session_queue(s);
	/* 451 is said: what may still become durable is to be taken back */
	if (m == NULL)
		s->tx->stage = TX_TEXT;
	if (a.status == TX_OK)
		data_accepted(s);
	else
		data_fail(s, status_reply(a.status));
	return (0);
}

static void
envelope_send(const struct tx *tx, const struct tx_rcpt *r)
{
	struct envelope_note	 e;
	struct wbuf		 w;

	memset(&e, 0, sizeof(e));
	e.id = tx->id;
	(void)strlcpy(e.rcpt.local, r->local, sizeof(e.rcpt.local));
	(void)strlcpy(e.rcpt.domain, r->domain, sizeof(e.rcpt.domain));
	e.route = r->route;
	e.notify = r->notify;
	(void)strlcpy(e.directory, r->directory, sizeof(e.directory));
	(void)strlcpy(e.via, r->via, sizeof(e.via));
	(void)strlcpy(e.url, r->url, sizeof(e.url));
	(void)strlcpy(e.orcpt, r->orcpt, sizeof(e.orcpt));
	wbuf_init(&w);
	msg_put_envelope(&w, &e);
	(void)proc_send(PROC_QUEUE, 0, MSG_FRONT_ENVELOPE_NOTE, 0, -1, &w);
}

static void
data_commit(struct session *s)
{
	struct tx		*tx = s->tx;
	const struct tx_rcpt	*r;
	struct commit_ask	 ask;
	struct wbuf		 w;

	TAILQ_FOREACH(r, &tx->rcpts, entry)
		envelope_send(tx, r);
	memset(&ask, 0, sizeof(ask));
	ask.id = tx->id;
	ask.size = tx->written;
	ask.rcpts = tx->nrcpts;
	ask.sender = tx->sender;
	ask.smtputf8 = tx->params.smtputf8 != 0;
	ask.body8 = tx->params.body == MAIL_BODY_8BITMIME;
	ask.ret = tx->params.ret == MAIL_RET_FULL ? TX_RET_FULL :
	    tx->params.ret == MAIL_RET_HDRS ? TX_RET_HDRS : 0;
	(void)strlcpy(ask.envid, tx->params.envid, sizeof(ask.envid));
	wbuf_init(&w);
	msg_put_commit_ask(&w, &ask);
	tx->stage = TX_COMMIT;
	s->asking = VERB_DATA;
	(void)pending_ask(PROC_QUEUE, 0, MSG_FRONT_COMMIT_ASK, -1, &w,
	    PENDING_FRONT, data_committed, s);
}

/* CRLF . CRLF was read. */
static void
data_end(struct session *s)
{
	struct tx	*tx = s->tx;
	char		 none[1];

	if (tx->refused == REPLY_NONE && tx->nrcpts > 0 &&
	    (tx->written == 0 || tx->submission != NULL))
		data_write(s, none, 0, 1);
	if (tx->refused == REPLY_NONE && tx->nrcpts > 0) {
		if (tx_close(tx) == -1 ||
		    tx->queue != front_queue_generation())
			data_refuse(tx, REPLY_TEMPFAIL);
	}
	if (s->watched != 0)
		front_trace_hidden(s, "text", tx->refused == REPLY_NONE ?
		    "received" : "refused", tx->size);
	if (tx->refused != REPLY_NONE)
		data_fail(s, tx->refused);
	else if (tx->nrcpts == 0)
		data_accepted(s);
	else
		data_commit(s);
}

size_t
front_data_text(struct session *s, char *buf, size_t len)
{
	size_t	 n, used;

	switch (dot_read(&s->tx->dot, buf, len, buf, &n, &used)) {
	case DOT_BAD:
		session_finish(s, REPLY_DATA_BAD);
		return (len);
	case DOT_END:
		data_store(s, buf, n);
		data_end(s);
		return (used);
	default:
		data_store(s, buf, n);
		return (len);
	}
}
