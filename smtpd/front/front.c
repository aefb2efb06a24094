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
 * The network process: what it listens to, how it starts and how it ends.
 */

#include <event.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/front/files.h"
#include "smtpd/front/front.h"
#include "smtpd/front/front_control.h"
#include "smtpd/front/front_listen.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/front/signer.h"
#include "smtpd/front/tls_server.h"
#include "smtpd/front/tls_ticket.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_parent.h"

#define FRONT_PARENT	3	/* the descriptor that leads to it */
#define FRONT_END	3000	/* ms for sessions to hear of our end */

static int	 front_take_conf(struct proc_msg *);
static int	 front_take_peer(struct proc_msg *);
static int	 front_take_start(struct proc_msg *);

struct front_conf	 front_conf;
static int		 started, end_over;

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_PARENT_CONF_NOTE,	 PROC_PARENT,	PROC_FD_NONE,
	    front_take_conf },
	{ MSG_PARENT_LISTEN_NOTE, PROC_PARENT,	PROC_FD_MUST,
	    front_take_listen },
	{ MSG_PARENT_CERT_NOTE,	 PROC_PARENT,	PROC_FD_NONE,
	    tls_server_take_cert },
	{ MSG_PARENT_TICKETS_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    tls_ticket_take },
	{ MSG_PARENT_PEER_NOTE,	 PROC_PARENT,	PROC_FD_MUST,
	    front_take_peer },
	{ MSG_PARENT_GENERATION_NOTE, PROC_PARENT, PROC_FD_NONE,
	    front_take_generation },
	{ MSG_PARENT_START_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    front_take_start },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK,	 PROC_PARENT,	PROC_FD_NONE,
	    msg_take_alive },
	{ MSG_POLICY_HELO_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_POLICY_MAIL_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_POLICY_RCPT_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_POLICY_VRFY_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_POLICY_BAN_NOTE,	 PROC_POLICY,	PROC_FD_NONE,
	    front_take_ban },
	{ MSG_POLICY_STEPS_NOTE, PROC_POLICY,	PROC_FD_NONE,
	    front_take_steps },
	{ MSG_POLICY_AUTH_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_QUEUE_DATA_ANSWER, PROC_QUEUE,	PROC_FD_MAY, pending_take },
	{ MSG_QUEUE_COMMIT_ANSWER, PROC_QUEUE,	PROC_FD_NONE, pending_take },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    front_take_stats },
	{ MSG_CONTROL_SESSIONS_ASK, PROC_CONTROL, PROC_FD_NONE,
	    front_take_sessions },
	{ MSG_CONTROL_TRACE_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    front_take_trace_ask },
	{ MSG_CONTROL_TRACE_NOTE, PROC_CONTROL,	PROC_FD_NONE,
	    front_take_trace_note },
};

/* Again at reload: what it says holds for what comes from then on. */
static int
front_take_conf(struct proc_msg *m)
{
	struct front_conf	 before = front_conf;

	if (msg_get_front_conf(&m->body, &front_conf) == -1)
		return (-1);
	if (started && (before.tls_13 != front_conf.tls_13 ||
	    strcmp(before.ciphers, front_conf.ciphers) != 0))
		tls_server_start();
	return (0);
}

/* The keys process is asked in another way than all others: signer.h. */
static int
front_take_peer(struct proc_msg *m)
{
	struct rbuf	 r = m->body;

	if (rbuf_u8(&r, PROC_COUNT - 1) != PROC_KEYS)
		return (proc_take_peer(m));
	(void)rbuf_u16(&r);
	m->body = r;
	if (!rbuf_done(&r))
		return (-1);
	signer_connect(m->fd);
	m->fd = -1;
	return (0);
}

static int
front_take_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (msg_get_start(&m->body, &start) == -1 || started)
		return (-1);
	started = 1;
	files_init(priv_files());
	tls_server_start();
	priv_drop("_smtpd", "/var/empty");
	sandbox_enter(PROC_FRONT, NULL, 0);
	front_listen_start();
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static void
end_timer(int fd, short what, void *arg)
{
	end_over = 1;
}

/* RFC 5321 3.8: no session just breaks off. */
static void
front_end(void)
{
	struct event	 timer;
	struct timeval	 tv = clock_tv(FRONT_END);

	front_listen_stop();
	evtimer_set(&timer, end_timer, NULL);
	evtimer_add(&timer, &tv);
	while (session_count() > 0 && !end_over) {
		session_finish_all(REPLY_SHUTDOWN);
		session_turns();
		if (session_count() == 0)
			break;
		if (event_loop(EVLOOP_ONCE) == -1)
			fatal("event_loop");
	}
	evtimer_del(&timer);
	while (session_first() != NULL)
		session_free(session_first(), "shutdown");
}

void
front_main(unsigned int inst)
{
	proc_init(PROC_FRONT, inst, FRONT_PARENT, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(front_peer);
	proc_on_turn(session_turns);
	proc_run();
	if (started)
		front_end();
}
