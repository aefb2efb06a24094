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
 * When which message is tried, and what follows from how it went.
 *
 * A message is in the schedule, or due (in one of two lists, those never
 * tried before get three turns of four), or all of what is left of it is
 * being tried, held or failed.  message_settle() is the only place that
 * decides which.
 */

#include <sys/types.h>

#include <bsd/stdlib.h>
#include <event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/hop.h"
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_notice.h"
#include "smtpd/queue/queue_outcome.h"
#include "smtpd/queue/queue_relay.h"
#include "smtpd/queue/queue_run.h"
#include "smtpd/queue/queue_told.h"
#include "smtpd/queue/schedule.h"
#include "smtpd/queue/spool.h"
#include "smtpd/queue/spool_record.h"

#define DELIVER_RUNS	128		/* recipients tried at a time */
#define DELIVER_HELD	10000		/* that wait for servers elsewhere */
#define DELIVER_STARTS	1000		/* begun in one turn of the loop */
#define DELIVER_BUSY	500		/* ms until a notice has its turn */

TAILQ_HEAD(message_list, message);

static struct message_list	 fresh = TAILQ_HEAD_INITIALIZER(fresh);
static struct message_list	 old = TAILQ_HEAD_INITIALIZER(old);
static struct schedule		 schedule;
static struct spool		*spool;
static const struct queue_conf	*conf;
static struct event		 timer;
static uint64_t			 timer_at;	/* 0: not set */
static unsigned int		 turn;
static int			 stopping;

static void	 deliver_end(struct message *, uint32_t, enum run_result,
		    const char *);
static void	 deliver_postpone(struct message *, uint32_t, uint64_t,
		    const char *);

static const struct relay_calls	 calls = { deliver_end, deliver_postpone };

static struct message_list *
ready_list(const struct message *m)
{
	return (m->flags & MESSAGE_OLD ? &old : &fresh);
}

static void
ready_add(struct message *m)
{
	schedule_remove(&schedule, m);
	m->flags |= MESSAGE_READY;
	m->cursor = 0;
	TAILQ_INSERT_TAIL(ready_list(m), m, ready);
}

static void
ready_remove(struct message *m)
{
	if (!(m->flags & MESSAGE_READY))
		return;
	TAILQ_REMOVE(ready_list(m), m, ready);
	m->flags &= ~(unsigned int)MESSAGE_READY;
}

static struct message *
ready_next(void)
{
	struct message	*m, *o;

	m = TAILQ_FIRST(&fresh);
	o = TAILQ_FIRST(&old);
	if (m == NULL || (o != NULL && turn++ % 4 == 3))
		return (o);
	return (m);
}

static void
deliver_timer(int fd, short what, void *arg)
{
	/* the turn that ends now does the work */
	timer_at = 0;
}

/* Wake up when the first of the schedule is due, or at once for more. */
static void
deliver_arm(uint64_t now, int more)
{
	struct message	*m = schedule_first(&schedule);
	struct timeval	 tv;
	uint64_t	 next;

	if (m == NULL && !more)
		return;
	next = more || m->next < now ? now : m->next;
	if (timer_at != 0 && timer_at <= next)
		return;		/* it is looked at again by then */
	timer_at = next;
	tv = clock_tv(next - now);
	evtimer_add(&timer, &tv);
}

/* When the first recipient that waits is due; 0 when none does. */
static uint64_t
message_due(const struct message *m)
{
	uint64_t	 next = UINT64_MAX;
	uint32_t	 i;

	for (i = 0; i < m->nrcpts && next != 0; i++)
		if (m->rcpts[i].state == RCPT_WAIT &&
		    m->rcpts[i].next < next)
			next = m->rcpts[i].next;
	return (next);
}

