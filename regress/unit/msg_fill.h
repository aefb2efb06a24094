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
 * Bodies with something in them, of control and relay.
 */

#ifndef MSG_FILL_H
#define MSG_FILL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_relay.h"

static inline void
fill_control_conf(void *p)
{
	struct control_conf	*m = p;

	m->prefork = 4;
	m->nlisteners = 2;
	m->listeners[0].ip.family = 4;
	m->listeners[0].port = 25;
	(void)snprintf(m->listeners[0].name, sizeof(m->listeners[0].name),
	    "smtp");
	m->listeners[1].tls = 1;
}

static inline void
fill_explain_ask(void *p)
{
	struct explain_ask	*m = p;

	m->remote.family = 4;
	m->local.family = 6;
	m->local_port = 465;
	m->tls = 1;
	(void)snprintf(m->listener, sizeof(m->listener), "smtp");
	(void)snprintf(m->login, sizeof(m->login), "john");
	(void)snprintf(m->rcpt, sizeof(m->rcpt), "<a@b> NOTIFY=NEVER");
}

static inline void
fill_answers_ask(void *p)
{
	struct answers_ask	*m = p;

	fill_explain_ask(&m->client);
	m->n = 2;
	(void)snprintf(m->rcpts[0], sizeof(m->rcpts[0]), "<a@b.example>");
	(void)snprintf(m->rcpts[1], sizeof(m->rcpts[1]), "<c@d.example>");
}

static inline void
fill_relay_ask(void *p)
{
	struct relay_ask	*m = p;

	m->nrcpts = 2;
	m->rcpts = calloc(2, sizeof(*m->rcpts));
	(void)snprintf(m->nexthop, sizeof(m->nexthop), "mx://b.example");
	(void)snprintf(m->rcpts[1].rcpt.local,
	    sizeof(m->rcpts[1].rcpt.local), "a");
	m->rcpts[1].notify = 15;
}

static inline void
clear_relay_ask(void *p)
{
	struct relay_ask	*m = p;

	free(m->rcpts);
	m->rcpts = NULL;
}

static inline void
fill_relay_answer(void *p)
{
	struct relay_answer	*m = p;

	m->nrcpts = 2;
	m->results = calloc(2, sizeof(*m->results));
	m->results[1].outcome = RELAY_NEVER;
	m->results[1].code = 599;
	(void)snprintf(m->results[1].text, sizeof(m->results[1].text), "no");
}

static inline void
clear_relay_answer(void *p)
{
	struct relay_answer	*m = p;

	free(m->results);
	m->results = NULL;
}

static inline void
fill_relay_conf(void *p)
{
	struct relay_conf	*c = p;

	c->nown = CONF_LISTENERS_MAX;
	c->own[1].ip.family = 4;
	c->own[1].port = 25;
	c->nsecrets = RELAY_SECRETS_MAX;
	(void)snprintf(c->secrets[1].where, sizeof(c->secrets[1].where),
	    "u@h.example");
}

#endif
