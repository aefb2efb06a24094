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
 * Outcomes of tries.
 */

#include <sys/types.h>

#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <inttypes.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/queue_notice.h"
#include "smtpd/queue/queue_outcome.h"
#include "smtpd/queue/schedule.h"
#include "smtpd/queue/spool.h"

#define OUTCOME_AWAY	250	/* ms until a process is asked again */
#define OUTCOME_AWAY_MAX 10000
#define OUTCOME_SPREAD	30000	/* ms, of those that wait for a hop */

static struct spool		*spool;
static const struct queue_conf	*conf;
static uint64_t			 away;		/* ms, 0: all answer */
static uint64_t			 away_at;	/* when it may grow */
static uint64_t			 ndeferred, nfailed;

void
outcome_init(struct spool *sp, const struct queue_conf *c)
{
	spool = sp;
	conf = c;
}

void
outcome_counts(uint64_t *deferred, uint64_t *failed)
{
	*deferred = ndeferred;
	*failed = nfailed;
}

static void
log_rcpt(const struct message *m, uint32_t i, const char *event,
    const char *text)
{
	struct envelope_note	 note;
	char			 to[ADDRESS_STR_SIZE];
	char			 quoted[ADDRESS_STR_SIZE * 4];
	char			 why[RECORD_TEXT_MAX * 4 + 1];
	uint32_t		 tries = m->rcpts[i].tries;

	message_rcpt(m, i, &note);
	if (address_format(&note.rcpt, to, sizeof(to)) == -1)
		to[0] = '\0';
	(void)log_quote(to, strlen(to), quoted, sizeof(quoted));
	(void)log_quote(text, strlen(text), why, sizeof(why));
	if (strcmp(event, "failed") == 0)
		log_warnx("message=%016" PRIx64 " event=failed to=<%s>"
		    " tries=%" PRIu32 " why=\"%s\"", m->id, quoted, tries,
		    why);
	else if (why[0] == '\0')
		log_info("message=%016" PRIx64 " event=%s to=<%s> tries=%"
		    PRIu32, m->id, event, quoted, tries);
	else
		log_info("message=%016" PRIx64 " event=%s to=<%s> tries=%"
		    PRIu32 " why=\"%s\"", m->id, event, quoted, tries, why);
}

/* A process is not there: this was no try.  The pause is for all. */
static void
outcome_away(struct message *m, uint32_t i, const char *text)
{
	uint64_t	 now = clock_mono();

	/* of all that hear of it now, the first makes it longer */
	if (now >= away_at) {
		away = away == 0 ? OUTCOME_AWAY : away * 2;
		if (away > OUTCOME_AWAY_MAX)
			away = OUTCOME_AWAY_MAX;
		away_at = now + away;
	}
	m->rcpts[i].next = now + away +
	    arc4random_uniform(OUTCOME_AWAY);
	message_set(m, i, RCPT_WAIT, text[0] == '\0' ? NULL : text);
}

/* Never: the sender is told, if it wants to be and there is one. */
static void
outcome_failed(struct message *m, uint32_t i, const char *text)
{
	struct envelope_note	 note;
	struct envelope		 e;

	nfailed++;
	message_rcpt(m, i, &note);
	message_envelope(m, &e);
	log_rcpt(m, i, "failed", text);
	if (queue_notice_wanted(&e, note.notify, REPORT_FAILED)) {
		message_set(m, i, RCPT_FAILED, text);
		spool_note_state(spool, m, i);
		return;
	}
	if (address_is_null(&e.sender))
		log_rcpt(m, i, "dropped", "nobody to tell");
	message_set(m, i, RCPT_DONE, NULL);
	if (m->nopen != 0 || m->ntell != 0)
		spool_note_done(spool, m, i, "");
}

/* Not yet.  Is it time to give up, or to say that it is late? */
static int
outcome_expired(struct message *m, uint32_t i, const char *text)
{
	int64_t			 age = clock_wall() - m->created;
	struct rcpt		*rc = &m->rcpts[i];
	struct envelope_note	 note;
	struct envelope		 e;

	if (age >= (int64_t)conf->expire) {
		outcome_failed(m, i, text);
		return (1);
	}
	if (conf->warn == 0 || age < (int64_t)conf->warn || rc->told)
		return (0);
	message_rcpt(m, i, &note);
	message_envelope(m, &e);
	rc->told = 1;
	if (queue_notice_wanted(&e, note.notify, REPORT_DELAYED)) {
		rc->told = 0;
		rc->late = 1;
		m->flags |= MESSAGE_LATE;
	}
	return (0);
}

