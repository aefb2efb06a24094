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
 * the first record that is not whole ends it.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/keyset.h"
#include "smtpd/queue/spool_job.h"

#define READ_WINDOW	(2 * RECORD_LOG_MAX)

/* A window that moves along a file. */
struct window {
	int		 fd;
	uint64_t	 size;		/* of the file */
	uint64_t	 at;		/* where the window begins */
	size_t		 have, room;
	uint8_t		*buf;
	int		 failed;	/* to read: nothing may be cut off */
};

/* Open for reading, and for cutting off what is torn. */
static int
window_open(struct window *w, int dirfd, const char *name)
{
	struct stat	 st;

	memset(w, 0, sizeof(*w));
	w->fd = openat(dirfd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	if (w->fd == -1 || fstat(w->fd, &st) == -1)
		fatal("spool: %s", name);
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1) {
		log_warnx("spool: %s is not a file of ours", name);
		close(w->fd);
		return (-1);
	}
	w->size = (uint64_t)st.st_size;
	w->room = READ_WINDOW;
	w->buf = xreallocarray(NULL, w->room, 1);
	return (0);
}

static void
window_close(struct window *w)
{
	free(w->buf);
	close(w->fd);
}

/* len octets at that offset, or NULL when the file has not so many. */
static const uint8_t *
window_get(struct window *w, uint64_t offset, size_t len)
{
	if (offset > w->size || len > w->size - offset)
		return (NULL);
	if (offset >= w->at && offset - w->at <= w->have &&
	    len <= w->have - (offset - w->at))
		return (w->buf + (offset - w->at));
	if (len > w->room) {
		w->buf = xreallocarray(w->buf, len, 1);
		w->room = len;
	}
	w->at = offset;
	w->have = w->room < w->size - offset ? w->room :
	    (size_t)(w->size - offset);
	if (spool_pread(w->fd, w->buf, w->have, offset) == -1) {
		log_warn("spool: read");
		w->have = 0;
		w->failed = 1;
		return (NULL);
	}
	return (w->buf);
}

/* Octets from offset up to the last that is not zero. */
static uint64_t
window_rest(struct window *w, uint64_t offset)
{
	const uint8_t	*p;
	uint64_t	 end = offset, at;
	size_t		 n;

	for (at = offset; at < w->size; at += n) {
		n = w->size - at < READ_WINDOW ? (size_t)(w->size - at) :
		    READ_WINDOW;
		if ((p = window_get(w, at, n)) == NULL)
			return (w->size - offset);
		for (; n > 0 && p[n - 1] == 0; n--)
			;
		if (n > 0)
			end = at + n;
		n = w->size - at < READ_WINDOW ? (size_t)(w->size - at) :
		    READ_WINDOW;
	}
	return (end - offset);
}

/* Nothing behind offset counts, nor will it after the next start. */
static void
window_cut(struct window *w, uint64_t offset, const char *name)
{
	if (offset < w->size && (ftruncate(w->fd, (off_t)offset) == -1 ||
	    fsync(w->fd) == -1))
		log_warn("spool: %s", name);
}

