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
 * The control process: its route table and its start.
 */

#include <string.h>

#include "control/client.h"
#include "control/command.h"
#include "control/control.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_parent.h"

static int	 control_take_conf(struct proc_msg *);
static int	 control_take_listen(struct proc_msg *);
static int	 control_take_start(struct proc_msg *);

struct control_conf	 control_conf;
static int		 listen_fd = -1;

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_PARENT_CONF_NOTE,	  PROC_PARENT,	PROC_FD_NONE,
	    control_take_conf },
	{ MSG_PARENT_LISTEN_NOTE, PROC_PARENT,	PROC_FD_MUST,
	    control_take_listen },
	{ MSG_PARENT_PEER_NOTE,	  PROC_PARENT,	PROC_FD_MUST,
	    proc_take_peer },
	{ MSG_PARENT_GENERATION_NOTE, PROC_PARENT, PROC_FD_NONE,
	    command_take_generation },
	{ MSG_PARENT_START_NOTE,  PROC_PARENT,	PROC_FD_NONE,
	    control_take_start },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK,	  PROC_PARENT,	PROC_FD_NONE,
	    msg_take_alive },
	{ MSG_PARENT_RELOAD_ANSWER, PROC_PARENT, PROC_FD_NONE, pending_take },
	{ MSG_PARENT_PROCS_ANSWER, PROC_PARENT,	PROC_FD_NONE, pending_take },
	{ MSG_PARENT_GENERATIONS_ANSWER, PROC_PARENT, PROC_FD_NONE,
	    pending_take },
	{ MSG_PARENT_PREFLIGHT_ANSWER, PROC_PARENT, PROC_FD_NONE,
	    pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_FRONT,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_LOOKUP,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_QUEUE,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_DELIVER,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_RELAY,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_KEYS,	PROC_FD_NONE, pending_take },
	{ MSG_POLICY_EXPLAIN_ANSWER, PROC_POLICY, PROC_FD_NONE,
	    pending_take },
	{ MSG_POLICY_ANSWERS_ANSWER, PROC_POLICY, PROC_FD_NONE,
	    pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_SQL,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_STATS_ANSWER, PROC_HASH,	PROC_FD_NONE, pending_take },
	{ MSG_FRONT_SESSIONS_ANSWER, PROC_FRONT, PROC_FD_NONE, pending_take },
	{ MSG_CHILD_TRACE_ANSWER, PROC_FRONT,	PROC_FD_NONE, pending_take },
	{ MSG_CHILD_TRACE_ANSWER, PROC_POLICY,	PROC_FD_NONE, pending_take },
	{ MSG_FRONT_TRACE_NOTE,	  PROC_FRONT,	PROC_FD_NONE,
	    command_take_trace },
	{ MSG_QUEUE_LIST_ANSWER,  PROC_QUEUE,	PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_GREYLIST_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
	{ MSG_LOOKUP_NETWORKS_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
	{ MSG_LOOKUP_DIRECTORY_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
};

static int
control_take_conf(struct proc_msg *m)
{
	return (msg_get_control_conf(&m->body, &control_conf));
}

static int
control_take_listen(struct proc_msg *m)
{
	struct listener_conf	 unused;

	if (msg_get_listener(&m->body, &unused) == -1 || listen_fd != -1)
		return (-1);
	listen_fd = m->fd;
	m->fd = -1;
	return (0);
}

static int
control_take_start(struct proc_msg *m)
{
	struct start_note	 note;

	if (msg_get_start(&m->body, &note) == -1 || listen_fd == -1)
		return (-1);
	client_listen(listen_fd);
	priv_drop("_smtpd", "/var/empty");
	sandbox_enter(PROC_CONTROL, NULL, 0);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

void
control_main(unsigned int inst)
{
	proc_init(PROC_CONTROL, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(command_peer);
	proc_run();
}
