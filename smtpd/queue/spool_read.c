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
 * Reading the records of one file at the start.  Nothing in it is trusted:
 * what is not whole is passed over, and kept.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/keyset.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"
#include "smtpd/queue/spool_window.h"

#define READ_WAIT_MAX	86400	/* s until a try, whatever a record says */

static void
apply_state(struct message *m, struct rbuf *r)
{
	struct record_state	 st;
	struct rcpt		*rc;
	int64_t			 now = clock_wall(), wait;

	if (record_get_state(r, &st) == -1 || st.rcpt >= m->nrcpts) {
		rbuf_fail(r);
		return;
	}
	rc = &m->rcpts[st.rcpt];
	/* done is for ever, whatever came later */
	if (rc->state == RCPT_DONE)
		return;
	message_set(m, st.rcpt, (enum rcpt_state)st.state,
	    st.text[0] == '\0' ? NULL : st.text);
	rc->told = st.told;
	rc->tries = st.tries;
	/* the clock may have been elsewhere when this was written */
	wait = st.next <= now ? 0 : st.next - now;
	rc->next = wait == 0 ? 0 : clock_mono() + 1000 *
	    (uint64_t)(wait < READ_WAIT_MAX ? wait : READ_WAIT_MAX);
	if (st.tries != 0)
		m->flags |= MESSAGE_OLD;
}

static void
apply_done(struct message *m, struct rbuf *r)
{
	struct record_done	 d;
	struct rcpt		*rc;

	if (record_get_done(r, &d) == -1 || d.rcpt >= m->nrcpts) {
		rbuf_fail(r);
		return;
	}
	rc = &m->rcpts[d.rcpt];
	if (d.key[0] == '\0')
		message_set(m, d.rcpt, RCPT_DONE, NULL);
	else {
		if (rc->had == NULL)
			rc->had = keyset_new();
		(void)keyset_add(rc->had, d.key);
	}
}

/* A record about a message that is there.  Its home may be elsewhere. */
static void
apply_note(struct spool *sp, const struct record *rec, struct rbuf *r)
{
	struct message	*m;

	if ((m = spool_find(sp, rec->id)) == NULL) {
		rbuf_skip(r);
		return;
	}
	if (rec->type == RECORD_DONE)
		apply_done(m, r);
	else if (rec->type == RECORD_STATE)
		apply_state(m, r);
	else {
		m->flags &= ~(unsigned int)MESSAGE_HELD;
		if (rbuf_u8(r, 1))
			m->flags |= MESSAGE_HELD;
	}
}

/* The message is not in the log any more. */
static void
apply_gone(struct spool *sp, const struct record *rec)
{
	struct own_found	*own;
	struct message		*m;

	if ((m = spool_find(sp, rec->id)) != NULL) {
		spool_remove(sp, m);
		message_free(m);
	}
	if ((own = scan_own(sp->recovery, rec->id)) != NULL)
		own->home = rec->type == RECORD_MOVED ? OWN_MOVED :
		    OWN_ENDED;
}

static int
apply_message(struct spool *sp, const struct record *rec, uint64_t offset,
    const uint8_t *body, struct own_file *file)
{
	struct own_found	*own;
	struct message		*m;

	if ((m = message_new(rec->id, body, rec->bodylen)) == NULL)
		return (-1);
	m->segment = rec->segment;
	m->offset = offset + RECORD_HEAD + rec->bodylen;
	m->length = rec->textlen;
	m->own = file;
	if (spool_insert(sp, m) == -1) {
		log_warnx("message=%016" PRIx64 " event=twice", rec->id);
		message_free(m);
		return (-1);
	}
	own = scan_own(sp->recovery, rec->id);
	if (own != NULL && file == NULL)
		own->home = OWN_LOG;
	return (0);
}

/* A whole record of the log; -1 when it makes no sense all the same. */
static int
apply(struct spool *sp, const struct record *rec, uint64_t offset,
    const uint8_t *body)
{
	struct record_segment	 seg;
	struct rbuf		 r;

	if (rec->id > sp->last_id)
		sp->last_id = rec->id;
	rbuf_init(&r, body, rec->bodylen);
	switch (rec->type) {
	case RECORD_SEGMENT:
		if (record_get_segment(&r, &seg) == -1)
			return (-1);
		spool_segment(sp, rec->segment)->created = seg.created;
		if (seg.last_id > sp->last_id)
			sp->last_id = seg.last_id;
		return (0);
	case RECORD_MESSAGE:
		return (apply_message(sp, rec, offset, body, NULL));
	case RECORD_MOVED:
	case RECORD_END:
		apply_gone(sp, rec);
		return (0);
	default:
		apply_note(sp, rec, &r);
		return (rbuf_done(&r) ? 0 : -1);
	}
}

/*
 * Where the segment goes on behind a damaged place: at the next record that
 * is whole and belongs to it.
 */
static uint64_t
read_on(struct window *w, uint64_t offset, uint32_t number)
{
	struct record	 rec;
	const uint8_t	*body;

	while ((offset = window_find(w, offset)) < w->size) {
		if (window_record(w, offset, 1, &rec, &body) ==
		    WINDOW_RECORD && rec.segment == number &&
		    rec.type != RECORD_SEGMENT)
			break;
		offset++;
	}
	return (offset);
}

