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
 * How segments go.  Only the oldest may, for what later ones say about its
 * messages must outlive them.  When a few messages that stay keep it, they
 * are copied to files of their own.
 *
 *	1. copy with its present state to tmp, sync, name, sync the name
 *	2. MOVED in the log, synced: from here on the file counts
 *	3. the segment has one message less
 *
 * After a crash between 1 and 2 the log still counts, and the file is
 * removed.  While a message moves nothing else happens to it.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/keyset.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define SWEEP_FEW	1024	/* messages that age alone may move */
#define SWEEP_MOVES	256	/* under way at a time */
#define SWEEP_PAUSE	30000	/* ms after one that failed */

void
spool_trim(struct spool *sp)
{
	struct segment	*seg;
	struct job	*job;

	/* the last one is being written to */
	while ((seg = TAILQ_FIRST(&sp->segments)) != NULL &&
	    TAILQ_NEXT(seg, entry) != NULL && seg->live == 0 &&
	    !sp->closing && sp->ownlane.worker != NULL) {
		job = job_new(sp, JOB_SEGMENT, NULL, RECORD_END);
		job->segment = seg->number;
		job->keep = seg->damaged;
		lane_add(&sp->ownlane, job);
		TAILQ_REMOVE(&sp->segments, seg, entry);
		sp->stats.segments--;
		free(seg);
	}
}

/* A record in memory, behind the others. */
static void
extra_add(struct job *job, enum record_type type, const struct wbuf *w)
{
	struct record	 rec = { .type = type, .id = job->rec.id };
	uint8_t		*p;

	rec.bodylen = (uint32_t)w->len;
	job->extra = xreallocarray(job->extra, 1, job->extralen +
	    RECORD_HEAD + w->len);
	p = job->extra + job->extralen;
	record_seal(p, &rec, w->data);
	memcpy(p + RECORD_HEAD, w->data, w->len);
	job->extralen += RECORD_HEAD + w->len;
}

/* All that the log says about the message besides its envelope. */
static void
extra_fill(struct job *job, const struct message *m)
{
	const struct rcpt	*rc;
	struct wbuf		 w;
	size_t			 k;
	uint32_t		 i;

	wbuf_init(&w);
	if (m->flags & MESSAGE_HELD) {
		wbuf_u8(&w, 1);
		extra_add(job, RECORD_HOLD, &w);
	}
	for (i = 0; i < m->nrcpts; i++) {
		rc = &m->rcpts[i];
		for (k = 0; rc->had != NULL && k < rc->had->size; k++) {
			if (rc->had->slots[k] == NULL)
				continue;
			wbuf_free(&w);
			note_done_body(&w, i, rc->had->slots[k]);
			extra_add(job, RECORD_DONE, &w);
		}
		wbuf_free(&w);
		note_state_body(&w, m, i);
		extra_add(job, RECORD_STATE, &w);
	}
	wbuf_free(&w);
}

static void
sweep_move(struct spool *sp, struct message *m)
{
	struct job	*job;
	int		 fd;

	if ((fd = spool_text(sp, m)) == -1) {
		log_warn("message=%016" PRIx64 " event=unreadable", m->id);
		sp->sweep_ms = clock_mono() + SWEEP_PAUSE;
		return;
	}
	m->flags |= MESSAGE_MOVING;
	job = job_new(sp, JOB_MOVE, m, RECORD_MESSAGE);
	job->own = xcalloc(1, sizeof(*job->own));
	job->rec.bodylen = m->bodylen;
	job->rec.textlen = m->length;
	job->body = m->body;
	job->textfd = fd;
	job->textoff = m->offset;
	job->message = m;
	extra_fill(job, m);
	lane_add(&sp->ownlane, job);
}

/* The log knows of the move. */
static void
sweep_noted(void *arg, enum tx_status status)
{
	struct job	*move = arg;
	struct spool	*sp = move->spool;
	struct message	*m = move->message;

	if (status == TX_OK) {
		spool_remove(sp, m);
		m->segment = 0;
		m->offset = move->offset;
		m->own = move->own;
		move->own = NULL;
		sp->stats.moved++;
		if (spool_insert(sp, m) == -1)
			fatalx("spool: moved onto another message");
		m->flags &= ~(unsigned int)MESSAGE_MOVING;
		sp->conf.idle(m);
		spool_trim(sp);
	}
	free(move->own);
	job_free(move);
}

void
spool_moved(struct job *job)
{
	struct spool	*sp = job->spool;
	struct message	*m = job->message;
	struct job	*move;
	struct wbuf	*w;

	close(job->textfd);
	if (job->status != TX_OK) {
		free(job->own);
		if (sp->closing)
			return;
		m->flags &= ~(unsigned int)MESSAGE_MOVING;
		sp->sweep_ms = clock_mono() + SWEEP_PAUSE;
		sp->conf.idle(m);
		return;
	}
	/* the caller frees the job: what is needed goes on in another */
	move = job_new(sp, JOB_MOVE, NULL, RECORD_MOVED);
	move->message = m;
	move->own = job->own;
	move->offset = job->offset;
	w = xcalloc(1, sizeof(*w));
	wbuf_init(w);
	note_add(sp, m, RECORD_MOVED, w, sweep_noted, move);
}

void
spool_sweep(struct spool *sp)
{
	struct segment	*seg = TAILQ_FIRST(&sp->segments);
	struct message	*m;
	unsigned int	 n = 0;

	if (seg == NULL || TAILQ_NEXT(seg, entry) == NULL ||
	    sp->loglane.armed || sp->ownlane.armed ||
	    clock_mono() < sp->sweep_ms)
		return;
	if (sp->stats.segments <= sp->conf.segments &&
	    (seg->live > SWEEP_FEW ||
	    clock_wall() - seg->created < (int64_t)sp->conf.age))
		return;
	RB_FOREACH(m, message_tree, &sp->index) {
		if (m->own != NULL || m->segment != seg->number)
			continue;
		if (m->nactive == 0 && !(m->flags & (MESSAGE_MOVING |
		    MESSAGE_READY | MESSAGE_REMOVE)))
			sweep_move(sp, m);
		if (++n == SWEEP_MOVES)
			break;
	}
}
