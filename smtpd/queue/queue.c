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
 * The queue process: what it listens to, how it starts and how it ends.
 *
 * The spool is read in steps between the turns of the loop.  Until that is
 * done transactions are refused, questions about the queue wait, and the
 * parent is not told that we are ready.
 */

#include <event.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/queue/queue.h"
#include "smtpd/queue/queue_deliver.h"
#include "smtpd/queue/queue_list.h"
#include "smtpd/queue/queue_tx.h"
#include "smtpd/queue/spool.h"

#define QUEUE_USER	"_smtpq"
#define QUEUE_PARENT	3	/* the descriptor that leads to it */
#define QUEUE_SWEEP	1000	/* ms between looks at old segments */
#define QUEUE_FILES	512	/* descriptors for all but transactions */
#define QUEUE_END	5000	/* ms for deliveries to come to their end */

static int	 queue_take_conf(struct proc_msg *);
static int	 queue_take_start(struct proc_msg *);

static struct queue_conf	 conf;
static int			 configured, end_over;
static unsigned long		 files;
static struct spool		*spool;
static struct event		 ev_recover, ev_sweep;

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_PARENT_CONF_NOTE,	 PROC_PARENT,	PROC_FD_NONE,
	    queue_take_conf },
	{ MSG_PARENT_PEER_NOTE,	 PROC_PARENT,	PROC_FD_MUST,
	    proc_take_peer },
	{ MSG_PARENT_START_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    queue_take_start },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK,	 PROC_PARENT,	PROC_FD_NONE,
	    msg_take_alive },
	{ MSG_FRONT_DATA_ASK,	 PROC_FRONT,	PROC_FD_NONE, queue_tx_data },
	{ MSG_FRONT_ENVELOPE_NOTE, PROC_FRONT,	PROC_FD_NONE,
	    queue_tx_envelope },
	{ MSG_FRONT_COMMIT_ASK,	 PROC_FRONT,	PROC_FD_NONE,
	    queue_tx_commit },
	{ MSG_FRONT_ABORT_NOTE,	 PROC_FRONT,	PROC_FD_NONE,
	    queue_tx_abort },
	{ MSG_LOOKUP_EXPAND_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_DELIVER_DONE_ANSWER, PROC_DELIVER, PROC_FD_NONE, pending_take },
	{ MSG_RELAY_DONE_ANSWER, PROC_RELAY, PROC_FD_NONE, pending_take },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    queue_take_stats },
	{ MSG_CONTROL_QUEUE_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    queue_take_list },
};

/* Again at reload; where the spool is does not change then. */
static int
queue_take_conf(struct proc_msg *m)
{
	static struct queue_conf	 new;

	if (msg_get_queue_conf(&m->body, &new) == -1 ||
	    (configured && strcmp(new.spool, conf.spool) != 0))
		return (-1);
	conf = new;
	configured = 1;
	return (0);
}

static void
queue_sweep(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(QUEUE_SWEEP);

	spool_sweep(spool);
	evtimer_add(&ev_sweep, &tv);
}

/* One step of reading the spool; after the last one we are open. */
static void
queue_recover(int fd, short what, void *arg)
{
	struct timeval	 tv = clock_tv(0);

	if (spool_recover(spool)) {
		evtimer_add(&ev_recover, &tv);
		return;
	}
	queue_deliver_init(spool, &conf);
	queue_tx_init(spool, files > 2 * QUEUE_FILES ?
	    (files - QUEUE_FILES) / 2 : files / 4);
	queue_list_init(spool);
	evtimer_set(&ev_sweep, queue_sweep, NULL);
	queue_sweep(-1, 0, NULL);
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
}

static int
queue_take_start(struct proc_msg *m)
{
	struct spool_conf	 sc = { .idle = queue_deliver_idle };
	struct sandbox_path	 path = { conf.spool, 1 };
	struct start_note	 start;
	int			 dirfd;

	if (!configured || spool != NULL ||
	    msg_get_start(&m->body, &start) == -1)
		return (-1);
	files = priv_files();
	dirfd = spool_prepare(conf.spool, QUEUE_USER);
	if (priv_is_root())
		path.path = "/";	/* by then */
	priv_drop(QUEUE_USER, conf.spool);
	sandbox_enter(PROC_QUEUE, &path, 1);
	spool = spool_new(dirfd, &sc);
	evtimer_set(&ev_recover, queue_recover, NULL);
	queue_recover(-1, 0, NULL);
	proc_open();
	return (0);
}

static void
queue_peer(enum proc_id id, unsigned int inst, int up)
{
	if (id == PROC_FRONT && !up)
		queue_tx_front_gone(inst);
	if (id == PROC_CONTROL)
		queue_list_forget();
}

static void
end_timer(int fd, short what, void *arg)
{
	end_over = 1;
}

/*
 * Deliver hears of the end at the same moment and finishes what it has:
 * those outcomes are waited for, and written.  Nothing new begins.
 */
static void
queue_end(void)
{
	struct event	 timer;
	struct timeval	 tv = clock_tv(QUEUE_END);

	evtimer_set(&timer, end_timer, NULL);
	evtimer_add(&timer, &tv);
	while (!queue_deliver_stop() && !end_over)
		if (event_loop(EVLOOP_ONCE) == -1)
			fatal("event_loop");
	evtimer_del(&timer);
	spool_close(spool);
}

void
queue_main(unsigned int inst)
{
	proc_init(PROC_QUEUE, inst, QUEUE_PARENT, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(queue_peer);
	proc_on_turn(queue_deliver_turn);
	proc_run();
	if (spool != NULL)
		queue_end();
}
