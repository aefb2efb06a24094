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
 * The steps of a delivery and their undoing: https://cr.yp.to/proto/maildir
 * with directories synced, and S= in names as Maildir++ has it.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/template.h"
#include "smtpd/deliver/boxdir.h"
#include "smtpd/deliver/boxusage.h"
#include "smtpd/deliver/copy.h"
#include "smtpd/deliver/maildir.h"
#include "smtpd/deliver/sweep.h"

#define MAILDIR_HOST_MAX	128	/* octets of our name in file names */
#define MAILDIR_LOCKS		64	/* mailboxes with a quota, by hash */

/* One delivery under way. */
struct run {
	const struct maildir_ask *ask;
	struct maildir_answer	*ans;
	int			 chain[TEMPLATE_DEPTH_MAX + 1];
	size_t			 n;	/* of chain; the last is the box */
	int			 tmp, new, cur;
	uint64_t		 size;	/* octets of the copy */
	char			 stem[TEMPLATE_NAME_MAX + 1];
	char			 tmpname[TEMPLATE_NAME_MAX + 1];
	char			 name[TEMPLATE_NAME_MAX + 1];
};

static pthread_mutex_t	 locks[MAILDIR_LOCKS];

void
maildir_init(void)
{
	size_t	 i;

	for (i = 0; i < MAILDIR_LOCKS; i++)
		if (pthread_mutex_init(&locks[i], NULL) != 0)
			fatalx("maildir: no lock");
	sweep_init();
}

/* Fill in why this delivery ends; the text names path and cause. */
static int
run_fail(struct run *r, const char *what, const char *why)
{
	r->ans->status = DELIVER_TEMPFAIL;
	(void)snprintf(r->ans->text, sizeof(r->ans->text),
	    "%.120s%s%.60s: %.60s", r->ask->path, *what == '\0' ? "" : ": ",
	    what, why);
	return (-1);
}

static int
run_box(const struct run *r)
{
	return (r->chain[r->n - 1]);
}

/* Down to the mailbox, name by name. */
static int
run_walk(struct run *r, int *made)
{
	char		 name[TEMPLATE_NAME_MAX + 1];
	const char	*p = r->ask->path;
	size_t		 len;
	int		 fd;

	for (;; p += len + 1) {
		len = strcspn(p, "/");
		if (len >= sizeof(name) || r->n > TEMPLATE_DEPTH_MAX)
			return (run_fail(r, "", "is no usable path"));
		memcpy(name, p, len);
		name[len] = '\0';
		if ((fd = boxdir_make(run_box(r), name, made)) == -1)
			return (run_fail(r, name, boxdir_fault(errno)));
		r->chain[r->n++] = fd;
		if (p[len] == '\0')
			return (0);
	}
}

static int
run_sync_chain(struct run *r)
{
	size_t	 i;

	for (i = r->n; i-- > 0;)
		if (fsync(r->chain[i]) == -1)
			return (run_fail(r, "fsync", strerror(errno)));
	return (0);
}

/*
 * Open the mailbox.  tmp/ is made last, when all the names above it are on
 * stable storage: where it exists, another thread's or an earlier
 * process's new directories need no sync of ours.
 */
static int
run_open(struct run *r)
{
	int	 made = 0;

	if (run_walk(r, &made) == -1)
		return (-1);
	if ((r->tmp = boxdir_open(run_box(r), "tmp")) == -1) {
		if (errno != ENOENT)
			return (run_fail(r, "tmp", boxdir_fault(errno)));
		made = 1;
	}
	if ((r->new = boxdir_make(run_box(r), "new", &made)) == -1)
		return (run_fail(r, "new", boxdir_fault(errno)));
	if ((r->cur = boxdir_make(run_box(r), "cur", &made)) == -1)
		return (run_fail(r, "cur", boxdir_fault(errno)));
	if (made && run_sync_chain(r) == -1)
		return (-1);
	if (r->tmp == -1 &&
	    (r->tmp = boxdir_make(run_box(r), "tmp", &made)) == -1)
		return (run_fail(r, "tmp", boxdir_fault(errno)));
	return (0);
}

static void
run_close(struct run *r)
{
	/* directories: nothing is lost when these fail */
	if (r->tmp != -1)
		(void)close(r->tmp);
	if (r->new != -1)
		(void)close(r->new);
	if (r->cur != -1)
		(void)close(r->cur);
	while (r->n > 1)
		(void)close(r->chain[--r->n]);
}

/* The names of this copy: the same at each try, but for the one in tmp/. */
static void
run_name(struct run *r)
{
	static atomic_uint	 tries;

	(void)snprintf(r->stem, sizeof(r->stem),
	    "%" PRId64 ".M%016" PRIx64 "R%" PRIu32 "I%" PRIu32 ".%.*s",
	    r->ask->created, r->ask->id, r->ask->rcpt, r->ask->item,
	    MAILDIR_HOST_MAX, r->ask->hostname);
	(void)snprintf(r->tmpname, sizeof(r->tmpname), "%.*s.%s%u",
	    TEMPLATE_NAME_MAX - 40, r->stem, sweep_mark(),
	    atomic_fetch_add(&tries, 1));
}

