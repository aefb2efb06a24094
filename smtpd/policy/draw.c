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
 * Draws on the harvest memory, and bans on their way to front.
 */

#include "smtpd/base/bans.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_harvest.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/draw.h"
#include "smtpd/policy/session.h"

/* Not concerned, whatever it asks for. */
static int
draw_exempt(const struct session *s)
{
	return (s->login != NULL || s->exempt || s->remote.family == 0);
}

int
draw_banned(const struct session *s)
{
	return (bans_has(&s->remote) && !draw_exempt(s));
}

void
draw_begin(struct draw *d, const struct session *s, void (*wake)(void *),
    void *arg)
{
	d->session = s;
	d->wake = wake;
	d->arg = arg;
	d->asked = d->known = 0;
}

void
draw_end(struct draw *d)
{
	if (d->asked)
		pending_forget(d);
	d->asked = 0;
}

/* m is NULL when lookup did not answer. */
static int
draw_answer(void *arg, struct proc_msg *m)
{
	struct draw		*d = arg;
	enum harvest_draw	 draw;

	d->asked = 0;
	d->known = 1;
	d->status = DRAW_UNKNOWN;
	if (m == NULL)
		log_warnx("session=%016llx event=harvest error=\"no answer\"",
		    (unsigned long long)d->session->id);
	else if (msg_get_harvest_answer(&m->body, &draw) == -1)
		return (-1);
	else
		d->status = draw == HARVEST_GRANTED ? DRAW_GRANTED :
		    DRAW_SPENT;
	d->wake(d->arg);
	return (0);
}

enum draw_status
draw_take(struct draw *d)
{
	struct harvest_ask	 ask;
	struct wbuf		 w;

	if (d->known) {
		trace_step(d->session->trace, "harvest", d->status ==
		    DRAW_GRANTED ? "an error was counted for the client's "
		    "network" : d->status == DRAW_SPENT ? "the budget of the "
		    "client's network is spent" : "no answer", NULL);
		return (d->status);
	}
	if (d->asked)
		return (DRAW_WAIT);
	if (draw_exempt(d->session))
		return (DRAW_GRANTED);
	if (d->session->dry) {
		trace_step(d->session->trace, "harvest", "a client's error "
		    "would count for its network", NULL);
		return (DRAW_GRANTED);
	}
	network_of(&ask.network, &d->session->remote);
	wbuf_init(&w);
	msg_put_harvest_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_HARVEST_ASK, -1, &w,
	    PENDING_LOOKUP, draw_answer, d);
	d->asked = 1;
	return (DRAW_WAIT);
}

static void
ban_send(const struct network *n, uint64_t left)
{
	struct ban_note	 note = { *n, left };
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_ban(&w, &note);
	/* a front that is gone is told all when it comes back */
	(void)proc_send(PROC_FRONT, proc_inst(), MSG_POLICY_BAN_NOTE, 0, -1,
	    &w);
}

int
draw_take_ban(struct proc_msg *m)
{
	struct ban_note	 note;

	if (msg_take_ban(&m->body, &note) == -1)
		return (-1);
	ban_send(&note.network, note.left);
	return (0);
}

void
draw_front_up(void)
{
	struct network	 none = { 0, 0 };

	ban_send(&none, 0);
	bans_each(ban_send);
}
