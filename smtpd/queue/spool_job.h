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
 * Inside the spool: what the event loop and its two threads hand each
 * other.  The log's thread appends to segments, the own thread keeps the
 * files of single messages and removes what is not needed any more.
 */

#ifndef SPOOL_JOB_H
#define SPOOL_JOB_H

#include <bsd/sys/queue.h>

#include <event.h>
#include <stddef.h>
#include <stdint.h>

#include "smtpd/queue/envelope.h"
#include "smtpd/queue/spool.h"
#include "smtpd/queue/spool_record.h"

struct worker;

enum job_kind {
	JOB_COMMIT,		/* a message into the log, or its own file */
	JOB_NOTE,		/* a record into the log, or its own file */
	JOB_MOVE,		/* own: copy a message out of its segment */
	JOB_UNLINK,		/* own: the file of a message */
	JOB_SEGMENT,		/* own: a segment goes */
	JOB_RESUME		/* work again after a failure */
};

struct job {
	enum job_kind	 kind;
	struct spool	*spool;
	struct record	 rec;
	const uint8_t	*body;		/* of the record: bodylen octets */
	struct wbuf	*wbuf;		/* that body is in, or NULL */
	int		 textfd;	/* its text, at textoff; or -1 */
	uint64_t	 textoff;
	uint8_t		*extra;		/* MOVE: the records that follow */
	size_t		 extralen;
	struct own_file	*own;		/* of the message, or NULL */
	struct message	*message;	/* COMMIT, MOVE: the loop's */
	int		 keep;		/* SEGMENT: is damaged, put aside */
	/* what became of it */
	enum tx_status	 status;
	int		 down;		/* the thread wants a RESUME */
	int		 doubt;		/* refused, but its file is there */
	uint32_t	 segment;
	uint64_t	 offset;	/* of the text */
	void		(*done)(void *, enum tx_status);
	void		*arg;
	TAILQ_ENTRY(job) entry;
};

TAILQ_HEAD(job_queue, job);

/* The end of a message's own file; only the own thread looks into it. */
struct own_file {
	uint64_t	 end;
};

/*
 * A thread and its jobs.  When one fails, the thread refuses all until it
 * gets a RESUME, and new ones are held.  Once everything has come back,
 * RESUME is sent, then the notes that failed, then what was held: the
 * order of the notes never changes.
 */
struct lane {
	struct spool	*spool;
	struct worker	*worker;	/* NULL: not started, or stopped */
	void		(*run)(void **, size_t);
	void		(*done)(void *);
	struct job_queue redo, held;
	struct event	 timer;
	unsigned int	 pause;		/* ms, 0 when all is well */
	int		 armed;
	unsigned int	 lost;		/* outcomes, at the end */
};

/* The log's thread. */
struct spool_log {
	int		 dirfd;
	int		 fd;		/* the segment, or -1 */
	uint32_t	 number;	/* of the segment, or of the last */
	uint64_t	 size;		/* of a segment */
	uint64_t	 end, synced;	/* handed to the system; durable */
	uint8_t		*buf;		/* not handed over yet */
	size_t		 buflen;
	int		 failed;
	enum tx_status	 why;
	uint64_t	 last_id;
	uint64_t	*doubt;		/* refused, and perhaps on disk:
					   a sync that failed tells nothing */
	size_t		 ndoubt;
	uint64_t	 syncs;
};

/* The own thread. */
struct spool_own {
	int		 tmpfd, ownfd, logfd, badfd;
	uint8_t		*buf;
	int		 failed;
	int		 stuck;		/* a segment cannot be removed */
	enum tx_status	 why;
};

struct segment {
	uint32_t	 number;
	uint32_t	 live;		/* messages whose text is in it */
	int64_t		 created;	/* Epoch s */
	int		 damaged;
	TAILQ_ENTRY(segment) entry;
};

TAILQ_HEAD(segment_queue, segment);

/* A file of a single message that was found at the start. */
enum own_home {
	OWN_ALONE,		/* the log says nothing of the message */
	OWN_LOG,		/* the log has it: was about to move */
	OWN_MOVED,
	OWN_ENDED
};

struct own_found {
	uint64_t	 id;
	enum own_home	 home;
};

