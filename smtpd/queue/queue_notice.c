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
 * Writing a notice and handing it to the spool.
 */

#include <sys/types.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/queue_notice.h"
#include "smtpd/queue/reason.h"
#include "smtpd/queue/spool.h"
#include "smtpd/smtp/utf8.h"

#define NOTICE_FULL	(100 * 1024)	/* larger messages: header only */
#define NOTICE_OPEN	32		/* at a time; more come later */

struct notice {
	struct message	*message;	/* the notice, or NULL */
	int		 fd;		/* of its text, or -1 */
	uint64_t	 length;
	int		 ok;
	void		(*done)(void *, int);
	void		*arg;
	struct event	 later;
};

static struct spool		*spool;
static const struct queue_conf	*conf;
static void			(*added)(struct message *);
static unsigned int		 nnotices;

void
queue_notice_init(struct spool *sp, const struct queue_conf *c,
    void (*cb)(struct message *))
{
	spool = sp;
	conf = c;
	added = cb;
}

unsigned int
queue_notice_count(void)
{
	return (nnotices);
}

int
queue_notice_busy(void)
{
	return (nnotices >= NOTICE_OPEN);
}

int
queue_notice_wanted(const struct envelope *e, uint8_t notify,
    enum report_kind kind)
{
	if (address_is_null(&e->sender) || notify & NOTIFY_NEVER)
		return (0);
	switch (kind) {
	case REPORT_FAILED:
		return (notify == 0 || notify & NOTIFY_FAILURE);
	case REPORT_DELAYED:
		return (notify == 0 || notify & NOTIFY_DELAY);
	default:
		return ((notify & NOTIFY_SUCCESS) != 0);
	}
}

static int
notice_write(struct notice *n, const char *buf, int len)
{
	ssize_t	 ret;
	size_t	 done;

	if (len == -1)
		return (-1);
	for (done = 0; done < (size_t)len; done += (size_t)ret)
		if ((ret = write(n->fd, buf + done, (size_t)len - done)) ==
		    -1) {
			if (errno != EINTR)
				return (-1);
			ret = 0;
		}
	n->length += (uint64_t)len;
	return (0);
}

/*
 * The text of m, or its header when that is all that is asked for or it is
 * too large; from the heap.  NULL when it cannot be read.
 */
static char *
original_read(const struct message *m, int *full, size_t *len)
{
	char	*buf, *end;
	ssize_t	 n;
	int	 fd;

	if (m->length > NOTICE_FULL)
		*full = 0;
	*len = m->length < NOTICE_FULL ? (size_t)m->length : NOTICE_FULL;
	if ((fd = spool_text(spool, m)) == -1)
		return (NULL);
	buf = xcalloc(1, *len + 1);
	n = pread(fd, buf, *len, (off_t)m->offset);
	close(fd);
	if (n != (ssize_t)*len) {
		free(buf);
		return (NULL);
	}
	if (*full)
		return (buf);
	/* up to the empty line; a cut one ends with its last whole line */
	if (*len >= 2 && memcmp(buf, "\r\n", 2) == 0)
		*len = 0;
	else if ((end = memmem(buf, *len, "\r\n\r\n", 4)) != NULL)
		*len = (size_t)(end + 2 - buf);
	else
		while (*len > 0 && buf[*len - 1] != '\n')
			--*len;
	return (buf);
}

static void
told_fill(struct report_rcpt *rr, const struct notice_rcpt *r,
    struct reason *why, time_t until)
{
	memset(rr, 0, sizeof(*rr));
	rr->final = r->final;
	rr->orcpt = r->orcpt;
	rr->kind = r->kind;
	reason_read(r->reason, why);
	rr->code = why->code;
	rr->status = why->status;
	rr->mta = why->mta;
	rr->text = why->text;
	rr->until = until;
}

static int
notice_rcpts(struct notice *n, const struct message *m,
    const struct notice_rcpt *list, size_t nlist,
    int (*piece)(const struct report_rcpt *, char *, size_t))
{
	struct report_rcpt	 rr;
	struct reason		 why;
	char			 buf[REPORT_SIZE];
	size_t			 i;

	for (i = 0; i < nlist; i++) {
		told_fill(&rr, &list[i], &why, m->created + conf->expire);
		if (notice_write(n, buf, piece(&rr, buf, sizeof(buf))) == -1)
			return (-1);
	}
	return (0);
}