/* Head and text into tmp/, contents synced. */
static int
run_write(struct run *r)
{
	int	 error, fd;

	fd = openat(r->tmp, r->tmpname, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return (run_fail(r, "tmp", strerror(errno)));
	error = 0;
	if (copy_message(fd, r->ask->head, r->ask->fd, r->ask->offset,
	    r->ask->length, &r->size) == -1 || fsync(fd) == -1)
		error = errno;
	if (close(fd) == -1 && error == 0)
		error = errno;
	if (error == 0) {
		(void)snprintf(r->name, sizeof(r->name), "%.*s,S=%" PRIu64,
		    TEMPLATE_NAME_MAX - 24, r->stem, r->size);
		return (0);
	}
	if (unlinkat(r->tmp, r->tmpname, 0) == -1)
		log_warn("%s: unlink %s", r->ask->path, r->tmpname);
	return (run_fail(r, "tmp", error == EIO ? "short message or bad disk" :
	    strerror(error)));
}

/* Does the mailbox have room for it?  One that is there already does. */
static int
run_room(struct run *r)
{
	const char	*what;
	char		 tmpname[TEMPLATE_NAME_MAX + 1];

	if (r->ask->quota == 0)
		return (0);
	(void)snprintf(tmpname, sizeof(tmpname), "%.*s.q",
	    TEMPLATE_NAME_MAX - 2, r->tmpname);
	if (boxusage_get(run_box(r), r->ask->quota, r->size, tmpname,
	    &r->ans->usage, &what) == -1)
		return (run_fail(r, what, boxdir_fault(errno)));
	r->ans->counted = 1;
	if (r->size <= r->ask->quota &&
	    r->ans->usage <= r->ask->quota - r->size)
		return (0);
	(void)run_fail(r, "", "mailbox full");
	r->ans->status = DELIVER_QUOTA;
	return (-1);
}

/* The copy of an earlier try: 1 when it is in new/, -1 for a stranger. */
static int
run_repeat(struct run *r)
{
	struct stat	 st;

	if (fstatat(r->new, r->name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno == ENOENT)
			return (0);
		return (run_fail(r, "new", strerror(errno)));
	}
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != r->size ||
	    st.st_uid != geteuid())
		return (run_fail(r, r->name, "is in the way"));
	return (1);
}

/* From tmp/ to new/, never over another file; the name synced. */
static int
run_place(struct run *r)
{
	int	 repeat;

	if ((repeat = run_repeat(r)) == -1)
		return (-1);
	if (!repeat) {
		if (run_room(r) == -1)
			return (-1);
		if (linkat(r->tmp, r->tmpname, r->new, r->name, 0) == -1)
			return (run_fail(r, "new", strerror(errno)));
	}
	/* also for a repeat: the first try may have ended before this */
	if (fsync(r->new) == -1) {
		(void)run_fail(r, "fsync", strerror(errno));
		if (!repeat && unlinkat(r->new, r->name, 0) == -1)
			log_warn("%s: unlink %s", r->ask->path, r->name);
		return (-1);
	}
	if (!repeat && r->ask->quota != 0) {
		boxusage_add(run_box(r), r->size);
		r->ans->usage += r->size;
	}
	return (0);
}

/* Deliveries to one mailbox with a quota wait for each other: the sum. */
static pthread_mutex_t *
run_lock(const struct maildir_ask *ask)
{
	const char	*p;
	unsigned int	 h = 0;

	if (ask->quota == 0)
		return (NULL);
	for (p = ask->path; *p != '\0'; p++)
		h = h * 31 + (unsigned char)*p;
	return (&locks[h % MAILDIR_LOCKS]);
}

void
maildir_deliver(const struct maildir_ask *ask, struct maildir_answer *ans)
{
	struct run	 r = {
		.ask = ask, .ans = ans, .chain = { ask->root }, .n = 1,
		.tmp = -1, .new = -1, .cur = -1
	};
	pthread_mutex_t	*lock;

	memset(ans, 0, sizeof(*ans));
	run_name(&r);
	if (run_open(&r) == -1)
		goto done;
	sweep_tmp(r.tmp, r.stem);
	if (run_write(&r) == -1)
		goto done;
	if ((lock = run_lock(ask)) != NULL)
		(void)pthread_mutex_lock(lock);
	if (run_place(&r) == 0)
		ans->status = DELIVER_OK;
	if (lock != NULL)
		(void)pthread_mutex_unlock(lock);
	if (unlinkat(r.tmp, r.tmpname, 0) == -1)
		log_warn("%s: unlink %s", ask->path, r.tmpname);
done:
	run_close(&r);
}
