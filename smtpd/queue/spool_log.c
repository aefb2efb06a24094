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
 * The segments of the log.  One thread runs all of this: it appends what
 * waits, and makes it durable with one call for all.
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
#include "smtpd/queue/spool_job.h"

#define LOG_BUFFER	(2 * RECORD_LOG_MAX)

static void
log_drop(struct spool_log *l)
{
	/* what counts was synced; of the rest nobody was told */
	if (l->fd != -1)
		(void)close(l->fd);
	l->fd = -1;
	l->buflen = 0;
}

/* The record that a segment begins with, and all octets reserved. */
static int
log_head(struct spool_log *l)
{
	struct record_segment	 seg = { .last_id = l->last_id };
	struct record		 rec = { .type = RECORD_SEGMENT };
	struct wbuf		 w;
	uint8_t			 head[RECORD_HEAD];
	int			 error, ret = -1;

	if ((error = posix_fallocate(l->fd, 0, (off_t)l->size)) != 0) {
		errno = error;
		return (-1);
	}
	seg.created = clock_wall();
	wbuf_init(&w);
	record_put_segment(&w, &seg);
	rec.segment = l->number;
	rec.bodylen = (uint32_t)w.len;
	record_seal(head, &rec, w.data);
	if (spool_pwrite(l->fd, head, sizeof(head), 0) == 0 &&
	    spool_pwrite(l->fd, w.data, w.len, sizeof(head)) == 0 &&
	    fsync(l->fd) == 0 && fsync(l->dirfd) == 0)
		ret = 0;
	l->end = l->synced = sizeof(head) + w.len;
	wbuf_free(&w);
	return (ret);
}

