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
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_run.h"
#include "smtpd/queue/schedule.h"
#include "smtpd/queue/spool.h"
#include "smtpd/queue/spool_record.h"

#define DELIVER_RUNS	128		/* recipients tried at a time */
#define DELIVER_STARTS	1000		/* begun in one turn of the loop */
#define DELIVER_AWAY	250		/* ms until a process is asked again */
#define DELIVER_AWAY_MAX 10000

TAILQ_HEAD(message_list, message);

static struct message_list	 fresh = TAILQ_HEAD_INITIALIZER(fresh);
static struct message_list	 old = TAILQ_HEAD_INITIALIZER(old);
static struct schedule		 schedule;
static struct spool		*spool;
static const struct queue_conf	*conf;
static struct event		 timer;
static uint64_t			 timer_at;	/* 0: not set */
static uint64_t			 away;		/* ms, 0: all answer */
static uint64_t			 away_at;	/* when it may grow */
static unsigned int		 turn;
static uint64_t			 ndeferred, nfailed;

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
	    m->nfailed == 0)) {
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
	if (m->flags & MESSAGE_HELD || m->nopen == 0) {
		schedule_remove(&schedule, m);
		return;
	}
	m->next = message_due(m);
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
	evtimer_set(&timer, deliver_timer, NULL);
	/* settling may end it, so the next one is asked for by id */
	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		message_settle(m);
	}
}

static void
log_rcpt(const struct message *m, uint32_t i, const char *event,
    const char *text)
{
	struct envelope_note	 note;
	char			 to[ADDRESS_STR_SIZE];
	char			 quoted[ADDRESS_STR_SIZE * 4];
	char			 why[RECORD_TEXT_MAX * 4 + 1];

	message_rcpt(m, i, &note);
	if (address_format(&note.rcpt, to, sizeof(to)) == -1)
		to[0] = '\0';
	(void)log_quote(to, strlen(to), quoted, sizeof(quoted));
	(void)log_quote(text, strlen(text), why, sizeof(why));
	if (strcmp(event, "failed") == 0)
		log_warnx("message=%016" PRIx64 " event=failed to=<%s>"
		    " tries=%" PRIu32 " why=\"%s\"", m->id, quoted,
		    m->rcpts[i].tries, why);
	else
		log_info("message=%016" PRIx64 " event=%s to=<%s> tries=%"
		    PRIu32 " why=\"%s\"", m->id, event, quoted,
		    m->rcpts[i].tries, why);
}

/* A process is not there: this was no try.  The pause is for all. */
static void
deliver_away(struct message *m, uint32_t i, const char *text)
{
	uint64_t	 now = clock_mono();

	/* of all that hear of it now, the first makes it longer */
	if (now >= away_at) {
		away = away == 0 ? DELIVER_AWAY : away * 2;
		if (away > DELIVER_AWAY_MAX)
			away = DELIVER_AWAY_MAX;
		away_at = now + away;
	}
	m->rcpts[i].next = now + away +
	    arc4random_uniform(DELIVER_AWAY);
	message_set(m, i, RCPT_WAIT, text[0] == '\0' ? NULL : text);
}

static void
deliver_later(struct message *m, uint32_t i, const char *text)
{
	struct rcpt	*rc = &m->rcpts[i];

	rc->tries++;
	if (clock_wall() - m->created >= (int64_t)conf->expire) {
		nfailed++;
		message_set(m, i, RCPT_FAILED, text);
		log_rcpt(m, i, "failed", text);
	} else {
		ndeferred++;
		rc->next = clock_mono() + schedule_pause(conf->retries,
		    conf->nretries, rc->tries, arc4random());
		message_set(m, i, RCPT_WAIT, text);
		log_rcpt(m, i, "deferred", text);
	}
	spool_note_state(spool, m, i);
}

/* A try is over. */
static void
deliver_end(struct message *m, uint32_t i, enum run_result result,
    const char *text)
{
	if (result != RUN_AWAY)
		away = away_at = 0;
	switch (result) {
	case RUN_DONE:
		message_set(m, i, RCPT_DONE, NULL);
		log_rcpt(m, i, "delivered", "");
		/* the end of the last one is the end of the message */
		if (m->nopen != 0 || m->nfailed != 0)
			spool_note_done(spool, m, i, "");
		break;
	case RUN_FAILED:
		nfailed++;
		m->rcpts[i].tries++;
		message_set(m, i, RCPT_FAILED, text);
		log_rcpt(m, i, "failed", text);
		spool_note_state(spool, m, i);
		break;
	case RUN_LATER:
		deliver_later(m, i, text);
		break;
	case RUN_AWAY:
		deliver_away(m, i, text);
		break;
	}
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
		    rc->next <= now) {
			TAILQ_REMOVE(ready_list(m), m, ready);
			TAILQ_INSERT_TAIL(ready_list(m), m, ready);
			run_start(spool, m, m->cursor - 1);
			return (1);
		}
	}
	ready_remove(m);
	if (message_is_old(m))
		m->flags |= MESSAGE_OLD;
	message_settle(m);
	return (0);
}

/* With nobody to ask they wait in their lists. */
static int
deliver_may_start(void)
{
	return (run_count() < DELIVER_RUNS && proc_peer_up(PROC_LOOKUP, 0) &&
	    proc_peer_up(PROC_DELIVER, 0));
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
	deliver_arm(now, n == DELIVER_STARTS);
}

int
queue_deliver_stop(void)
{
	if (spool == NULL)
		return (1);
	run_stop();
	run_turn(deliver_end);
	return (run_count() == 0);
}

/* Every recipient that is not finished is due, the failed ones as well. */
static int
command_retry(struct message *m)
{
	struct rcpt	*rc;
	uint32_t	 i, n = 0;

	for (i = 0; i < m->nrcpts; i++) {
		rc = &m->rcpts[i];
		if (rc->state == RCPT_DONE || rc->active)
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
	if (hold)
		ready_remove(m);
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
	st->deferred = ndeferred;
	st->failed = nfailed;
	st->active = run_count();
	st->asked = run_asked();
}