/* What a start has seen so far. */
struct recovery {
	uint64_t	 began;		/* clock_mono() */
	uint32_t	*numbers;	/* of the segments, in order */
	size_t		 nnumbers, next;
	struct own_found *own;		/* by id */
	size_t		 nown, nextown;
	unsigned int	 dir;		/* below own, that is listed */
	uint64_t	 octets;
};

struct spool {
	int		 dirfd, logfd, ownfd, tmpfd, badfd;
	struct spool_conf conf;
	struct message_tree index;
	struct segment_queue segments;	/* oldest first */
	uint32_t	 began;		/* later ones are of this run */
	uint64_t	 last_id;
	uint64_t	 now_ms;	/* of the last look at the free space */
	enum tx_status	 room;
	uint64_t	 sweep_ms;	/* not before that */
	int		 named;		/* O_TMPFILE is not offered here */
	int		 closing;
	struct lane	 loglane, ownlane;
	struct spool_log log;
	struct spool_own own;
	struct spool_stats stats;
	struct recovery	*recovery;
};

#define SPOOL_NAME_SIZE	32

/* "0000002a"; "d4/00000000000004d4"; "00000000000004d4" (same size). */
void	 spool_name_segment(char *, uint32_t number);
void	 spool_name_own(char *, uint64_t id);
int	 spool_sync_own(int ownfd, const char *name); /* its directory */
void	 spool_name_tmp(char *, uint64_t id);

/* The whole of it, or -1 with errno (ENODATA when the file is too short). */
int	 spool_pwrite(int fd, const void *, size_t, uint64_t offset);
int	 spool_pread(int fd, void *, size_t, uint64_t offset);

/* TX_FULL or TX_TEMPFAIL, of errno. */
enum tx_status spool_why(void);

/*
 * The log's thread.  log_begin starts a segment: durable, with its name,
 * before it is used.  Each job of log_run has its status afterwards.
 */
int	 log_begin(struct spool_log *);
void	 log_run(void **jobs, size_t n);
void	 log_close(struct spool_log *);

/* The own thread. */
void	 own_run(void **jobs, size_t n);

/*
 * The loop's side, spool.c.  spool_segment finds a segment, or notes that
 * there is a new one; insert and remove keep the index and the counts.
 * spool_start begins the log and the threads.
 */
struct segment *spool_segment(struct spool *, uint32_t number);
int	 spool_insert(struct spool *, struct message *);  /* -1: is there */
void	 spool_remove(struct spool *, struct message *);
void	 spool_start(struct spool *);

/*
 * Recovery.  spool_scan.c opens and makes the directories and lists what
 * is there; spool_read.c walks the records of one file.
 */
void	 scan_begin(struct spool *);
struct own_found *scan_own(struct recovery *, uint64_t id);	/* or NULL */
void	 recovery_free(struct spool *);
void	 read_segment(struct spool *, uint32_t number, int last);
void	 read_own(struct spool *, uint64_t id);

/* spool_lane.c: jobs of the loop. */
struct job *job_new(struct spool *, enum job_kind, const struct message *,
	    enum record_type);
void	 job_free(struct job *);
void	 lane_start(struct lane *, struct spool *, size_t batch,
	    void (*run)(void **, size_t), void (*done)(void *));
void	 lane_add(struct lane *, struct job *);

/*
 * For the done of every job, first of all: 1 when the lane keeps the job,
 * because it failed and will be done again, or has no more use.
 */
int	 lane_done(struct lane *, struct job *);

/* The thread has failed, or has nothing to work with: RESUME in a while. */
void	 lane_fail(struct lane *);

/*
 * The end, with closing set.  lane_stop waits for what is under way; then
 * lane_drain is called, for all lanes, until none had anything to do: what
 * waits is done here and now, and what fails once more is lost.
 */
void	 lane_stop(struct lane *);
int	 lane_drain(struct lane *);

/*
 * spool_note.c: hand over a record of m for the log or its own file; the
 * message in memory may be gone before it is written.
 */
void	 note_add(struct spool *, const struct message *, enum record_type,
	    struct wbuf *, void (*done)(void *, enum tx_status), void *);
void	 note_state_body(struct wbuf *, const struct message *, uint32_t i);
void	 note_done_body(struct wbuf *, uint32_t i, const char *key);

/* spool_sweep.c: segments that hold nothing go, oldest first. */
void	 spool_trim(struct spool *);
void	 spool_moved(struct job *);

#endif
