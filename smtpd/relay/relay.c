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
 * The process: its route table, its start.
 */

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/relay/errand.h"
#include "smtpd/relay/call.h"
#include "smtpd/relay/records.h"
#include "smtpd/relay/relay.h"
#include "smtpd/relay/resolver.h"
#include "smtpd/relay/target.h"

/* The one that delivers to mailboxes must reach the socket's path. */
#define RELAY_USER	"_smtpd"
#define RELAY_ROOT	"/var/empty"
#define RELAY_LMTP_USER	"_smtpmail"

static struct relay_conf	 conf;
static int			 configured, started;

static int
relay_conf(struct proc_msg *m)
{
	if (configured || msg_get_relay_conf(&m->body, &conf) == -1)
		return (-1);
	configured = 1;
	return (0);
}

static int
relay_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (!configured || started || msg_get_start(&m->body, &start) == -1)
		return (-1);
	started = 1;
	(void)priv_files();
	resolver_init(conf.resolver);
	target_init(&conf);
	call_init(&conf);
	if (proc_inst() == 0)
		priv_drop(RELAY_USER, RELAY_ROOT);
	else
		priv_drop(RELAY_LMTP_USER, NULL);
	sandbox_enter(PROC_RELAY, NULL, 0);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
relay_ask(struct proc_msg *m)
{
	return (started ? errand_take(m) : -1);
}

static int
relay_dns(struct proc_msg *m)
{
	return (started ? records_take(m) : -1);
}

static void
relay_peer(enum proc_id id, unsigned int inst, int up)
{
	if (id == PROC_QUEUE)
		errand_queue_gone();
}

static int
relay_stats(struct proc_msg *m)
{
	struct errand_stats	 st;
	struct wbuf		 w;

	errand_stats(&st);
	wbuf_init(&w);
	row_num(&w, "relayed", (int64_t)st.ok);
	row_num(&w, "deferred", (int64_t)st.later);
	row_num(&w, "refused", (int64_t)st.never);
	row_num(&w, "running", st.running);
	row_num(&w, "connections", call_count());
	row_num(&w, "next_hops", target_count());
	row_num(&w, "dns_questions", resolver_asked());
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Everything this process will ever listen to. */
static const struct proc_route routes[] = {
	{ MSG_PARENT_PEER_NOTE, PROC_PARENT, PROC_FD_MUST, proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT, PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK, PROC_PARENT, PROC_FD_NONE, msg_take_alive },
	{ MSG_PARENT_CONF_NOTE, PROC_PARENT, PROC_FD_NONE, relay_conf },
	{ MSG_PARENT_START_NOTE, PROC_PARENT, PROC_FD_NONE, relay_start },
	{ MSG_QUEUE_RELAY_ASK, PROC_QUEUE, PROC_FD_MUST, relay_ask },
	{ MSG_POLICY_DNS_ASK, PROC_POLICY, PROC_FD_NONE, relay_dns },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL, PROC_FD_NONE, relay_stats },
};

void
relay_main(unsigned int inst)
{
	proc_init(PROC_RELAY, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(relay_peer);
	proc_run();
}