/* A pause does not go beyond the moment when there is something to say. */
static uint64_t
outcome_next(const struct message *m, uint32_t i, uint64_t next)
{
	int64_t		 age = clock_wall() - m->created;
	int64_t		 left = (int64_t)conf->expire - age;
	uint64_t	 limit;

	if (conf->warn > age && !m->rcpts[i].told &&
	    (int64_t)conf->warn - age < left)
		left = (int64_t)conf->warn - age;
	limit = clock_mono() + (left > 0 ? (uint64_t)left * 1000 : 0);
	return (next < limit ? next : limit);
}

static void
outcome_later(struct message *m, uint32_t i, const char *text)
{
	struct rcpt	*rc = &m->rcpts[i];

	rc->tries++;
	if (outcome_expired(m, i, text))
		return;
	ndeferred++;
	rc->next = outcome_next(m, i, clock_mono() + schedule_pause(
	    conf->retries, conf->nretries, rc->tries, arc4random()));
	message_set(m, i, RCPT_WAIT, text);
	log_rcpt(m, i, "deferred", text);
	spool_note_state(spool, m, i);
}

void
outcome_postpone(struct message *m, uint32_t i, uint64_t until,
    const char *text)
{
	char	 why[RECORD_TEXT_MAX + 1];

	/* text may be that of the recipient itself */
	(void)strlcpy(why, text, sizeof(why));
	if (!outcome_expired(m, i, why)) {
		/* when it is over, not all come at once */
		m->rcpts[i].next = outcome_next(m, i, until +
		    arc4random_uniform(OUTCOME_SPREAD));
		message_set(m, i, RCPT_WAIT, why);
	}
}

/* For the log; a next hop's promise of notices makes no difference there. */
static const char *
outcome_name(enum run_result result)
{
	switch (result) {
	case RUN_EXPANDED:
	case RUN_TOLD:
		return ("expanded");
	case RUN_RELAYED:
	case RUN_PASSED:
		return ("relayed");
	default:
		return ("delivered");
	}
}

/* It has it.  Some want to hear of that. */
static void
outcome_done(struct message *m, uint32_t i, enum run_result result,
    const char *text)
{
	enum report_kind	 kind = REPORT_DELIVERED;
	enum rcpt_state		 state = RCPT_DELIVERED;
	struct envelope_note	 note;
	struct envelope		 e;

	message_rcpt(m, i, &note);
	message_envelope(m, &e);
	m->rcpts[i].tries++;
	log_rcpt(m, i, outcome_name(result), text);
	if (result == RUN_RELAYED) {
		kind = REPORT_RELAYED;
		state = RCPT_RELAYED;
	} else if (result == RUN_EXPANDED) {
		kind = REPORT_EXPANDED;
		state = RCPT_EXPANDED;
	}
	if (result != RUN_PASSED && result != RUN_TOLD &&
	    queue_notice_wanted(&e, note.notify, kind)) {
		message_set(m, i, state, NULL);
		spool_note_state(spool, m, i);
		return;
	}
	message_set(m, i, RCPT_DONE, NULL);
	/* the end of the last one is the end of the message */
	if (m->nopen != 0 || m->ntell != 0)
		spool_note_done(spool, m, i, "");
}

void
outcome_end(struct message *m, uint32_t i, enum run_result result,
    const char *text)
{
	if (result != RUN_AWAY)
		away = away_at = 0;
	switch (result) {
	case RUN_FAILED:
		m->rcpts[i].tries++;
		outcome_failed(m, i, text);
		break;
	case RUN_LATER:
		outcome_later(m, i, text);
		break;
	case RUN_POSTPONED:
		outcome_postpone(m, i, m->rcpts[i].next, text);
		break;
	case RUN_AWAY:
		outcome_away(m, i, text);
		break;
	default:
		outcome_done(m, i, result, text);
		break;
	}
}
