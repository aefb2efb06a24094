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
 * The files of single messages, and what is removed.  One thread runs all
 * of this, in order.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define OWN_BUFFER	(256 * 1024)

int
spool_sync_own(int ownfd, const char *name)
{
	char	 dir[3];
	int	 fd, ret;

	(void)snprintf(dir, sizeof(dir), "%.2s", name);
	fd = openat(ownfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    O_NOFOLLOW);
	if (fd == -1)
		return (-1);
	ret = fsync(fd);
	(void)close(fd);	/* a directory: nothing was written */
	return (ret);
}

/* The text, from where it is, to the octets from offset on. */
static int
own_text(struct spool_own *o, struct job *job, int fd, uint64_t offset)
{
	uint64_t	 done;
	size_t		 n;

	job->rec.textsum = 0;
	for (done = 0; done < job->rec.textlen; done += n) {
		n = OWN_BUFFER;
		if (n > job->rec.textlen - done)
			n = (size_t)(job->rec.textlen - done);
		if (spool_pread(job->textfd, o->buf, n,
		    job->textoff + done) == -1 ||
		    spool_pwrite(fd, o->buf, n, offset + done) == -1)
			return (-1);
		job->rec.textsum = record_sum(job->rec.textsum, o->buf, n);
	}
	return (0);
}

/* All of the file: the head last, for it has the checksum of the text. */
static int
own_write(struct spool_own *o, struct job *job, int fd)
{
	uint8_t		 head[RECORD_HEAD];
	uint64_t	 end;

	job->rec.segment = job->segment = 0;
	job->offset = RECORD_HEAD + job->rec.bodylen;
	end = job->offset + job->rec.textlen;
	if (spool_pwrite(fd, job->body, job->rec.bodylen,
	    sizeof(head)) == -1 ||
	    own_text(o, job, fd, job->offset) == -1 ||
	    spool_pwrite(fd, job->extra, job->extralen, end) == -1)
		return (-1);
	record_seal(head, &job->rec, job->body);
	if (spool_pwrite(fd, head, sizeof(head), 0) == -1)
		return (-1);
	job->own->end = end + job->extralen;
	return (fsync(fd));
}

/*
 * Contents, then name, then directory.  When it fails the name is taken
 * back; doubt says that this is not certain.
 */
static int
own_create(struct spool_own *o, struct job *job)
{
	char	 tmp[SPOOL_NAME_SIZE], name[SPOOL_NAME_SIZE];
	int	 fd, saved_errno, ret;

	spool_name_tmp(tmp, job->rec.id);
	spool_name_own(name, job->rec.id);
	fd = openat(o->tmpfd, tmp, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd == -1)
		return (-1);
	ret = own_write(o, job, fd);
	saved_errno = errno;
	if (close(fd) == -1)
		ret = -1;
	else
		errno = saved_errno;
	if (ret == -1 || renameat(o->tmpfd, tmp, o->ownfd, name) == -1) {
		saved_errno = errno;
		/* if it stays, the next start removes it */
		(void)unlinkat(o->tmpfd, tmp, 0);
		errno = saved_errno;
		return (-1);
	}
	if (spool_sync_own(o->ownfd, name) == 0)
		return (0);
	saved_errno = errno;
	job->doubt = unlinkat(o->ownfd, name, 0) == -1 ||
	    spool_sync_own(o->ownfd, name) == -1;
	errno = saved_errno;
	return (-1);
}