/* Where does m belong now?  It may be gone afterwards. */
static void
message_settle(struct message *m)
{
	if (m->nactive != 0 || m->flags & MESSAGE_MOVING)
		return;
	if (m->flags & MESSAGE_REMOVE || (m->nopen == 0 &&
	    m->ntell == 0)) {
		ready_remove(m);
		schedule_remove(&schedule, m);
		log_info("message=%016" PRIx64 " event=%s", m->id,
		    m->flags & MESSAGE_REMOVE ? "removed" : "done");
		spool_end(spool, m, m->flags & MESSAGE_REMOVE ?
		    RECORD_END_REMOVED : RECORD_END_DONE);
		return;
	}
	if (m->flags & MESSAGE_READY)
		return;
	if (m->flags & MESSAGE_HELD) {
		schedule_remove(&schedule, m);
		return;
	}
	m->next = message_due(m);
	if (queue_told_due(m)) {
		if (queue_notice_busy() && m->tell <= clock_mono())
			m->tell = clock_mono() + DELIVER_BUSY +
			    arc4random_uniform(DELIVER_BUSY);
		else if (m->tell <= clock_mono() && !stopping) {
			queue_told_begin(m);
			return;
		}
		if (m->tell < m->next)
			m->next = m->tell;
	}
	schedule_put(&schedule, m);
}

void
queue_deliver_new(struct message *m)
{
	struct envelope	 e;
	char		 from[ADDRESS_STR_SIZE], quoted[ADDRESS_STR_SIZE * 4];

	message_envelope(m, &e);
	if (address_format(&e.sender, from, sizeof(from)) == -1)
		from[0] = '\0';
	log_info("message=%016" PRIx64 " event=queued from=<%s> rcpts=%"
	    PRIu32 " size=%" PRIu64, m->id, log_quote(from, strlen(from),
	    quoted, sizeof(quoted)), m->nrcpts, m->length);
	message_settle(m);
}

void
queue_deliver_idle(struct message *m)
{
	uint32_t	 i;

	/* its file was written before that change */
	if (m->flags & MESSAGE_CHANGED) {
		m->flags &= ~(unsigned int)MESSAGE_CHANGED;
		spool_note_hold(spool, m);
		for (i = 0; i < m->nrcpts; i++)
			if (m->rcpts[i].state != RCPT_DONE)
				spool_note_state(spool, m, i);
	}
	message_settle(m);
}

void
queue_deliver_init(struct spool *sp, const struct queue_conf *c)
{
	struct message	*m;
	uint64_t	 id = 0;

	spool = sp;
	conf = c;
	outcome_init(sp, c);
	queue_relay_init(sp, c, &calls);
	queue_notice_init(sp, c, queue_deliver_new);
	queue_told_init(sp, message_settle);
	if (c->lmtp[0] != '\0')
		run_lmtp();
	evtimer_set(&timer, deliver_timer, NULL);
	/* settling may end it, so the next one is asked for by id */
	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		message_settle(m);
	}
}

/* A try is over. */
static void
deliver_end(struct message *m, uint32_t i, enum run_result result,
    const char *text)
{
	outcome_end(m, i, result, text);
	message_settle(m);
}

static void
deliver_postpone(struct message *m, uint32_t i, uint64_t until,
    const char *text)
{
	outcome_postpone(m, i, until, text);
	message_settle(m);
}

static int
message_is_old(const struct message *m)
{
	uint32_t	 i;

	for (i = 0; i < m->nrcpts; i++)
		if (m->rcpts[i].tries != 0)
			return (1);
	return (0);
}

/* Ours go through the directory, the others to their next hop. */
static void
deliver_rcpt(struct message *m, uint32_t i)
{
	struct envelope_note	 note;

	message_rcpt(m, i, &note);
	if (note.route == ROUTE_LOCAL)
		run_start(spool, m, i);
	else
		queue_relay_start(m, i);
}

/*
 * Start the next recipient of m that is due; 0 when there is none.  Then
 * it is the turn of the next message: one of ten thousand recipients does
 * not hold up the others.
 */
static int
deliver_start(struct message *m, uint64_t now)
{
	struct rcpt	*rc;

	while (m->cursor < m->nrcpts) {
		rc = &m->rcpts[m->cursor++];
		if (rc->state == RCPT_WAIT && !rc->active &&
		    rc->wait == NULL && rc->next <= now) {
			TAILQ_REMOVE(ready_list(m), m, ready);
			TAILQ_INSERT_TAIL(ready_list(m), m, ready);
			deliver_rcpt(m, m->cursor - 1);
			return (1);
		}
	}
	ready_remove(m);
	if (message_is_old(m))
		m->flags |= MESSAGE_OLD;
	message_settle(m);
	return (0);
}

