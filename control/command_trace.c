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
 * trace: fronts and policies are told whom to watch, and what they tell
 * goes on to smtpctl.  One that does not read has them pause, so it costs
 * nobody anything, and hears later how much it has missed.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/watch.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_trace.h"

static struct client	*tracers[WATCH_MAX];
static char		 nobody;	/* whom an answer tells nothing */

/* The policies of all generations, then the fronts; 0: that was the last. */
static int
trace_target(size_t i, enum proc_id *id, unsigned int *inst)
{
	*id = i < PROC_INST_MAX ? PROC_POLICY : PROC_FRONT;
	*inst = (unsigned int)(i % PROC_INST_MAX);
	return (i < PROC_INST_MAX + control_conf.prefork);
}

static void
trace_say(const struct client *c, enum proc_id id, unsigned int inst,
    enum trace_change change)
{
	struct trace_note	 note = { c->trace.number, change };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_trace_note(&w, &note);
	/* one that is not there has nobody to watch either */
	(void)proc_send(id, inst, MSG_CONTROL_TRACE_NOTE, 0, -1, &w);
}

static void
trace_say_all(const struct client *c, enum trace_change change)
{
	enum proc_id	 id;
	unsigned int	 inst;
	size_t		 i;

	for (i = 0; trace_target(i, &id, &inst); i++)
		if (proc_peer_up(id, inst))
			trace_say(c, id, inst, change);
}

void
command_trace_end(struct client *c)
{
	size_t	 i;

	if (c->trace.number == 0)
		return;
	pending_forget(c);	/* not all may have answered */
	for (i = 0; i < WATCH_MAX; i++)
		if (tracers[i] == c)
			tracers[i] = NULL;
	trace_say_all(c, TRACE_END);
	memset(&c->trace, 0, sizeof(c->trace));
}

static void
trace_lost(struct client *c)
{
	struct wbuf	 w;

	if (c->lost == 0)
		return;
	wbuf_init(&w);
	row_str(&w, "step", "lost");
	row_num(&w, "events", c->lost);
	row_end(&w);
	c->lost = 0;
	client_rows(c, w.data, w.len);
	wbuf_free(&w);
}

/* It has read all that there was. */
static void
trace_go_on(struct client *c)
{
	c->paused = 0;
	trace_lost(c);
	trace_say_all(c, TRACE_GO_ON);
}

static void
trace_pause(struct client *c)
{
	if (c->paused || !client_busy(c, trace_go_on))
		return;
	c->paused = 1;
	trace_say_all(c, TRACE_PAUSE);
}

static struct client *
trace_find(uint64_t number)
{
	size_t	 i;

	for (i = 0; i < WATCH_MAX; i++)
		if (tracers[i] != NULL && tracers[i]->trace.number == number)
			return (tracers[i]);
	return (NULL);
}

int
command_take_trace(struct proc_msg *m)
{
	struct trace_told	 told;
	struct client		*c;

	if (msg_get_trace_told(&m->body, &told) == -1)
		return (-1);
	if ((c = trace_find(m->id)) == NULL) {
		rbuf_skip(&m->body);
		return (0);
	}
	c->lost += told.lost;
	if (rbuf_left(&m->body) != 0 && c->paused)
		c->lost++;
	else if (rbuf_left(&m->body) != 0) {
		trace_lost(c);
		client_rows(c, m->body.p, rbuf_left(&m->body));
	}
	rbuf_skip(&m->body);
	if (!told.over)
		trace_pause(c);
	else {
		trace_lost(c);
		client_end(c, EX_OK, NULL);
	}
	return (0);
}

/* All of them watch. */
static void
trace_ready(struct client *c)
{
	char		 what[IP_NET_STR_SIZE];
	struct wbuf	 w;

	if (c->trace.session != 0 && c->changed == 0) {
		client_end(c, EX_DATAERR, "no such session");
		return;
	}
	if (c->trace.session != 0)
		(void)snprintf(what, sizeof(what), "%016llx",
		    (unsigned long long)c->trace.session);
	else
		(void)ip_net_format(&c->trace.net, what, sizeof(what));
	wbuf_init(&w);
	row_str(&w, "step", "trace");
	row_str(&w, "what", what);
	row_num(&w, "sessions", c->changed);
	row_end(&w);
	client_rows(c, w.data, w.len);
	wbuf_free(&w);
}

