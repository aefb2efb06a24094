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
 * The durable spool, smtpd-queue(5).  Calls are for the event loop; what
 * waits for a disk is done in threads behind them.
 */

#ifndef SPOOL_H
#define SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_tx.h"

struct message;
struct spool;

struct spool_conf {
	uint64_t	 segment;	/* octets of a segment; 0: 16 MiB */
	uint64_t	 large;		/* a message over that gets its own
					   file; 0: what fits in the log */
	uint64_t	 reserve;	/* octets that stay free; 0: 64 MiB */
	unsigned int	 segments;	/* over that many the oldest is emptied;
					   0: 64 */
	unsigned int	 age;		/* s after which it is; 0: 900 */
	void		(*idle)(struct message *); /* not moving any more */
};

struct spool_stats {
	uint64_t	 messages, segments, own; /* there now */
	uint64_t	 committed, refused, notes, syncs, moved; /* since
								start */
	int		 down;		/* the last write failed */
};

/*
 * Open the spool directory path: make it (not its parents) when absent,
 * give it to user when started by root, lock it.  A second server on it is
 * fatal, and so is a directory that others may write to.  Returns the
 * directory's descriptor, which has the lock.
 */
int	 spool_prepare(const char *path, const char *user);

/*
 * Take over dirfd, the working directory of this process, for a spool.
 * Then spool_recover is called until it returns 0: each call reads one
 * segment or a few files.  After that the spool is open, and its index
 * complete.  Any failure to read or begin is fatal.
 */
struct spool *spool_new(int dirfd, const struct spool_conf *);
int	 spool_recover(struct spool *);

/* Wait for what is under way, call its callbacks, free. */
void	 spool_close(struct spool *);

/* An id that no message of this spool ever had. */
uint64_t spool_id(struct spool *);

/*
 * A file without a name for the text of a message, for writing; or -1 and
 * *why.  The caller closes it.
 */
int	 spool_tmpfile(struct spool *, enum tx_status *why);

/*
 * Make m durable with the length octets of text in fd, which stays open
 * and the caller's.  done comes later with TX_OK, and m is in the index;
 * or with another status, and m must be freed: then it is nowhere.
 */
void	 spool_commit(struct spool *, struct message *m, int fd,
	    uint64_t length, void (*done)(void *, enum tx_status), void *arg);

/*
 * Remember what became of m, of its i-th recipient, of one mailbox of it.
 * These return at once and are written with the next group; what fails is
 * written again until it succeeds.
 */
void	 spool_note_hold(struct spool *, const struct message *m);
void	 spool_note_state(struct spool *, const struct message *m,
	    uint32_t i);
void	 spool_note_done(struct spool *, const struct message *m, uint32_t i,
	    const char *key);

/* m is finished: out of the index, and freed.  reason: enum record_end. */
void	 spool_end(struct spool *, struct message *m, uint8_t reason);

/*
 * A fresh descriptor for reading the text of m, which begins at m->offset;
 * -1 with errno.
 */
int	 spool_text(struct spool *, const struct message *m);

/* The index, by ids: that one; the first after id; NULL. */
struct message *spool_find(struct spool *, uint64_t id);
struct message *spool_next(struct spool *, uint64_t id);

void	 spool_stats(const struct spool *, struct spool_stats *);

/* Empty the oldest segments if it is time; called now and then. */
void	 spool_sweep(struct spool *);

#endif
