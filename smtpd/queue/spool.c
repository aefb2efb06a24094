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
 * The spool as the event loop sees it: the index, commits, free space.
 */

#include <sys/types.h>
#include <sys/statvfs.h>
#include <bsd/stdlib.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/worker.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define SPOOL_SEGMENT	(16 * 1024 * 1024)
#define SPOOL_RESERVE	(64 * 1024 * 1024)
#define SPOOL_INODES	64		/* that stay free */
#define SPOOL_LOOK	1000		/* ms between looks at free space */
#define SPOOL_SEGMENTS	64
#define SPOOL_AGE	900
#define SPOOL_GROUP	4096		/* commits made durable together */
#define SPOOL_OWN_GROUP	64

uint64_t
spool_id(struct spool *sp)
{
	uint64_t	 id;

	/*
	 * 2^24 in one second may be given.  When the clock goes back, and
	 * no record tells of the second that comes again, chance alone keeps
	 * them apart; deliver takes an id that it knows for a second try.
	 */
	id = (uint64_t)clock_wall() << 24 | arc4random_uniform(1 << 23);
	if (id <= sp->last_id)
		id = sp->last_id + 1;
	sp->last_id = id;
	return (id);
}

/* Is there room for more mail?  The system is not asked every time. */
static enum tx_status
spool_room(struct spool *sp)
{
	struct statvfs	 v;
	enum tx_status	 was = sp->room;
	uint64_t	 now = clock_mono();

	if (sp->now_ms != 0 && now - sp->now_ms < SPOOL_LOOK)
		return (sp->room);
	sp->now_ms = now;
	sp->room = TX_OK;
	if (fstatvfs(sp->dirfd, &v) == -1) {
		log_warn("spool: statvfs");
		sp->room = TX_TEMPFAIL;
		return (sp->room);
	}
	if ((uint64_t)v.f_bavail * v.f_frsize < sp->conf.reserve ||
	    (v.f_files != 0 && v.f_favail < SPOOL_INODES))
		sp->room = TX_FULL;
	if (sp->room != was)
		log_warnx("spool: event=%s free=%" PRIu64, sp->room == TX_OK ?
		    "room" : "full", (uint64_t)v.f_bavail * v.f_frsize);
	return (sp->room);
}

/* Where O_TMPFILE is not known: a name for a moment. */
static int
spool_tmpfile_named(struct spool *sp)
{
	char	 name[SPOOL_NAME_SIZE];
	int	 fd;

	spool_name_tmp(name, spool_id(sp));
	fd = openat(sp->tmpfd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd != -1 && unlinkat(sp->tmpfd, name, 0) == -1)
		log_warn("spool: tmp/%s", name);
	return (fd);
}

int
spool_tmpfile(struct spool *sp, enum tx_status *why)
{
	int	 fd = -1;

	if ((*why = spool_room(sp)) != TX_OK)
		return (-1);
#ifdef O_TMPFILE
	if (!sp->named) {
		fd = openat(sp->tmpfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
		    0600);
		sp->named = fd == -1 && (errno == EOPNOTSUPP ||
		    errno == EISDIR || errno == EINVAL);
	}
#else
	sp->named = 1;
#endif
	if (sp->named)
		fd = spool_tmpfile_named(sp);
	if (fd == -1) {
		*why = spool_why();
		log_warn("spool: new file");
	}
	return (fd);
}

static struct segment *
spool_new_segment(struct spool *sp, uint32_t number)
{
	struct segment	*seg;

	seg = xcalloc(1, sizeof(*seg));
	seg->number = number;
	seg->created = clock_wall();
	TAILQ_INSERT_TAIL(&sp->segments, seg, entry);
	sp->stats.segments++;
	return (seg);
}

struct segment *
spool_segment(struct spool *sp, uint32_t number)
{
	struct segment	*seg;

	/* the one in question is nearly always the last */
	TAILQ_FOREACH_REVERSE(seg, &sp->segments, segment_queue, entry)
		if (seg->number <= number)
			break;
	if (seg != NULL && seg->number == number)
		return (seg);
	if (seg != TAILQ_LAST(&sp->segments, segment_queue))
		fatalx("spool: segment %" PRIu32 " is long gone", number);
	return (spool_new_segment(sp, number));
}

