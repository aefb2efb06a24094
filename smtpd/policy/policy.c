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
 * The process: its route table, and the way from each message to the one
 * function that acts on it.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <stddef.h>
#include <string.h>

#include "smtpd/base/bans.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_auth.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/policy/answers.h"
#include "smtpd/policy/explain.h"
#include "smtpd/policy/draw.h"
#include "smtpd/policy/live.h"
#include "smtpd/policy/policy.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/stage_auth.h"
#include "smtpd/policy/stage_mail.h"
#include "smtpd/policy/stage_vrfy.h"

#define POLICY_USER	"_smtpd"
#define POLICY_ROOT	"/var/empty"

static int	 started;

static int
policy_conf(struct proc_msg *m)
{
	return (policy_settings_get(&m->body));
}

static int
policy_code(struct proc_msg *m)
{
	return (policy_settings_code(&m->body));
}

static int
policy_list(struct proc_msg *m)
{
	return (policy_settings_list(&m->body));
}

static int
policy_script(struct proc_msg *m)
{
	return (policy_settings_script(&m->body));
}

static int
policy_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (started || policy_settings() == NULL ||
	    msg_get_start(&m->body, &start) == -1)
		return (-1);
	started = 1;
	priv_drop(POLICY_USER, POLICY_ROOT);
	sandbox_enter(PROC_POLICY, NULL, 0);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
policy_session(struct proc_msg *m)
{
	struct session_note	 note;

	if (!started || msg_get_session(&m->body, &note) == -1)
		return (-1);
	policy_session_take(m->inst, &note);
	return (0);
}

static int
policy_helo(struct proc_msg *m)
{
	struct helo_ask	 ask;
	struct session	*s;

	if (!started || msg_get_helo_ask(&m->body, &ask) == -1)
		return (-1);
	if ((s = policy_session_find(m->inst, ask.session)) != NULL) {
		/* RFC 5321 4.1.4: as if it were RSET */
		policy_session_reset(s);
		policy_session_set_helo(s, ask.helo);
	}
	stage_helo(s, m->inst, m->id);
	return (0);
}

static int
policy_mail(struct proc_msg *m)
{
	struct mail_ask	 ask;

	if (!started || msg_get_mail_ask(&m->body, &ask) == -1)
		return (-1);
	stage_mail(policy_session_find(m->inst, ask.session), m->inst, m->id,
	    &ask);
	return (0);
}

static int
policy_rcpt(struct proc_msg *m)
{
	struct rcpt_ask	 ask;
	struct session	*s;

	if (!started || msg_get_rcpt_ask(&m->body, &ask) == -1)
		return (-1);
	if ((s = policy_session_find(m->inst, ask.session)) == NULL)
		policy_rcpt_refuse(m->inst, m->id, VERDICT_SEQUENCE);
	else
		policy_rcpt_new(s, m->id, &ask);
	return (0);
}

static int
policy_vrfy(struct proc_msg *m)
{
	struct vrfy_ask	 ask;

	if (!started || msg_get_vrfy_ask(&m->body, &ask) == -1)
		return (-1);
	stage_vrfy(policy_session_find(m->inst, ask.session), m->inst, m->id,
	    &ask);
	return (0);
}

static int
policy_auth(struct proc_msg *m)
{
	struct auth_ask	 ask;

	if (!started || msg_get_auth_ask(&m->body, &ask) == -1)
		return (-1);
	stage_auth(policy_session_find(m->inst, ask.session), m->inst, m->id,
	    &ask);
	explicit_bzero(&ask, sizeof(ask));
	return (0);
}

static int
policy_reset(struct proc_msg *m)
{
	struct session	*s;
	uint64_t	 id;

	if (msg_get_session_id(&m->body, &id) == -1)
		return (-1);
	if ((s = policy_session_find(m->inst, id)) != NULL)
		policy_session_reset(s);
	return (0);
}

static int
policy_end(struct proc_msg *m)
{
	struct session	*s;
	uint64_t	 id;

	if (msg_get_session_id(&m->body, &id) == -1)
		return (-1);
	if ((s = policy_session_find(m->inst, id)) != NULL)
		policy_session_end(s);
	return (0);
}

