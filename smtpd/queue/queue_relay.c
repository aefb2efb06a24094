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
 * Who waits for which next hop, and the jobs that come of it.
 */

#include <sys/types.h>

#include <bsd/string.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/hop.h"
#include "smtpd/queue/queue_relay.h"
#include "smtpd/queue/reason.h"
#include "smtpd/queue/route.h"
#include "smtpd/queue/spool.h"

#define RELAY_JOBS	256	/* at a time: each has a descriptor */
#define RELAY_SWEEP	60000	/* ms between looks at old next hops */

#define INST_NET	0	/* the process for the network */
#define INST_LMTP	1	/* the one for the mailboxes */

/* Some recipients of one message, under way. */
struct job {
	struct hop	*hop;
	struct message	*m;
	uint32_t	 n;
	struct wait	*waits[RELAY_RCPTS_MAX];
};

static struct spool			*spool;
static const struct queue_conf		*conf;
static const struct relay_calls		*calls;
static unsigned int			 njobs;
static uint64_t				 swept;
static int				 stopped;

void
queue_relay_init(struct spool *sp, const struct queue_conf *c,
    const struct relay_calls *rc)
{
	spool = sp;
	conf = c;
	calls = rc;
}

unsigned int
queue_relay_jobs(void)
{
	return (njobs);
}

void
queue_relay_stop(void)
{
	stopped = 1;
}

static struct wait *
wait_new(struct message *m, uint32_t i, struct run *run, uint32_t item)
{
	struct wait	*w = xcalloc(1, sizeof(*w));

	w->m = m;
	w->i = i;
	w->run = run;
	w->item = item;
	w->old = m->rcpts[i].tries != 0;
	if (run == NULL) {
		m->rcpts[i].wait = w;
		m->nactive++;
	}
	return (w);
}

static void
wait_free(struct wait *w)
{
	if (w->run == NULL) {
		w->m->rcpts[w->i].wait = NULL;
		w->m->rcpts[w->i].active = 0;
		w->m->nactive--;
	}
	free(w);
}

/* It waits for its turn at that hop. */
static void
wait_add(struct hop *h, struct wait *w)
{
	hop_add(h, w);
	if (w->run != NULL)
		TAILQ_INSERT_TAIL(run_waits(w->run), w, mine);
}

/* It has its turn, or has waited in vain. */
static void
wait_remove(struct wait *w)
{
	hop_remove(w);
	if (w->run != NULL)
		TAILQ_REMOVE(run_waits(w->run), w, mine);
}

/* It is over for now; w is freed. */
static void
wait_end(struct wait *w, enum run_result result, const char *text)
{
	struct wait	 copy = *w;

	wait_free(w);
	if (copy.run != NULL)
		run_relayed(copy.run, copy.item, result, text);
	else
		calls->end(copy.m, copy.i, result, text);
}

/* Its next hop is left alone. */
static void
wait_postpone(struct wait *w)
{
	const struct hop	*h = w->hop;
	struct wait		 copy = *w;

	wait_free(w);
	if (copy.run != NULL)
		run_postponed(copy.run, copy.item, h->until, h->why);
	else
		calls->postpone(copy.m, copy.i, h->until, h->why);
}

static void
relay_add(struct wait *w, const char *url, unsigned int inst)
{
	struct hop	*h = hop_get(url, inst);

	w->hop = h;
	if (hop_is_down(h, clock_mono()))
		wait_postpone(w);
	else
		wait_add(h, w);
}

void
queue_relay_start(struct message *m, uint32_t i)
{
	struct envelope_note	 note;
	struct wait		*w = wait_new(m, i, NULL, 0);
	char			 url[NEXTHOP_STR_SIZE];

	message_rcpt(m, i, &note);
	if (route_find(conf, &note.rcpt, note.url, url) == -1)
		wait_end(w, RUN_LATER, "4.3.5 the route is not usable");
	else
		relay_add(w, url, INST_NET);
}

void
queue_relay_item(struct run *run, struct message *m, uint32_t i,
    uint32_t item, const char *address, const char *url, int mailbox)
{
	struct wait	*w = wait_new(m, i, run, item);
	char		 next[NEXTHOP_STR_SIZE];
	struct address	 to;

	if (address_parse(address, strlen(address), ADDRESS_UTF8_OK, &to) !=
	    ADDRESS_OK)
		wait_end(w, RUN_FAILED, "5.1.3 the address is not usable");
	else if (mailbox)
		relay_add(w, conf->lmtp, INST_LMTP);
	else if (route_find(conf, &to, url, next) == -1)
		wait_end(w, RUN_LATER, "4.3.5 the route is not usable");
	else
		relay_add(w, next, INST_NET);
}

void
queue_relay_forget(struct message *m)
{
	struct rcpt	*rc;
	struct wait	*w;

	for (rc = m->rcpts; rc < m->rcpts + m->nrcpts; rc++) {
		if (rc->wait != NULL && !rc->active) {
			wait_remove(rc->wait);
			wait_free(rc->wait);
		}
		while (rc->run != NULL &&
		    (w = TAILQ_FIRST(run_waits(rc->run))) != NULL) {
			wait_remove(w);
			wait_end(w, RUN_AWAY, "");
		}
	}
}

/* Nobody waits for a hop that is down. */
static void
hop_flush(struct hop *h)
{
	struct wait	*w;

	while ((w = hop_first(h)) != NULL) {
		wait_remove(w);
		wait_postpone(w);
	}
}

/* Its success, as the sender may want to hear of it. */
static enum run_result
job_success(const struct wait *w, const struct relay_answer *ans)
{
	if (w->hop->inst == INST_LMTP)
		return (RUN_DONE);
	return (ans->dsn ? RUN_PASSED : RUN_RELAYED);
}

