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
 * A spool of its own in a temporary folder, its messages made and known
 * by number, and the loop turned until something is so.
 */

#ifndef QUEUE_BOX_H
#define QUEUE_BOX_H

#include <sys/types.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/worker.h"
#include "smtpd/base/keyset.h"
#include "smtpd/queue/spool_job.h"

#define BOX_SEGMENT	(16 * 1024)
#define BOX_LARGE	4096

static char		 box_dir[] = "/tmp/queue_box.XXXXXX";
static unsigned int	 box_idle;	/* messages that have moved */

/* Logs of faults that are meant are no news. */
static int		 box_loud;

void
log_info(const char *fmt, ...)
{
}

void
log_warnx(const char *fmt, ...)
{
	va_list	 ap;

	if (!box_loud)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void
log_warn(const char *fmt, ...)
{
	va_list	 ap;
	int	 error = errno;

	if (!box_loud)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(error));
}

static inline void
box_moved(struct message *m)
{
	box_idle++;
}

static inline void
box_make(void)
{
	if (mkdtemp(box_dir) == NULL)
		abort();
}

/* A file of the box: "spool/log". */
static inline const char *
box_path(const char *name)
{
	static char	 paths[4][512];
	static int	 next;

	next = (next + 1) % 4;
	(void)snprintf(paths[next], sizeof(paths[next]), "%s/%s", box_dir,
	    name);
	return (paths[next]);
}