/*
 * The log has come to that segment.  One in between, in which nothing
 * succeeded, may have refused messages that a later one names as gone: it
 * stands in the list as well, so that it goes first.
 */
static void
spool_reached(struct spool *sp, uint32_t number)
{
	struct segment	*last = TAILQ_LAST(&sp->segments, segment_queue);
	uint32_t	 n = sp->began;

	if (last != NULL && last->number > n)
		n = last->number;
	while (n < number)
		(void)spool_new_segment(sp, ++n);
}

int
spool_insert(struct spool *sp, struct message *m)
{
	if (RB_INSERT(message_tree, &sp->index, m) != NULL)
		return (-1);
	sp->stats.messages++;
	if (m->own != NULL)
		sp->stats.own++;
	else
		spool_segment(sp, m->segment)->live++;
	return (0);
}

void
spool_remove(struct spool *sp, struct message *m)
{
	RB_REMOVE(message_tree, &sp->index, m);
	sp->stats.messages--;
	if (m->own != NULL)
		sp->stats.own--;
	else
		spool_segment(sp, m->segment)->live--;
}

static void
spool_committed(struct job *job)
{
	struct spool	*sp = job->spool;
	struct message	*m = job->message;

	if (job->status != TX_OK) {
		sp->stats.refused++;
		log_warnx("message=%016" PRIx64 " event=refused reason=%s",
		    m->id, job->status == TX_FULL ? "full" : "error");
	} else {
		sp->stats.committed++;
		m->segment = job->segment;
		m->offset = job->offset;
		m->own = job->own;
		job->own = NULL;
		if (spool_insert(sp, m) == -1)
			fatalx("spool: id %016" PRIx64 " given twice", m->id);
	}
	job->done(job->arg, job->status);
}

/* What the end of each kind of job leads to. */
static void
spool_finish(struct job *job)
{
	struct job	*undone = NULL;

	switch (job->kind) {
	case JOB_COMMIT:
		spool_committed(job);
		free(job->own);
		break;
	case JOB_MOVE:
		spool_moved(job);
		break;
	case JOB_NOTE:
		job->spool->stats.notes++;
		if (job->done != NULL)
			job->done(job->arg, job->status);
		break;
	case JOB_UNLINK:
		free(job->own);
		undone = job->arg;
		break;
	case JOB_SEGMENT:
	case JOB_RESUME:
		break;
	}
	job_free(job);
	/* its file is certainly gone: now it can be said that it failed */
	if (undone != NULL)
		spool_finish(undone);
}

static void
spool_log_done(void *arg)
{
	struct job	*job = arg;
	struct spool	*sp = job->spool;

	if (lane_done(&sp->loglane, job))
		return;
	/* all that went before this one is known by now */
	if (job->status == TX_OK)
		spool_reached(sp, job->segment);
	spool_finish(job);
	spool_trim(sp);
}

static void
spool_own_done(void *arg)
{
	struct job	*job = arg, *undo;
	struct spool	*sp = job->spool;

	if (lane_done(&sp->ownlane, job))
		return;
	if (!job->doubt) {
		spool_finish(job);
		return;
	}
	undo = job_new(sp, JOB_UNLINK, NULL, RECORD_END);
	undo->rec.id = job->rec.id;
	undo->arg = job;
	job->doubt = 0;
	lane_add(&sp->ownlane, undo);
}

void
spool_commit(struct spool *sp, struct message *m, int fd, uint64_t length,
    void (*done)(void *, enum tx_status), void *arg)
{
	struct job	*job;

	job = job_new(sp, JOB_COMMIT, m, RECORD_MESSAGE);
	job->rec.bodylen = m->bodylen;
	job->rec.textlen = length;
	job->body = m->body;
	job->textfd = fd;
	job->message = m;
	job->done = done;
	job->arg = arg;
	m->length = length;
	if (RECORD_HEAD + m->bodylen + length <= sp->conf.large)
		lane_add(&sp->loglane, job);
	else {
		job->own = xcalloc(1, sizeof(*job->own));
		lane_add(&sp->ownlane, job);
	}
}

