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
 * Questions about the greylist.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_value.h"
#include "smtpd/policy/grey.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static int
sender_exempt(const struct exempt_conf *c, const char *sender)
{
	const char	*at = strrchr(sender, '@');
	size_t		 i;

	for (i = 0; i < c->nsenders; i++)
		if (strcmp(c->senders[i], sender) == 0 || (at != NULL &&
		    strcmp(c->senders[i], at) == 0))
			return (1);
	return (0);
}

int
grey_exempt(const struct session *s, const char *rcpt)
{
	const struct exempt_conf	*c;

	c = &policy_settings()->greylist_exempt;
	return (s->login != NULL || s->remote.family == 0 ||
	    strncmp(rcpt, "postmaster@", 11) == 0 ||
	    strncmp(rcpt, "abuse@", 6) == 0 ||
	    networks_have(&c->networks, &s->remote) ||
	    sender_exempt(c, s->tx->sender_key));
}

void
grey_begin(struct grey *g, const struct session *s, void (*wake)(void *),
    void *arg)
{
	g->session = s;
	g->wake = wake;
	g->arg = arg;
	g->asked = g->known = 0;
}

int
grey_begun(const struct grey *g)
{
	return (g->asked || g->known);
}

void
grey_end(struct grey *g)
{
	if (g->asked)
		pending_forget(g);
	g->asked = 0;
}

static int
grey_value(struct grey *g, struct rbuf *r)
{
	static struct value_answer	 ans;

	if (msg_get_value(r, &ans) == -1 || ans.status == VALUE_NONE ||
	    (ans.status == VALUE_FOUND && (ans.value.type != DATUM_INTEGER ||
	    ans.value.integer < 0)))
		return (-1);
	if (ans.status == VALUE_BROKEN)
		return (0);
	g->status = ans.value.integer == 0 ? GREY_PASS : GREY_LATER;
	g->seconds = ans.value.integer > INT64_C(1000) * UINT32_MAX ?
	    UINT32_MAX : (uint32_t)((ans.value.integer + 999) / 1000);
	return (0);
}

/* m is NULL when lookup did not answer. */
static int
grey_answer(void *arg, struct proc_msg *m)
{
	struct grey	*g = arg;

	g->asked = 0;
	g->known = 1;
	g->status = GREY_UNKNOWN;
	if (m != NULL && grey_value(g, &m->body) == -1)
		return (-1);
	if (g->status == GREY_UNKNOWN && !g->session->dry)
		log_warnx("session=%016llx event=greylist error=\"%s\"",
		    (unsigned long long)g->session->id, m == NULL ?
		    "no answer" : "not known");
	g->wake(g->arg);
	return (0);
}

enum grey_status
grey_take(struct grey *g, const char *rcpt)
{
	const struct session	*s = g->session;
	struct greylist_ask	 ask;
	struct wbuf		 w;

	if (g->known)
		return (g->status);
	if (g->asked)
		return (GREY_WAIT);
	ask.dry = s->dry;
	network_of(&ask.network, &s->remote);
	(void)strlcpy(ask.sender, s->tx->sender_key, sizeof(ask.sender));
	(void)strlcpy(ask.rcpt, rcpt, sizeof(ask.rcpt));
	wbuf_init(&w);
	msg_put_greylist_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_GREYLIST_ASK, -1, &w,
	    PENDING_LOOKUP, grey_answer, g);
	g->asked = 1;
	return (GREY_WAIT);
}
