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
 * Transactions belong to the front that opened them.  A message whose
 * front went away before it was answered is taken back: nobody was told
 * 250, and the client will come again.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <bsd/sys/tree.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_tx.h"
#include "smtpd/queue/spool.h"
#include "smtpd/queue/spool_record.h"

struct tx {
	RB_ENTRY(tx)	 entry;
	uint64_t	 id;
	unsigned int	 inst;		/* of the front */
	int		 fd;		/* with the text */
	uint8_t		*rcpts;		/* encoded one after the other */
	size_t		 len, size;
	uint32_t	 nrcpts;
	int		 bad;		/* must not be committed */
	int		 orphan;	/* the front will not hear of it */
	uint64_t	 question;	/* the commit's */
	struct message	*message;	/* while it is committed */
};

RB_HEAD(tx_tree, tx);

static struct tx_tree	 txs = RB_INITIALIZER(&txs);
static struct spool	*spool;
static size_t		 ntxs, max_txs;

static int
tx_cmp(const struct tx *a, const struct tx *b)
{
	return (a->id < b->id ? -1 : a->id > b->id);
}

RB_PROTOTYPE(tx_tree, tx, entry, tx_cmp)
RB_GENERATE(tx_tree, tx, entry, tx_cmp)

void
queue_tx_init(struct spool *sp, size_t max)
{
	spool = sp;
	max_txs = max;
}

size_t
queue_tx_open(void)
{
	return (ntxs);
}

static void
tx_free(struct tx *tx)
{
	RB_REMOVE(tx_tree, &txs, tx);
	ntxs--;
	close(tx->fd);
	free(tx->rcpts);
	free(tx);
}

/* Only of the front that opened it. */
static struct tx *
tx_find(uint64_t id, unsigned int inst)
{
	struct tx	*tx, key = { .id = id };

	tx = RB_FIND(tx_tree, &txs, &key);
	return (tx != NULL && tx->inst == inst ? tx : NULL);
}

