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
 * A queue before a few slow processes.
 */

#include <sys/types.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <bsd/sys/queue.h>

#include <event.h>
#include <stdlib.h>

#include "lookup/login_hash.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"

#define HASH_QUEUE_MAX	256		/* questions that wait */
#define HASH_WAIT	8000		/* ms: with PENDING_LOOKUP behind it
					   still before policy gives up */

struct job {
	TAILQ_ENTRY(job) entry;
	struct hash_ask	 ask;
	uint64_t	 since;
	unsigned int	 inst;		/* who has it */
	void		(*done)(void *, enum auth_result);
	void		*arg;
};

static TAILQ_HEAD(, job) jobs = TAILQ_HEAD_INITIALIZER(jobs);
static unsigned int	 njobs;
static uint8_t		 busy[CONF_HASHES_MAX];
static struct event	 timer;
static int		 timed;

static void	 hash_run(void);

unsigned int
login_hash_waiting(void)
{
	return (njobs);
}

static void
job_end(struct job *j, enum auth_result result)
{
	j->done(j->arg, result);
	freezero(j, sizeof(*j));
}

/* m is NULL when the process did not answer. */
static int
hash_answer(void *arg, struct proc_msg *m)
{
	struct job		*j = arg;
	struct hash_answer	 a = { .result = AUTH_TEMPFAIL };

	if (m != NULL && msg_get_hash_answer(&m->body, &a) == -1)
		return (-1);
	if (m == NULL)
		log_warnx("hash %u: no answer in time", j->inst);
	busy[j->inst] = 0;
	job_end(j, a.result);
	hash_run();
	return (0);
}

/* One that has nothing to do; -1 when there is none. */
static int
hash_idle(void)
{
	unsigned int	 i;

	for (i = 0; i < CONF_HASHES_MAX; i++)
		if (!busy[i] && proc_peer_up(PROC_HASH, i))
			return ((int)i);
	return (-1);
}

/* The oldest first; what has waited too long is not asked any more. */
static void
hash_run(void)
{
	struct job	*j;
	struct wbuf	 w;
	int		 inst;

	while ((j = TAILQ_FIRST(&jobs)) != NULL) {
		inst = -1;
		if (clock_mono() - j->since < HASH_WAIT &&
		    (inst = hash_idle()) == -1)
			return;
		TAILQ_REMOVE(&jobs, j, entry);
		njobs--;
		if (inst == -1) {
			job_end(j, AUTH_TEMPFAIL);
			continue;
		}
		j->inst = (unsigned int)inst;
		busy[inst] = 1;
		wbuf_init(&w);
		msg_put_hash_ask(&w, &j->ask);
		explicit_bzero(&j->ask, sizeof(j->ask));
		(void)pending_ask(PROC_HASH, j->inst, MSG_LOOKUP_HASH_ASK, -1,
		    &w, PENDING_LOOKUP, hash_answer, j);
	}
}

static void
hash_timer(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(1000);

	hash_run();
	timed = njobs > 0;
	if (timed)
		evtimer_add(&timer, &tv);
}

void
login_hash(const struct hash_ask *ask, void (*done)(void *, enum auth_result),
    void *arg)
{
	struct timeval	 tv = clock_tv(1000);
	struct job	*j;

	if (njobs >= HASH_QUEUE_MAX) {
		done(arg, AUTH_TEMPFAIL);
		return;
	}
	j = xcalloc(1, sizeof(*j));
	j->ask = *ask;
	j->since = clock_mono();
	j->done = done;
	j->arg = arg;
	TAILQ_INSERT_TAIL(&jobs, j, entry);
	njobs++;
	hash_run();
	if (njobs > 0 && !timed) {
		timed = 1;
		evtimer_set(&timer, hash_timer, NULL);
		evtimer_add(&timer, &tv);
	}
}

void
login_hash_peer(unsigned int inst, int up)
{
	if (inst >= CONF_HASHES_MAX)
		return;
	busy[inst] = 0;
	if (up)
		hash_run();
}