static inline void
box_remove(const char *path)
{
	struct dirent	*de;
	char		*name;
	DIR		*dir;

	if (unlink(path) == 0 || (dir = opendir(path)) == NULL)
		return;
	while ((de = readdir(dir)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		if (asprintf(&name, "%s/%s", path, de->d_name) == -1)
			abort();
		box_remove(name);
		free(name);
	}
	closedir(dir);
	(void)rmdir(path);
}

/* All files below path are removed, its directories stay. */
static inline void
box_empty(const char *path)
{
	struct dirent	*de;
	char		*name;
	DIR		*dir;

	if ((dir = opendir(path)) == NULL)
		return;
	while ((de = readdir(dir)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		if (asprintf(&name, "%s/%s", path, de->d_name) == -1)
			abort();
		if (de->d_type == DT_DIR)
			box_empty(name);
		else
			(void)unlink(name);
		free(name);
	}
	closedir(dir);
}

/* Names in a directory of the box. */
static inline unsigned int
box_count(const char *name)
{
	struct dirent	*de;
	unsigned int	 n = 0;
	DIR		*dir;

	if ((dir = opendir(box_path(name))) == NULL)
		return (0);
	while ((de = readdir(dir)) != NULL)
		n += de->d_name[0] != '.';
	closedir(dir);
	return (n);
}

/* A spool at path, opened and read. */
static inline struct spool *
box_open(const char *path, const struct spool_conf *conf)
{
	struct spool_conf	 c = { .segment = BOX_SEGMENT,
	    .large = BOX_LARGE, .reserve = 1, .segments = 1000,
	    .age = 100000 };
	struct spool		*sp;

	if (conf != NULL)
		c = *conf;
	c.idle = box_moved;
	sp = spool_new(spool_prepare(path, "nobody"), &c);
	while (spool_recover(sp))
		;
	return (sp);
}

static inline void
box_wake(int fd, short what, void *arg)
{
}

/* Turn the loop until *what; 0 after ten seconds. */
static inline int
box_until(const int *what)
{
	uint64_t	 end = clock_mono() + 10000;
	struct timeval	 tv = clock_tv(20);
	struct event	 wake;

	/* an event that wakes us up, lest nothing does */
	evtimer_set(&wake, box_wake, NULL);
	while (!*what && clock_mono() < end) {
		evtimer_add(&wake, &tv);
		if (event_loop(EVLOOP_ONCE) == -1)
			abort();
	}
	evtimer_del(&wake);
	return (*what);
}

static inline int
lane_is_quiet(const struct lane *l)
{
	return (!l->armed && worker_busy(l->worker) == 0 &&
	    TAILQ_EMPTY(&l->redo) && TAILQ_EMPTY(&l->held));
}

/* Until all that was begun has ended. */
static inline int
box_settle(struct spool *sp)
{
	uint64_t	 end = clock_mono() + 10000;

	while (!lane_is_quiet(&sp->loglane) || !lane_is_quiet(&sp->ownlane)) {
		if (clock_mono() > end)
			return (0);
		if (event_loop(EVLOOP_NONBLOCK) == -1)
			abort();
		usleep(200);
	}
	return (1);
}

/* The text of message number n. */
static inline size_t
box_text(uint32_t n, size_t len, char *buf)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		buf[i] = (char)('a' + (n * 31 + i * 7 + i / 64) % 26);
	return (len);
}

/* A message of that number with rcpts recipients; its sender says so. */
static inline struct message *
box_message(uint64_t id, uint32_t n, size_t len, uint32_t rcpts)
{
	struct envelope		 e = { .created = 1800000000, .nrcpts = rcpts };
	struct envelope_note	 note;
	struct message		*m;
	struct wbuf		 w;
	uint32_t		 i;

	memset(&note, 0, sizeof(note));
	(void)snprintf(e.sender.local, sizeof(e.sender.local), "%u.%zu", n,
	    len);
	(void)snprintf(e.sender.domain, sizeof(e.sender.domain), "s.test");
	(void)snprintf(note.rcpt.domain, sizeof(note.rcpt.domain), "r.test");
	wbuf_init(&w);
	envelope_put(&w, &e);
	for (i = 0; i < rcpts; i++) {
		(void)snprintf(note.rcpt.local, sizeof(note.rcpt.local),
		    "r%u", i);
		envelope_put_rcpt(&w, &note);
	}
	m = message_new(id, w.data, w.len);
	if (m == NULL)
		abort();
	wbuf_free(&w);
	return (m);
}

/* The number of m, and whether its text is the one it was sent with. */
static inline int
box_check(struct spool *sp, const struct message *m, uint32_t *n)
{
	static char	 want[256 * 1024], have[256 * 1024];
	struct envelope	 e;
	size_t		 len;
	int		 fd, ok;

	message_envelope(m, &e);
	if (sscanf(e.sender.local, "%u.%zu", n, &len) != 2 ||
	    len != m->length || len > sizeof(want) ||
	    (fd = spool_text(sp, m)) == -1)
		return (0);
	(void)box_text(*n, len, want);
	ok = pread(fd, have, len, (off_t)m->offset) == (ssize_t)len &&
	    memcmp(want, have, len) == 0;
	close(fd);
	return (ok);
}

/* A file with the text of message n, as a front would have written it. */
static inline int
box_file(struct spool *sp, uint32_t n, size_t len)
{
	static char	 text[256 * 1024];
	enum tx_status	 why;
	int		 fd;

	if ((fd = spool_tmpfile(sp, &why)) == -1)
		return (-1);
	(void)box_text(n, len, text);
	if (write(fd, text, len) != (ssize_t)len)
		abort();
	return (fd);
}

struct box_commit {
	struct message	*m;		/* NULL: was refused */
	enum tx_status	 status;
	int		 done, fd;
};

static inline void
box_committed(void *arg, enum tx_status status)
{
	struct box_commit	*c = arg;

	c->status = status;
	c->done = 1;
	close(c->fd);
	if (status != TX_OK) {
		message_free(c->m);
		c->m = NULL;
	}
}

/* Begin the commit of message n; the answer will be in *c. */
static inline void
box_begin(struct spool *sp, struct box_commit *c, uint32_t n, size_t len,
    uint32_t rcpts)
{
	memset(c, 0, sizeof(*c));
	if ((c->fd = box_file(sp, n, len)) == -1) {
		c->status = TX_TEMPFAIL;
		c->done = 1;
		return;
	}
	c->m = box_message(spool_id(sp), n, len, rcpts);
	spool_commit(sp, c->m, c->fd, len, box_committed, c);
}

/* A commit and its end; NULL when it was refused. */
static inline struct message *
box_add(struct spool *sp, uint32_t n, size_t len, uint32_t rcpts)
{
	struct box_commit	 c;

	box_begin(sp, &c, n, len, rcpts);
	if (!box_until(&c.done))
		abort();
	return (c.m);
}

#endif