/*
 * What cannot be believed at offset: returns where to go on, or 0 at the
 * end.  The last segment may end in what a crash has torn, and nobody was
 * told 250 for; anywhere else this is damage.
 */
static uint64_t
read_gap(struct window *w, struct segment *seg, uint64_t offset, int last,
    const struct record *text)
{
	uint64_t	 next, rest;

	if ((rest = window_rest(w, offset)) == 0) {
		if (last)
			window_cut(w, offset);
		return (0);
	}
	seg->damaged = 1;
	next = read_on(w, offset + (text == NULL ? 1 : window_length(text)),
	    seg->number);
	if (next == w->size)
		next = 0;
	else
		rest = next - offset;
	log_warnx("spool: %s: event=%s at=%" PRIu64 " octets=%" PRIu64
	    " message=%016" PRIx64, w->name, last && next == 0 ? "torn" :
	    "damaged", offset, rest, text == NULL ? 0 : text->id);
	if (last && next == 0)
		window_cut(w, offset + rest);
	return (next);
}

/* A record that is whole and stands where it may stand. */
static int
read_fits(const struct record *rec, const struct segment *seg,
    uint64_t offset)
{
	return (rec->segment == seg->number &&
	    (offset == 0) == (rec->type == RECORD_SEGMENT));
}

void
read_segment(struct spool *sp, uint32_t number, int last)
{
	struct segment		*seg = spool_segment(sp, number);
	struct record		 rec;
	struct window		 w;
	const uint8_t		*body;
	char			 name[SPOOL_NAME_SIZE];
	enum window_status	 status;
	uint64_t		 offset = 0;

	spool_name_segment(name, number);
	if (window_open(&w, sp->logfd, "log", name) == -1)
		fatalx("spool: cannot go on without log/%s", name);
	do {
		status = window_record(&w, offset, 1, &rec, &body);
		if (status == WINDOW_OTHER && offset == 0)
			fatalx("spool: log/%s was written by another version "
			    "of smtpd", name);
		if (status != WINDOW_RECORD ||
		    !read_fits(&rec, seg, offset)) {
			offset = read_gap(&w, seg, offset, last,
			    status == WINDOW_TEXT ? &rec : NULL);
			continue;
		}
		if (apply(sp, &rec, offset, body) == -1) {
			log_warnx("spool: log/%s: event=senseless at=%"
			    PRIu64, name, offset);
			seg->damaged = 1;
		}
		offset += window_length(&rec);
		sp->recovery->octets += window_length(&rec);
	} while (offset != 0);
	/* what it says is not known: that is not the same as nothing */
	if (w.failed)
		fatalx("spool: log/%s cannot be read", name);
	window_close(&w);
}

/* The records behind the text of a file; returns where they end. */
static uint64_t
read_own_notes(struct spool *sp, struct window *w, uint64_t id,
    uint64_t offset)
{
	struct record	 rec;
	struct rbuf	 r;
	const uint8_t	*body;

	while (window_record(w, offset, 1, &rec, &body) == WINDOW_RECORD &&
	    rec.segment == 0 && rec.id == id && (rec.type == RECORD_DONE ||
	    rec.type == RECORD_STATE || rec.type == RECORD_HOLD)) {
		rbuf_init(&r, body, rec.bodylen);
		apply_note(sp, &rec, &r);
		if (!rbuf_done(&r))
			log_warnx("message=%016" PRIx64
			    " event=senseless at=%" PRIu64, id, offset);
		offset += window_length(&rec);
	}
	return (offset);
}

/* The file as a message: 0, or -1 when it is none. */
static int
read_own_message(struct spool *sp, struct window *w, uint64_t id,
    struct own_file *own)
{
	enum window_status	 status;
	struct record		 rec;
	const uint8_t		*body;

	/* its name came after its contents: the text need not be read */
	status = window_record(w, 0, 0, &rec, &body);
	if (status == WINDOW_OTHER)
		fatalx("spool: %s was written by another version of smtpd",
		    w->name);
	if (status != WINDOW_RECORD || rec.type != RECORD_MESSAGE ||
	    rec.id != id || rec.segment != 0 ||
	    apply_message(sp, &rec, 0, body, own) == -1)
		return (-1);
	own->end = read_own_notes(sp, w, id, window_length(&rec));
	return (0);
}

void
read_own(struct spool *sp, uint64_t id)
{
	struct own_file	*own;
	struct window	 w;
	char		 name[SPOOL_NAME_SIZE];

	if (id > sp->last_id)
		sp->last_id = id;
	spool_name_own(name, id);
	/* it stays, and the next start tries again */
	if (window_open(&w, sp->ownfd, "own", name) == -1)
		return;
	own = xcalloc(1, sizeof(*own));
	if (read_own_message(sp, &w, id, own) == -1) {
		log_warnx("spool: %s: event=damaged", w.name);
		free(own);
	} else {
		if (own->end < w.size)
			log_warnx("spool: %s: event=torn octets=%" PRIu64,
			    w.name, w.size - own->end);
		if (!w.failed)
			window_cut(&w, own->end);
		sp->recovery->octets += own->end;
	}
	window_close(&w);
}