int
spool_text(struct spool *sp, const struct message *m)
{
	char	 name[SPOOL_NAME_SIZE];

	if (m->own != NULL)
		spool_name_own(name, m->id);
	else
		spool_name_segment(name, m->segment);
	return (openat(m->own != NULL ? sp->ownfd : sp->logfd, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

struct message *
spool_find(struct spool *sp, uint64_t id)
{
	struct message	 key = { .id = id };

	return (RB_FIND(message_tree, &sp->index, &key));
}

struct message *
spool_next(struct spool *sp, uint64_t id)
{
	struct message	 key = { .id = id + 1 };

	return (id == UINT64_MAX ? NULL :
	    RB_NFIND(message_tree, &sp->index, &key));
}

void
spool_stats(const struct spool *sp, struct spool_stats *st)
{
	*st = sp->stats;
	/* of another thread, and only a figure to look at */
	st->syncs = __atomic_load_n(&sp->log.syncs, __ATOMIC_RELAXED);
	st->down = sp->loglane.pause != 0 || sp->ownlane.pause != 0;
}

static void
spool_defaults(struct spool_conf *c)
{
	if (c->segment == 0)
		c->segment = SPOOL_SEGMENT;
	if (c->large == 0 || c->large > RECORD_LOG_MAX)
		c->large = RECORD_LOG_MAX;
	if (c->reserve == 0)
		c->reserve = SPOOL_RESERVE;
	if (c->segments == 0)
		c->segments = SPOOL_SEGMENTS;
	if (c->age == 0)
		c->age = SPOOL_AGE;
}

struct spool *
spool_new(int dirfd, const struct spool_conf *conf)
{
	struct spool	*sp;

	sp = xcalloc(1, sizeof(*sp));
	sp->dirfd = dirfd;
	sp->logfd = sp->ownfd = sp->tmpfd = sp->badfd = sp->log.fd = -1;
	sp->conf = *conf;
	spool_defaults(&sp->conf);
	RB_INIT(&sp->index);
	TAILQ_INIT(&sp->segments);
	return (sp);
}

void
spool_start(struct spool *sp)
{
	sp->log.dirfd = sp->own.logfd = sp->logfd;
	sp->log.size = sp->conf.segment;
	sp->log.last_id = sp->last_id;
	sp->own.ownfd = sp->ownfd;
	sp->own.tmpfd = sp->tmpfd;
	sp->own.badfd = sp->badfd;
	sp->began = sp->log.number;
	lane_start(&sp->loglane, sp, SPOOL_GROUP, log_run, spool_log_done);
	lane_start(&sp->ownlane, sp, SPOOL_OWN_GROUP, own_run,
	    spool_own_done);
	if (log_begin(&sp->log) == 0)
		spool_reached(sp, sp->log.number);
	else {
		/* what is here can be delivered, which may give room */
		if (spool_why() != TX_FULL)
			fatal("spool: new segment");
		log_warn("spool: new segment");
		sp->log.failed = 1;
		sp->log.why = TX_FULL;
		lane_fail(&sp->loglane);
	}
	spool_trim(sp);
}

void
spool_close(struct spool *sp)
{
	struct message	*m;
	struct segment	*seg;

	if (sp == NULL)
		return;
	sp->closing = 1;
	if (sp->loglane.worker != NULL) {
		lane_stop(&sp->loglane);
		lane_stop(&sp->ownlane);
		while (lane_drain(&sp->loglane) || lane_drain(&sp->ownlane))
			;
		if (sp->loglane.lost + sp->ownlane.lost != 0)
			log_warnx("spool: %u outcomes could not be written",
			    sp->loglane.lost + sp->ownlane.lost);
	}
	log_close(&sp->log);
	free(sp->own.buf);
	while ((m = RB_MIN(message_tree, &sp->index)) != NULL) {
		RB_REMOVE(message_tree, &sp->index, m);
		free(m->own);
		message_free(m);
	}
	while ((seg = TAILQ_FIRST(&sp->segments)) != NULL) {
		TAILQ_REMOVE(&sp->segments, seg, entry);
		free(seg);
	}
	recovery_free(sp);
	/* directories: nothing is lost when these fail */
	(void)close(sp->logfd);
	(void)close(sp->ownfd);
	(void)close(sp->tmpfd);
	(void)close(sp->badfd);
	(void)close(sp->dirfd);
	free(sp);
}