static void
apply_state(struct spool *sp, struct message *m, struct rbuf *r)
{
	struct record_state	 st;
	struct rcpt		*rc;
	int64_t			 wait;

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
	rc->tries = st.tries;
	wait = st.next - clock_wall();
	rc->next = wait <= 0 ? 0 : clock_mono() + (uint64_t)wait * 1000;
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
		keyset_add(rc->had, d.key);
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
		apply_state(sp, m, r);
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
 * The record at offset, with its text when whole is set.  NULL when there
 * is none, or none that can be believed.
 */
static const uint8_t *
read_record(struct window *w, uint64_t offset, struct record *rec, int whole)
{
	const uint8_t	*p;
	uint64_t	 len;

	if ((p = window_get(w, offset, RECORD_HEAD)) == NULL)
		return (NULL);
	switch (record_open(p, rec)) {
	case RECORD_OK:
		break;
	case RECORD_OTHER:
		/* a torn record has no good checksum; this may be anything */
		if (offset == 0)
			fatalx("spool: written by another version of smtpd");
		return (NULL);
	default:
		return (NULL);
	}
	len = RECORD_HEAD + (uint64_t)rec->bodylen;
	if (len + rec->textlen > w->size - offset ||
	    (whole && len + rec->textlen > RECORD_LOG_MAX))
		return (NULL);
	if (whole)
		len += rec->textlen;
	if ((p = window_get(w, offset, (size_t)len)) == NULL ||
	    record_check(p, p + RECORD_HEAD, rec->bodylen) == -1)
		return (NULL);
	if (whole && record_sum(0, p + RECORD_HEAD + rec->bodylen,
	    rec->textlen) != rec->textsum)
		return (NULL);
	return (p + RECORD_HEAD);
}

void
read_segment(struct spool *sp, uint32_t number, int last)
{
	struct segment	*seg = spool_segment(sp, number);
	struct record	 rec;
	struct window	 w;
	const uint8_t	*body;
	char		 name[SPOOL_NAME_SIZE];
	uint64_t	 offset = 0, rest;

	spool_name_segment(name, number);
	if (window_open(&w, sp->logfd, name) == -1) {
		seg->damaged = 1;
		return;
	}
	while ((body = read_record(&w, offset, &rec, 1)) != NULL &&
	    rec.segment == number &&
	    (offset == 0) == (rec.type == RECORD_SEGMENT)) {
		if (apply(sp, &rec, offset, body) == -1) {
			log_warnx("spool: log/%s: event=senseless at=%"
			    PRIu64, name, offset);
			seg->damaged = 1;
		}
		offset += RECORD_HEAD + rec.bodylen + rec.textlen;
	}
	sp->recovery->octets += offset;
	rest = window_rest(&w, offset);
	if (rest != 0 || w.failed) {
		/* a crash tears the last one; the others should be whole */
		log_warnx("spool: log/%s: event=%s at=%" PRIu64 " octets=%"
		    PRIu64, name, last ? "torn" : "damaged", offset, rest);
		seg->damaged = 1;
	} else if (last)
		window_cut(&w, offset, name);
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

	while ((body = read_record(w, offset, &rec, 1)) != NULL &&
	    rec.segment == 0 && rec.id == id && (rec.type == RECORD_DONE ||
	    rec.type == RECORD_STATE || rec.type == RECORD_HOLD)) {
		rbuf_init(&r, body, rec.bodylen);
		apply_note(sp, &rec, &r);
		if (!rbuf_done(&r))
			log_warnx("message=%016" PRIx64
			    " event=senseless at=%" PRIu64, id, offset);
		offset += RECORD_HEAD + rec.bodylen;
	}
	return (offset);
}

void
read_own(struct spool *sp, uint64_t id)
{
	struct own_file	*own;
	struct record	 rec;
	struct window	 w;
	const uint8_t	*body;
	char		 name[SPOOL_NAME_SIZE];

	spool_name_own(name, id);
	if (window_open(&w, sp->ownfd, name) == -1)
		return;
	own = xcalloc(1, sizeof(*own));
	/* its name came after its contents: the text need not be read */
	body = read_record(&w, 0, &rec, 0);
	if (body == NULL || rec.type != RECORD_MESSAGE || rec.id != id ||
	    rec.segment != 0 || apply_message(sp, &rec, 0, body,
	    own) == -1) {
		log_warnx("spool: own/%s: event=damaged", name);
		free(own);
	} else {
		if (id > sp->last_id)
			sp->last_id = id;
		own->end = read_own_notes(sp, &w, id, RECORD_HEAD +
		    rec.bodylen + rec.textlen);
		if (own->end < w.size)
			log_warnx("spool: own/%s: event=torn octets=%"
			    PRIu64, name, w.size - own->end);
		if (!w.failed)
			window_cut(&w, own->end, name);
		sp->recovery->octets += own->end;
	}
	window_close(&w);
}