/* Append to the message's own file: all jobs are for the same one. */
static int
own_append(struct spool_own *o, void **args, size_t n)
{
	struct job	*job = args[0];
	struct own_file	*own = job->own;
	char		 name[SPOOL_NAME_SIZE];
	uint8_t		 head[RECORD_HEAD];
	uint64_t	 end = own->end;
	size_t		 i;
	int		 fd, ret, saved_errno;

	spool_name_own(name, job->rec.id);
	fd = openat(o->ownfd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	/* taken away by hand: nothing is left to remember */
	if (fd == -1)
		return (errno == ENOENT ? 0 : -1);
	ret = 0;
	for (i = 0; i < n && ret == 0; i++) {
		job = args[i];
		job->rec.segment = 0;
		record_seal(head, &job->rec, job->body);
		if (spool_pwrite(fd, head, sizeof(head), end) == -1 ||
		    spool_pwrite(fd, job->body, job->rec.bodylen,
		    end + sizeof(head)) == -1)
			ret = -1;
		end += sizeof(head) + job->rec.bodylen;
	}
	if (ret == 0)
		ret = fdatasync(fd);
	saved_errno = errno;
	if (close(fd) == -1)
		ret = -1;
	else
		errno = saved_errno;
	/* what failed is written again at the same place */
	if (ret == 0)
		own->end = end;
	return (ret);
}

static int
own_unlink(struct spool_own *o, struct job *job)
{
	char	 name[SPOOL_NAME_SIZE];

	spool_name_own(name, job->rec.id);
	if (unlinkat(o->ownfd, name, 0) == -1 && errno != ENOENT)
		return (-1);
	return (spool_sync_own(o->ownfd, name));
}

/*
 * Durable before the next is removed: a younger segment may say that a
 * message of this one is gone.
 */
static int
own_segment(struct spool_own *o, struct job *job)
{
	char	 name[SPOOL_NAME_SIZE];
	int	 ret;

	if (o->stuck)
		return (0);
	spool_name_segment(name, job->segment);
	if (job->keep)
		ret = renameat(o->logfd, name, o->badfd, name);
	else
		ret = unlinkat(o->logfd, name, 0);
	if (ret == -1 && errno != ENOENT)
		return (-1);
	return (fsync(o->logfd));
}

/* How many of the jobs, from the first on, are one append? */
static size_t
own_group(void **args, size_t n)
{
	const struct job	*first = args[0], *job;
	size_t			 i;

	for (i = 1; i < n && first->kind == JOB_NOTE; i++) {
		job = args[i];
		if (job->kind != JOB_NOTE || job->own != first->own)
			break;
	}
	return (i < n ? i : n);
}

static int
own_job(struct spool_own *o, void **args, size_t n)
{
	struct job	*job = args[0];

	switch (job->kind) {
	case JOB_COMMIT:
	case JOB_MOVE:
		return (own_create(o, job));
	case JOB_NOTE:
		return (own_append(o, args, n));
	case JOB_UNLINK:
		return (own_unlink(o, job));
	case JOB_SEGMENT:
		return (own_segment(o, job));
	case JOB_RESUME:
		o->failed = 0;
		break;
	}
	return (0);
}

/*
 * Is it that one file, and not the disk?  Somebody has changed its rights
 * or put something else there: that must not hold up all the others.
 */
static int
own_is_odd(void)
{
	return (errno == EACCES || errno == EPERM || errno == ELOOP ||
	    errno == EISDIR || errno == ENOTDIR || errno == ENXIO);
}

/* A group of jobs; 0 or -1. */
static int
own_try(struct spool_own *o, void **args, size_t n)
{
	struct job	*job = args[0];

	if (own_job(o, args, n) == 0)
		return (0);
	o->why = spool_why();
	log_warn("message=%016" PRIx64 " event=spool-error", job->rec.id);
	if (job->kind == JOB_COMMIT || job->kind == JOB_MOVE)
		return (-1);
	if (own_is_odd()) {
		log_warnx("message=%016" PRIx64 " event=forgotten",
		    job->rec.id);
		/* no segment may go before an older one: all stay */
		o->stuck |= job->kind == JOB_SEGMENT;
		return (0);
	}
	/* order counts for the others: they wait for this one */
	o->failed = 1;
	return (-1);
}

void
own_run(void **args, size_t n)
{
	struct job		*job = args[0];
	struct spool_own	*o = &job->spool->own;
	size_t			 i, j, group;
	int			 single, ret;

	if (o->buf == NULL)
		o->buf = xcalloc(1, OWN_BUFFER);
	for (i = 0; i < n; i += group) {
		job = args[i];
		single = job->kind == JOB_COMMIT || job->kind == JOB_MOVE;
		group = own_group(args + i, n - i);
		ret = -1;
		/* a message that is refused needs no other to wait */
		if (!o->failed || single || job->kind == JOB_RESUME)
			ret = own_try(o, args + i, group);
		for (j = i; j < i + group; j++) {
			job = args[j];
			job->status = ret == 0 ? TX_OK : o->why;
			job->down = ret == -1 && !single;
		}
	}
}
