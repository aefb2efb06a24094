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
 * What is remembered of a message after its commit.
 */

#include <sys/types.h>

#include <bsd/string.h>
#include <stdlib.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

/* Where that moment of clock_mono() is on the wall, Epoch seconds. */
static int64_t
note_wall(uint64_t mono)
{
	uint64_t	 now = clock_mono();

	return (clock_wall() + (mono > now ?
	    (int64_t)((mono - now) / 1000) : 0));
}

void
note_add(struct spool *sp, const struct message *m, enum record_type type,
    struct wbuf *w, void (*done)(void *, enum tx_status), void *arg)
{
	struct job	*job;

	if (w->bad)
		fatalx("spool: record %d does not fit", (int)type);
	job = job_new(sp, JOB_NOTE, m, type);
	job->wbuf = w;
	job->body = w->data;
	job->rec.bodylen = (uint32_t)w->len;
	job->done = done;
	job->arg = arg;
	lane_add(m->own != NULL ? &sp->ownlane : &sp->loglane, job);
}

static struct wbuf *
note_wbuf(void)
{
	struct wbuf	*w;

	w = xcalloc(1, sizeof(*w));
	wbuf_init(w);
	return (w);
}

void
spool_note_hold(struct spool *sp, const struct message *m)
{
	struct wbuf	*w = note_wbuf();

	wbuf_u8(w, (m->flags & MESSAGE_HELD) != 0);
	note_add(sp, m, RECORD_HOLD, w, NULL, NULL);
}

void
note_state_body(struct wbuf *w, const struct message *m, uint32_t i)
{
	const struct rcpt	*rc = &m->rcpts[i];
	struct record_state	 st = { .rcpt = i };

	st.state = rc->state;
	st.told = rc->told;
	st.tries = rc->tries;
	st.next = note_wall(rc->next);
	if (rc->text != NULL)
		(void)strlcpy(st.text, rc->text, sizeof(st.text));
	/* a reason comes from afar; it is one line here */
	st.text[strcspn(st.text, "\r\n")] = '\0';
	record_put_state(w, &st);
}

void
note_done_body(struct wbuf *w, uint32_t i, const char *key)
{
	struct record_done	 d = { .rcpt = i };

	(void)strlcpy(d.key, key, sizeof(d.key));
	record_put_done(w, &d);
}

void
spool_note_state(struct spool *sp, const struct message *m, uint32_t i)
{
	struct wbuf	*w = note_wbuf();

	note_state_body(w, m, i);
	note_add(sp, m, RECORD_STATE, w, NULL, NULL);
}

void
spool_note_done(struct spool *sp, const struct message *m, uint32_t i,
    const char *key)
{
	struct wbuf	*w = note_wbuf();

	note_done_body(w, i, key);
	note_add(sp, m, RECORD_DONE, w, NULL, NULL);
}

void
spool_end(struct spool *sp, struct message *m, uint8_t reason)
{
	struct wbuf	*w;

	spool_remove(sp, m);
	if (m->own != NULL)
		lane_add(&sp->ownlane, job_new(sp, JOB_UNLINK, m,
		    RECORD_END));
	else {
		w = note_wbuf();
		wbuf_u8(w, reason);
		note_add(sp, m, RECORD_END, w, NULL, NULL);
	}
	message_free(m);
	spool_trim(sp);
}