/*
 * With nobody to ask they wait in their lists.  What only waits for a slow
 * server elsewhere holds up nobody.
 */
static int
deliver_may_start(void)
{
	return (run_count() - run_parked() < DELIVER_RUNS &&
	    run_held() < DELIVER_HELD && proc_peer_up(PROC_LOOKUP, 0) &&
	    (conf->lmtp[0] != '\0' ? proc_peer_up(PROC_RELAY, 1) :
	    proc_peer_up(PROC_DELIVER, 0)));
}

void
queue_deliver_turn(void)
{
	struct message	*m;
	uint64_t	 now = clock_mono();
	unsigned int	 n = 0;
	int		 started;

	if (spool == NULL)
		return;
	while ((m = schedule_first(&schedule)) != NULL && m->next <= now) {
		/* one that moves comes back when it has moved */
		if (m->flags & MESSAGE_MOVING)
			schedule_remove(&schedule, m);
		else
			ready_add(m);
	}
	do {
		run_turn(deliver_end);
		started = 0;
		while (n < DELIVER_STARTS && deliver_may_start() &&
		    (m = ready_next()) != NULL) {
			n++;
			started += deliver_start(m, now);
		}
	} while (started != 0);
	queue_relay_turn();
	deliver_arm(now, n == DELIVER_STARTS);
}

int
queue_deliver_stop(void)
{
	if (spool == NULL)
		return (1);
	stopping = 1;
	run_stop();
	queue_relay_stop();
	run_turn(deliver_end);
	return (run_count() == 0 && queue_relay_jobs() == 0 &&
	    queue_notice_count() == 0);
}

/* Every recipient that is not finished is due, the failed ones as well. */
static int
command_retry(struct message *m)
{
	struct rcpt	*rc;
	uint32_t	 i, n = 0;

	for (i = 0; i < m->nrcpts; i++) {
		rc = &m->rcpts[i];
		if (rc->state == RCPT_DONE || rc->active || rc->wait != NULL)
			continue;
		rc->next = 0;
		n++;
		if (rc->state != RCPT_FAILED)
			continue;
		message_set(m, i, RCPT_WAIT, NULL);
		if (!(m->flags & MESSAGE_MOVING))
			spool_note_state(spool, m, i);
	}
	/* from its first recipient on */
	m->cursor = 0;
	return (n != 0);
}

static int
command_hold(struct message *m, int hold)
{
	if (((m->flags & MESSAGE_HELD) != 0) == hold)
		return (0);
	m->flags ^= MESSAGE_HELD;
	if (hold) {
		ready_remove(m);
		queue_relay_forget(m);
	}
	if (!(m->flags & MESSAGE_MOVING))
		spool_note_hold(spool, m);
	return (1);
}

int
queue_deliver_command(struct message *m, enum list_what what)
{
	int	 changed = 0;

	switch (what) {
	case LIST_RETRY:
		changed = command_retry(m);
		break;
	case LIST_HOLD:
	case LIST_RELEASE:
		changed = command_hold(m, what == LIST_HOLD);
		break;
	case LIST_REMOVE:
		changed = !(m->flags & MESSAGE_REMOVE);
		ready_remove(m);
		queue_relay_forget(m);
		m->flags |= MESSAGE_REMOVE;
		break;
	default:
		break;
	}
	if (changed && m->flags & MESSAGE_MOVING)
		m->flags |= MESSAGE_CHANGED;
	message_settle(m);
	return (changed);
}

void
queue_deliver_stats(struct deliver_stats *st)
{
	st->delivered = run_delivered();
	outcome_counts(&st->deferred, &st->failed);
	st->active = run_count();
	st->asked = run_asked();
	st->relaying = queue_relay_jobs();
	st->hops = hop_count();
}