static int
notice_text(struct notice *n, const struct message *m, struct report *r,
    const struct notice_rcpt *list, size_t nlist)
{
	char	 buf[REPORT_SIZE], *text;
	size_t	 len;
	int	 ret = -1;

	if ((text = original_read(m, &r->full, &len)) == NULL)
		return (-1);
	r->eight = !utf8_is_ascii(text, len);
	if (notice_write(n, buf, report_head(r, buf, sizeof(buf))) == 0 &&
	    notice_rcpts(n, m, list, nlist, report_said) == 0 &&
	    notice_write(n, buf, report_fields(r, buf, sizeof(buf))) == 0 &&
	    notice_rcpts(n, m, list, nlist, report_status) == 0 &&
	    notice_write(n, buf, report_original(r, buf, sizeof(buf))) == 0 &&
	    notice_write(n, text, (int)len) == 0 &&
	    notice_write(n, buf, report_end(r, buf, sizeof(buf))) == 0)
		ret = 0;
	free(text);
	return (ret);
}

/* The notice as a message of its own. */
static struct message *
notice_message(const struct address *to, const struct report *r)
{
	struct envelope_note	 note;
	struct envelope		 e;
	struct message		*m = NULL;
	struct wbuf		 w;

	memset(&e, 0, sizeof(e));
	memset(&note, 0, sizeof(note));
	e.created = r->now;
	e.smtputf8 = r->utf8 != 0;
	e.body8 = r->eight != 0;
	e.nrcpts = 1;
	/* lookup knows whether that is one of ours */
	note.route = ROUTE_LOCAL;
	note.rcpt = *to;
	wbuf_init(&w);
	envelope_put(&w, &e);
	envelope_put_rcpt(&w, &note);
	if (!w.bad)
		m = message_new(spool_id(spool), w.data, w.len);
	wbuf_free(&w);
	return (m);
}

/* The gravest of what is told is the subject. */
static enum report_kind
notice_kind(const struct notice_rcpt *list, size_t n)
{
	enum report_kind	 kind = REPORT_KIND_COUNT;

	for (; n > 0; n--, list++)
		if (list->kind < kind)
			kind = list->kind;
	return (kind);
}

static int
notice_build(struct notice *n, const struct message *m,
    const struct address *to, const struct notice_rcpt *list, size_t nlist)
{
	char		 id[TX_ID_SIZE], boundary[32];
	struct report	 r;
	struct envelope	 e;
	enum tx_status	 why;

	message_envelope(m, &e);
	(void)snprintf(id, sizeof(id), "%016" PRIx64, m->id);
	(void)snprintf(boundary, sizeof(boundary), "%08" PRIx32 "%08" PRIx32,
	    arc4random(), arc4random());
	memset(&r, 0, sizeof(r));
	r.host = conf->hostname;
	r.id = id;
	r.boundary = boundary;
	r.to = *to;
	r.kind = notice_kind(list, nlist);
	/* another sender than that of the message knows of no ENVID */
	r.envid = address_equal_exact(to, &e.sender) ? e.envid : "";
	r.arrival = m->created;
	r.now = clock_wall();
	r.full = r.kind == REPORT_FAILED && e.ret == TX_RET_FULL;
	r.utf8 = e.smtputf8;
	if ((n->fd = spool_tmpfile(spool, &why)) == -1 ||
	    notice_text(n, m, &r, list, nlist) == -1)
		return (-1);
	n->message = notice_message(to, &r);
	return (n->message == NULL ? -1 : 0);
}

static void
notice_end(int fd, short what, void *arg)
{
	struct notice	*n = arg;

	if (n->fd != -1)
		close(n->fd);
	nnotices--;
	n->done(n->arg, n->ok);
	free(n);
}

static void
notice_committed(void *arg, enum tx_status status)
{
	struct notice	*n = arg;

	n->ok = status == TX_OK;
	if (n->ok)
		added(n->message);
	else
		message_free(n->message);
	notice_end(-1, 0, n);
}

void
queue_notice(const struct message *m, const struct address *to,
    const struct notice_rcpt *list, size_t nlist, void (*done)(void *, int),
    void *arg)
{
	struct timeval	 now = { 0, 0 };
	struct notice	*n = xcalloc(1, sizeof(*n));

	n->fd = -1;
	n->done = done;
	n->arg = arg;
	nnotices++;
	if (nnotices <= NOTICE_OPEN && notice_build(n, m, to, list, nlist) ==
	    0) {
		log_info("message=%016" PRIx64 " event=notice about=%016"
		    PRIx64 " rcpts=%zu", n->message->id, m->id, nlist);
		spool_commit(spool, n->message, n->fd, n->length,
		    notice_committed, n);
		return;
	}
	if (nnotices <= NOTICE_OPEN)
		log_warnx("message=%016" PRIx64 " event=no-notice", m->id);
	evtimer_set(&n->later, notice_end, n);
	evtimer_add(&n->later, &now);
}