static int
policy_stats(struct proc_msg *m)
{
	const struct rcpt_counts	*counts = policy_rcpt_counts();
	struct wbuf			 w;
	uint64_t			 all = 0;
	size_t				 i;

	for (i = 0; i < VERDICT_COUNT; i++)
		all += counts->verdicts[i];
	wbuf_init(&w);
	row_num(&w, "sessions", (int64_t)policy_session_count());
	row_num(&w, "questions", (int64_t)pending_count());
	row_num(&w, "rcpts", (int64_t)all);
	row_num(&w, "accepted", (int64_t)(counts->verdicts[VERDICT_ACCEPT] +
	    counts->verdicts[VERDICT_DISCARD]));
	row_num(&w, "duplicate",
	    (int64_t)counts->verdicts[VERDICT_DUPLICATE]);
	row_num(&w, "unknown", (int64_t)counts->verdicts[VERDICT_UNKNOWN]);
	row_num(&w, "no_relay", (int64_t)counts->verdicts[VERDICT_RELAY]);
	row_num(&w, "harvest",
	    (int64_t)counts->verdicts[VERDICT_HARVEST]);
	row_num(&w, "greylisted",
	    (int64_t)counts->verdicts[VERDICT_GREYLIST]);
	row_num(&w, "banned_networks", (int64_t)bans_count());
	row_num(&w, "tempfail", (int64_t)counts->verdicts[VERDICT_TEMPFAIL]);
	row_num(&w, "asked_ahead", (int64_t)counts->ahead);
	row_num(&w, "rewritten", (int64_t)counts->rewritten);
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

static int
policy_explain(struct proc_msg *m)
{
	return (started ? explain_take(m) : -1);
}

static int
policy_answers(struct proc_msg *m)
{
	return (started ? answers_take(m) : -1);
}

static int
policy_why(struct proc_msg *m)
{
	return (started ? explain_take_why(m) : -1);
}

static void
policy_peer(enum proc_id id, unsigned int inst, int up)
{
	/* a new front begins with sessions of its own */
	if (id == PROC_FRONT && !up)
		policy_session_end_all(inst);
	if (id == PROC_FRONT && up)
		draw_front_up();
	if (id == PROC_CONTROL && !up)
		live_nobody();
}

/* Everything this process will ever listen to. */
static const struct proc_route routes[] = {
	{ MSG_FRONT_RCPT_ASK, PROC_FRONT, PROC_FD_NONE, policy_rcpt },
	{ MSG_LOOKUP_QUERY_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_RESOLVE_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
	{ MSG_FRONT_SESSION_NOTE, PROC_FRONT, PROC_FD_NONE, policy_session },
	{ MSG_FRONT_HELO_ASK, PROC_FRONT, PROC_FD_NONE, policy_helo },
	{ MSG_FRONT_MAIL_ASK, PROC_FRONT, PROC_FD_NONE, policy_mail },
	{ MSG_FRONT_RESET_NOTE, PROC_FRONT, PROC_FD_NONE, policy_reset },
	{ MSG_FRONT_END_NOTE, PROC_FRONT, PROC_FD_NONE, policy_end },
	{ MSG_FRONT_VRFY_ASK, PROC_FRONT, PROC_FD_NONE, policy_vrfy },
	{ MSG_LOOKUP_VALUE_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_THROTTLE_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
	{ MSG_RELAY_DNS_ANSWER, PROC_RELAY, PROC_FD_NONE, pending_take },
	{ MSG_FRONT_AUTH_ASK, PROC_FRONT, PROC_FD_NONE, policy_auth },
	{ MSG_LOOKUP_LOGIN_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_OWNER_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_NAMES_ANSWER, PROC_LOOKUP, PROC_FD_NONE, pending_take },
	{ MSG_LOOKUP_HARVEST_ANSWER, PROC_LOOKUP, PROC_FD_NONE,
	    pending_take },
	{ MSG_LOOKUP_BAN_NOTE, PROC_LOOKUP, PROC_FD_NONE, draw_take_ban },
	{ MSG_PARENT_PEER_NOTE, PROC_PARENT, PROC_FD_MUST, proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT, PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK, PROC_PARENT, PROC_FD_NONE, msg_take_alive },
	{ MSG_PARENT_CONF_NOTE, PROC_PARENT, PROC_FD_NONE, policy_conf },
	{ MSG_PARENT_CODE_NOTE, PROC_PARENT, PROC_FD_NONE, policy_code },
	{ MSG_PARENT_LIST_NOTE, PROC_PARENT, PROC_FD_NONE, policy_list },
	{ MSG_PARENT_SCRIPT_NOTE, PROC_PARENT, PROC_FD_NONE, policy_script },
	{ MSG_PARENT_START_NOTE, PROC_PARENT, PROC_FD_NONE, policy_start },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL, PROC_FD_NONE, policy_stats },
	{ MSG_CONTROL_EXPLAIN_ASK, PROC_CONTROL, PROC_FD_NONE,
	    policy_explain },
	{ MSG_CONTROL_WHY_ASK, PROC_CONTROL, PROC_FD_NONE, policy_why },
	{ MSG_CONTROL_TRACE_ASK, PROC_CONTROL, PROC_FD_NONE, live_take_ask },
	{ MSG_CONTROL_TRACE_NOTE, PROC_CONTROL, PROC_FD_NONE,
	    live_take_note },
	{ MSG_CONTROL_ANSWERS_ASK, PROC_CONTROL, PROC_FD_NONE,
	    policy_answers },
};

void
policy_main(unsigned int inst)
{
	proc_init(PROC_POLICY, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(policy_peer);
	proc_run();
}