static void	 trace_next(struct client *);

/* One that is not there will be asked when it is: command_trace_peer. */
static int
trace_answer(void *arg, struct proc_msg *m)
{
	struct client		*c = arg;
	struct trace_answer	 a;

	if (c->trace.number == 0)
		return (0);		/* it has ended meanwhile */
	if (m != NULL) {
		if (msg_get_trace_answer(&m->body, &a) == -1)
			return (-1);
		c->changed += a.sessions;
		if (a.sessions != 0)
			c->front = m->inst;
	}
	c->target++;
	trace_next(c);
	return (0);
}

static void
trace_ask(const struct client *c, enum proc_id id, unsigned int inst,
    pending_cb cb, void *arg)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_trace_ask(&w, &c->trace);
	(void)pending_ask(id, inst, MSG_CONTROL_TRACE_ASK, -1, &w,
	    PENDING_LOOKUP, cb, arg);
}

/* Policy first: what front tells of comes to it later. */
static void
trace_next(struct client *c)
{
	enum proc_id	 id;
	unsigned int	 inst;

	for (; trace_target(c->target, &id, &inst); c->target++)
		if (proc_peer_up(id, inst)) {
			trace_ask(c, id, inst, trace_answer, c);
			return;
		}
	trace_ready(c);
}

static int
trace_heard(void *arg, struct proc_msg *m)
{
	struct trace_answer	 unused;

	return (m == NULL ? 0 : msg_get_trace_answer(&m->body, &unused));
}

void
command_trace_peer(enum proc_id id, unsigned int inst)
{
	size_t	 i;

	for (i = 0; i < WATCH_MAX; i++) {
		if (tracers[i] == NULL)
			continue;
		trace_ask(tracers[i], id, inst, trace_heard, &nobody);
		if (tracers[i]->paused)
			trace_say(tracers[i], id, inst, TRACE_PAUSE);
	}
}

void
command_trace_gone(enum proc_id id, unsigned int inst)
{
	struct client	*c;
	size_t		 i;

	for (i = 0; i < WATCH_MAX; i++)
		if ((c = tracers[i]) != NULL && c->trace.session != 0 &&
		    c->changed != 0 && id == PROC_FRONT && c->front == inst)
			client_end(c, EX_UNAVAILABLE, "the process of the "
			    "session is gone, and the session with it");
}

/* The id of a session, an address or a network; -1 when it is neither. */
static int
trace_whom(struct trace_ask *ask, const char *word)
{
	memset(ask, 0, sizeof(*ask));
	if (strlen(word) == 16 && strspn(word, "0123456789abcdef") == 16) {
		ask->session = strtoull(word, NULL, 16);
		ask->net.ip.family = 4;
		return (ask->session == 0 ? -1 : 0);
	}
	return (ip_net_parse(word, strlen(word), &ask->net));
}

void
command_trace(struct client *c, struct command_ask *words)
{
	static uint64_t	 number;
	size_t		 i;

	for (i = 0; i < WATCH_MAX && tracers[i] != NULL; i++)
		;
	if (trace_whom(&c->trace, words->args[1]) == -1)
		client_end(c, EX_USAGE, "expected a session as 'show "
		    "sessions' has it, an IP address or a network");
	else if (i == WATCH_MAX)
		client_end(c, EX_TEMPFAIL, "as many traces as may be are "
		    "under way");
	else {
		log_info("trace %s by uid %u", words->args[1],
		    (unsigned int)c->uid);
		c->trace.number = ++number;
		c->paused = 0;
		c->lost = 0;
		tracers[i] = c;
		trace_next(c);
	}
}
