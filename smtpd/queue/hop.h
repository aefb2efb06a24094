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
 * Next hops: who waits for which, how many at a time, and which are left
 * in peace because nobody answered there.
 *
 * A hop begins with HOP_LIMIT jobs at a time and gets one more with each
 * that came through, up to the configured number; when its servers cannot
 * be reached it is left alone for a pause that doubles, and begins with
 * one.
 */

#ifndef HOP_H
#define HOP_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include <stdint.h>

#include "smtpd/queue/spool_record.h"

struct message;
struct run;

#define HOP_LIMIT	5	/* jobs at a time, at first */
#define HOP_PAUSE	60000	/* ms, after the first failure */
#define HOP_PAUSE_MAX	900000

/* A recipient that waits for a hop; run is NULL when it is not local. */
struct wait {
	TAILQ_ENTRY(wait) entry;
	TAILQ_ENTRY(wait) mine;		/* of the run */
	struct hop	*hop;
	struct message	*m;
	struct run	*run;
	uint32_t	 i;		/* recipient of m */
	uint32_t	 item;		/* of the run */
	int		 old;		/* which list it is in */
};

TAILQ_HEAD(wait_list, wait);

struct hop {
	RB_ENTRY(hop)	 entry;
	TAILQ_ENTRY(hop) turn;		/* of those that can begin a job */
	char		*key;		/* the URL */
	unsigned int	 inst;		/* of the relay process */
	struct wait_list fresh, old;	/* never tried before, and others */
	unsigned int	 nwaits, active, limit, failures, count;
	int		 in_turn;
	uint64_t	 until;		/* clock_mono(): left alone so long */
	char		 why[RECORD_TEXT_MAX + 1];
};

/* Is made when it is not there. */
struct hop *hop_get(const char *url, unsigned int inst);

int	 hop_is_down(const struct hop *, uint64_t now);

/* A recipient waits, or no longer does. */
void	 hop_add(struct hop *, struct wait *);
void	 hop_remove(struct wait *);

/* The next one: three of those never tried before to one of the others. */
struct wait *hop_first(struct hop *);
struct wait *hop_next(struct wait *);	/* behind it in its list, or NULL */

/* The next hop that may begin a job at that process; NULL: none. */
struct hop *hop_turn(unsigned int inst);

/*
 * A job begins; it has ended.  down: no server could be talked to, why
 * says the reason; max is the configured limit.
 */
void	 hop_begin(struct hop *);
void	 hop_end(struct hop *, int down, const char *why, unsigned int max,
	    uint64_t now);

/* Forget hops without waits and jobs whose pause is over. */
void	 hop_sweep(uint64_t now);

unsigned int hop_count(void);

#endif