/* A new transaction and the descriptor for the front, or -1 and *why. */
static int
tx_begin(unsigned int inst, uint64_t *id, enum tx_status *why)
{
	struct tx	*tx;
	int		 fd, copy;

	*why = TX_TEMPFAIL;
	if (spool == NULL)
		return (-1);
	if (ntxs >= max_txs) {
		log_warnx("event=too-many-transactions open=%zu", ntxs);
		return (-1);
	}
	if ((fd = spool_tmpfile(spool, why)) == -1)
		return (-1);
	if ((copy = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		log_warn("spool: descriptor");
		*why = TX_TEMPFAIL;
		close(fd);
		return (-1);
	}
	tx = xcalloc(1, sizeof(*tx));
	tx->id = *id = spool_id(spool);
	tx->inst = inst;
	tx->fd = fd;
	RB_INSERT(tx_tree, &txs, tx);
	ntxs++;
	return (copy);
}

int
queue_tx_data(struct proc_msg *m)
{
	struct data_answer	 ans = { .status = TX_TEMPFAIL };
	struct wbuf		 w;
	uint64_t		 session;
	int			 fd;

	if (msg_get_session_id(&m->body, &session) == -1)
		return (-1);
	fd = tx_begin(m->inst, &ans.id, &ans.status);
	wbuf_init(&w);
	msg_put_data_answer(&w, &ans);
	(void)proc_answer(m, MSG_QUEUE_DATA_ANSWER, fd, &w);
	return (0);
}

static void
tx_add_rcpt(struct tx *tx, const struct envelope_note *note)
{
	struct wbuf	 w;

	wbuf_init(&w);
	envelope_put_rcpt(&w, note);
	if (w.bad || tx->nrcpts >= ENVELOPE_RCPTS_MAX ||
	    tx->len + w.len > RECORD_BODY_MAX / 2)
		tx->bad = 1;
	else {
		if (tx->len + w.len > tx->size) {
			tx->size = (tx->len + w.len) * 2;
			tx->rcpts = xreallocarray(tx->rcpts, tx->size, 1);
		}
		memcpy(tx->rcpts + tx->len, w.data, w.len);
		tx->len += w.len;
		tx->nrcpts++;
	}
	wbuf_free(&w);
}

int
queue_tx_envelope(struct proc_msg *m)
{
	struct envelope_note	 note;
	struct tx		*tx;

	if (msg_get_envelope(&m->body, &note) == -1)
		return (-1);
	/* one that is not open shows at its commit */
	tx = tx_find(note.id, m->inst);
	if (tx != NULL && tx->message == NULL)
		tx_add_rcpt(tx, &note);
	return (0);
}

static struct message *
tx_message(const struct tx *tx, const struct commit_ask *ask)
{
	struct envelope	 e;
	struct message	*m = NULL;
	struct wbuf	 w;
	uint8_t		*body;

	memset(&e, 0, sizeof(e));
	e.created = clock_wall();
	e.sender = ask->sender;
	e.smtputf8 = ask->smtputf8;
	e.body8 = ask->body8;
	e.ret = ask->ret;
	memcpy(e.envid, ask->envid, sizeof(e.envid));
	e.nrcpts = tx->nrcpts;
	wbuf_init(&w);
	envelope_put(&w, &e);
	if (!w.bad) {
		body = xreallocarray(NULL, w.len + tx->len, 1);
		memcpy(body, w.data, w.len);
		memcpy(body + w.len, tx->rcpts, tx->len);
		m = message_new(tx->id, body, w.len + tx->len);
		free(body);
	}
	wbuf_free(&w);
	return (m);
}

static void
tx_answer(unsigned int inst, uint64_t question, enum tx_status status)
{
	struct commit_answer	 ans = { .status = status };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_commit_answer(&w, &ans);
	(void)proc_send(PROC_FRONT, inst, MSG_QUEUE_COMMIT_ANSWER, question,
	    -1, &w);
}

static void
tx_committed(void *arg, enum tx_status status)
{
	struct tx	*tx = arg;
	struct message	*m = tx->message;

	if (status != TX_OK)
		message_free(m);
	else if (tx->orphan) {
		log_info("message=%016" PRIx64 " event=taken-back", tx->id);
		spool_end(spool, m, RECORD_END_REMOVED);
	} else
		queue_deliver_new(m);
	if (!tx->orphan)
		tx_answer(tx->inst, tx->question, status);
	tx_free(tx);
}

/* Is what was announced what is there?  Else nothing may be committed. */
static const char *
tx_fault(const struct tx *tx, const struct commit_ask *ask)
{
	struct stat	 st;

	if (tx == NULL)
		return ("unknown");
	if (tx->message != NULL)
		return ("twice");
	if (tx->bad)
		return ("bad-recipient");
	if (tx->nrcpts == 0 || tx->nrcpts != ask->rcpts)
		return ("lost-recipient");
	if (fstat(tx->fd, &st) == -1 || (uint64_t)st.st_size != ask->size)
		return ("lost-text");
	return (NULL);
}

int
queue_tx_commit(struct proc_msg *m)
{
	struct commit_ask	 ask;
	struct tx		*tx;
	const char		*fault;

	if (msg_get_commit_ask(&m->body, &ask) == -1)
		return (-1);
	tx = tx_find(ask.id, m->inst);
	fault = tx_fault(tx, &ask);
	if (fault == NULL && (tx->message = tx_message(tx, &ask)) == NULL)
		fault = "bad-envelope";
	if (fault != NULL) {
		log_warnx("message=%016" PRIx64 " event=refused reason=%s",
		    ask.id, fault);
		tx_answer(m->inst, m->id, TX_TEMPFAIL);
		if (tx != NULL && tx->message == NULL)
			tx_free(tx);
		return (0);
	}
	tx->question = m->id;
	spool_commit(spool, tx->message, tx->fd, ask.size, tx_committed, tx);
	return (0);
}

/* Forgotten now, or as soon as its commit comes back. */
static void
tx_drop(struct tx *tx)
{
	if (tx->message != NULL)
		tx->orphan = 1;
	else
		tx_free(tx);
}

int
queue_tx_abort(struct proc_msg *m)
{
	struct tx	*tx;
	uint64_t	 id;

	if (msg_get_session_id(&m->body, &id) == -1)
		return (-1);
	if ((tx = tx_find(id, m->inst)) != NULL)
		tx_drop(tx);
	return (0);
}

void
queue_tx_front_gone(unsigned int inst)
{
	struct tx	*tx, *next;

	RB_FOREACH_SAFE(tx, tx_tree, &txs, next)
		if (tx->inst == inst)
			tx_drop(tx);
}