static void
job_results(struct job *j, const struct relay_answer *ans)
{
	char			 line[RECORD_TEXT_MAX + 1] = "";
	const struct relay_result *r = ans->results;
	uint32_t		 i;

	for (i = 0; i < j->n; i++, r++) {
		reason_write(ans->mta, r, line);
		/* the last one is kept for those who are not tried now */
		if (i + 1 == j->n)
			hop_end(j->hop, ans->down, line, conf->concurrency,
			    clock_mono());
		wait_end(j->waits[i], r->outcome == RELAY_OK ?
		    job_success(j->waits[i], ans) : r->outcome ==
		    RELAY_NEVER ? RUN_FAILED : RUN_LATER, line);
	}
	if (ans->down)
		hop_flush(j->hop);
}

/* The process is not there, or says what it was not asked. */
static void
job_away(struct job *j)
{
	uint32_t	 i;

	hop_end(j->hop, 0, "", conf->concurrency, clock_mono());
	for (i = 0; i < j->n; i++)
		wait_end(j->waits[i], RUN_AWAY, "no answer from relay");
}

static int
job_answer(void *arg, struct proc_msg *m)
{
	struct relay_answer	 ans;
	struct job		*j = arg;
	int			 ret = 0;

	njobs--;
	memset(&ans, 0, sizeof(ans));
	if (m != NULL)
		ret = msg_get_relay_answer(&m->body, &ans);
	if (m == NULL || ret == -1 || ans.nrcpts != j->n) {
		if (m != NULL)
			ret = -1;
		job_away(j);
	} else
		job_results(j, &ans);
	free(ans.results);
	free(j);
	return (ret);
}

/* Recipient w of the job, as the next server is to see it. */
static int
job_rcpt(struct relay_rcpt *r, const struct wait *w)
{
	struct envelope_note	 note;

	if (w->run != NULL)
		return (run_relay_rcpt(w->run, w->item, r));
	message_rcpt(w->m, w->i, &note);
	r->rcpt = note.rcpt;
	r->notify = note.notify;
	memcpy(r->orcpt, note.orcpt, sizeof(r->orcpt));
	return (0);
}

/* Take all that can go with the first one. */
static struct job *
job_gather(struct hop *h)
{
	struct job	*j = xcalloc(1, sizeof(*j));
	struct wait	*w, *next;
	const char	*owner;

	j->hop = h;
	w = hop_first(h);
	j->m = w->m;
	owner = run_owner(w->run);
	for (; w != NULL && j->n < RELAY_RCPTS_MAX && w->m == j->m; w = next) {
		next = hop_next(w);
		if (strcmp(run_owner(w->run), owner) != 0)
			continue;
		wait_remove(w);
		j->waits[j->n++] = w;
	}
	return (j);
}

static void
job_envelope(const struct job *j, struct relay_ask *ask)
{
	const char	*owner = run_owner(j->waits[0]->run);
	struct envelope	 e;

	message_envelope(j->m, &e);
	ask->id = j->m->id;
	ask->offset = j->m->offset;
	ask->length = j->m->length;
	(void)strlcpy(ask->nexthop, j->hop->key, sizeof(ask->nexthop));
	ask->smtputf8 = e.smtputf8;
	ask->body8 = e.body8;
	ask->sender = e.sender;
	/* RFC 3461 5.2.7.3: a list sends a message of its own */
	if (owner[0] != '\0' && address_parse(owner, strlen(owner),
	    ADDRESS_UTF8_OK, &ask->sender) == ADDRESS_OK)
		return;
	ask->ret = e.ret;
	memcpy(ask->envid, e.envid, sizeof(ask->envid));
}

static void
job_begin(struct hop *h)
{
	struct job	*j = job_gather(h);
	struct relay_ask ask;
	struct wbuf	 w;
	uint32_t	 i;
	int		 fd;

	hop_begin(h);
	if ((fd = spool_text(spool, j->m)) == -1) {
		log_warn("message=%016" PRIx64 " event=unreadable", j->m->id);
		hop_end(h, 0, "", conf->concurrency, clock_mono());
		for (i = 0; i < j->n; i++)
			wait_end(j->waits[i], RUN_LATER,
			    "4.3.0 the spool cannot be read");
		free(j);
		return;
	}
	memset(&ask, 0, sizeof(ask));
	job_envelope(j, &ask);
	ask.nrcpts = j->n;
	ask.rcpts = xcalloc(j->n, sizeof(*ask.rcpts));
	for (i = 0; i < j->n; i++) {
		if (job_rcpt(&ask.rcpts[i], j->waits[i]) == -1)
			fatalx("job_begin: a recipient without address");
		if (j->waits[i]->run == NULL)
			j->waits[i]->m->rcpts[j->waits[i]->i].active = 1;
	}
	wbuf_init(&w);
	msg_put_relay_ask(&w, &ask);
	free(ask.rcpts);
	njobs++;
	(void)pending_ask(PROC_RELAY, h->inst, MSG_QUEUE_RELAY_ASK, fd, &w,
	    (unsigned int)RELAY_WAIT_MS(ask.length), job_answer, j);
}

void
queue_relay_turn(void)
{
	uint64_t	 now = clock_mono();
	unsigned int	 inst;
	struct hop	*h;

	if (conf == NULL || stopped)
		return;
	for (inst = INST_NET; inst <= INST_LMTP; inst++)
		while (njobs < RELAY_JOBS && proc_peer_up(PROC_RELAY, inst) &&
		    (h = hop_turn(inst)) != NULL)
			job_begin(h);
	if (now - swept > RELAY_SWEEP) {
		swept = now;
		hop_sweep(now);
	}
}