int
log_begin(struct spool_log *l)
{
	char	 name[SPOOL_NAME_SIZE];
	int	 saved_errno;

	/* a number is used once, even if beginning it failed */
	l->number++;
	spool_name_segment(name, l->number);
	l->fd = openat(l->dirfd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (l->fd != -1 && log_head(l) == 0)
		return (0);
	saved_errno = errno;
	if (l->fd != -1 && unlinkat(l->dirfd, name, 0) == -1)
		log_warn("spool: log/%s", name);
	log_drop(l);
	errno = saved_errno;
	return (-1);
}

void
log_close(struct spool_log *l)
{
	log_drop(l);
	free(l->buf);
	free(l->doubt);
	l->buf = NULL;
	l->doubt = NULL;
	l->ndoubt = 0;
}

static int
log_flush(struct spool_log *l)
{
	if (spool_pwrite(l->fd, l->buf, l->buflen, l->end) == -1)
		return (-1);
	l->end += l->buflen;
	l->buflen = 0;
	return (0);
}

static int
log_sync(struct spool_log *l)
{
	if (l->end + l->buflen == l->synced)
		return (0);
	if (log_flush(l) == -1 || fdatasync(l->fd) == -1)
		return (-1);
	l->synced = l->end;
	(void)__atomic_add_fetch(&l->syncs, 1, __ATOMIC_RELAXED);
	return (0);
}

/* Is this segment too full for a record of that size?  Not a fresh one. */
static int
log_is_full(const struct spool_log *l, uint64_t size)
{
	return (l->end + l->buflen + size > l->size &&
	    l->end + l->buflen > RECORD_HEAD * 2);
}

/* The next segment, once this one is durable. */
static int
log_turn(struct spool_log *l)
{
	log_drop(l);
	return (log_begin(l));
}

/* Into the buffer; the text may turn out to be unreadable. */
static int
log_copy(struct spool_log *l, struct job *job)
{
	uint8_t	*p, *text;

	p = l->buf + l->buflen;
	job->rec.segment = job->segment = l->number;
	text = p + RECORD_HEAD + job->rec.bodylen;
	if (spool_pread(job->textfd, text, job->rec.textlen,
	    job->textoff) == -1) {
		log_warn("message=%016" PRIx64 " event=unreadable",
		    job->rec.id);
		return (-1);
	}
	if (job->rec.bodylen != 0)
		memcpy(p + RECORD_HEAD, job->body, job->rec.bodylen);
	job->rec.textsum = record_sum(0, text, job->rec.textlen);
	record_seal(p, &job->rec, job->body);
	job->offset = l->end + l->buflen + RECORD_HEAD + job->rec.bodylen;
	l->buflen += RECORD_HEAD + job->rec.bodylen + job->rec.textlen;
	if (job->rec.id > l->last_id)
		l->last_id = job->rec.id;
	return (0);
}

/*
 * Append the record of a job.  A text that cannot be read is the trouble
 * of that job alone: only its status says so.
 */
static int
log_append(struct spool_log *l, struct job *job)
{
	uint64_t	 size;

	size = RECORD_HEAD + job->rec.bodylen + job->rec.textlen;
	if (l->buflen + size > LOG_BUFFER && log_flush(l) == -1)
		return (-1);
	if (log_copy(l, job) == -1)
		job->status = TX_TEMPFAIL;
	return (0);
}

/* What was handed to the system and may, or may not, be on disk. */
static void
log_doubt(struct spool_log *l, uint64_t id)
{
	l->doubt = xreallocarray(l->doubt, l->ndoubt + 1, sizeof(*l->doubt));
	l->doubt[l->ndoubt++] = id;
}

/*
 * Nothing of these jobs counts, and this segment is not written to again.
 * Its end is cut off; and, since a disk that failed once cannot be believed
 * when it says that it has, the messages are named in the next segment as
 * gone before anything else is.
 */
static void
log_fail(struct spool_log *l, void **args, size_t n)
{
	struct job	*job;
	size_t		 i;

	l->why = spool_why();
	l->failed = 1;
	log_warn("spool: log/%08" PRIx32, l->number);
	for (i = 0; i < n; i++) {
		job = args[i];
		if (job->status != TX_OK || job->kind == JOB_RESUME)
			continue;
		job->status = l->why;
		job->down = 1;
		if (l->fd != -1 && job->kind == JOB_COMMIT)
			log_doubt(l, job->rec.id);
	}
	if (l->fd != -1 && (ftruncate(l->fd, (off_t)l->synced) == -1 ||
	    fsync(l->fd) == -1))
		log_warn("spool: log/%08" PRIx32 ": cut", l->number);
	log_drop(l);
}

/* A new segment; what was refused is told to be gone first of all. */
static int
log_resume(struct spool_log *l)
{
	static const uint8_t	 refused = RECORD_END_REFUSED;
	struct job		 job;
	size_t			 i;

	if (!l->failed)
		return (0);
	if (log_begin(l) == -1)
		return (-1);
	memset(&job, 0, sizeof(job));
	job.rec.type = RECORD_END;
	job.rec.bodylen = sizeof(refused);
	job.body = &refused;
	for (i = 0; i < l->ndoubt; i++) {
		job.rec.id = l->doubt[i];
		if (log_is_full(l, RECORD_HEAD + sizeof(refused)) &&
		    (log_sync(l) == -1 || log_turn(l) == -1))
			return (-1);
		if (log_append(l, &job) == -1)
			return (-1);
	}
	if (log_sync(l) == -1)
		return (-1);
	l->ndoubt = 0;
	l->failed = 0;
	return (0);
}

/* A job of the batch, all being well; *from is the first not durable. */
static int
log_job(struct spool_log *l, struct job *job, size_t i, size_t *from)
{
	if (log_is_full(l, RECORD_HEAD + job->rec.bodylen +
	    job->rec.textlen)) {
		if (log_sync(l) == -1)
			return (-1);
		*from = i;
		if (log_turn(l) == -1)
			return (-1);
	}
	return (log_append(l, job));
}

void
log_run(void **args, size_t n)
{
	struct job		*job = args[0];
	struct spool_log	*l = &job->spool->log;
	size_t			 i, from = 0;

	if (l->buf == NULL)
		l->buf = xcalloc(1, LOG_BUFFER);
	for (i = 0; i < n; i++) {
		job = args[i];
		job->status = TX_OK;
		if (job->kind == JOB_RESUME && log_resume(l) == -1)
			log_fail(l, NULL, 0);
		if (l->failed) {
			job->status = l->why;
			job->down = 1;
		} else if (job->kind != JOB_RESUME &&
		    log_job(l, job, i, &from) == -1)
			log_fail(l, args + from, i + 1 - from);
	}
	if (!l->failed && log_sync(l) == -1)
		log_fail(l, args + from, n - from);
}
