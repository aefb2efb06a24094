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
 * Rows for smtpctl: counters, and who is connected.
 */

#include <string.h>
#include <stdio.h>
#include <tls.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/ip.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/client.h"
#include "smtpd/front/front_control.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tx.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/smtp/line.h"

#define CONTROL_PAGE	(64 * 1024)	/* octets of rows in one answer */

int
front_take_stats(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_num(&w, "sessions", session_count());
	row_num(&w, "clients", client_count());
	row_num(&w, "connections", (int64_t)front_stats.connections);
	row_num(&w, "refused", (int64_t)front_stats.refused);
	row_num(&w, "banned", (int64_t)front_stats.banned);
	row_num(&w, "commands", (int64_t)front_stats.commands);
	row_num(&w, "rcpts_accepted", (int64_t)front_stats.rcpts_accepted);
	row_num(&w, "rcpts_refused", (int64_t)front_stats.rcpts_refused);
	row_num(&w, "rcpts_deferred", (int64_t)front_stats.rcpts_deferred);
	row_num(&w, "logins", (int64_t)front_stats.logins);
	row_num(&w, "logins_failed", (int64_t)front_stats.logins_failed);
	row_num(&w, "messages", (int64_t)front_stats.messages);
	row_num(&w, "octets", (int64_t)front_stats.octets);
	row_num(&w, "tls", (int64_t)front_stats.tls);
	row_num(&w, "tls_resumed", (int64_t)front_stats.tls_resumed);
	row_num(&w, "tls_failed", (int64_t)front_stats.tls_failed);
	row_num(&w, "pending", pending_count());
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

static const char *
state_name(const struct session *s)
{
	if (s->phase >= SESSION_CLOSING)
		return ("closing");
	if (s->phase == SESSION_PROXY)
		return ("proxy");
	if (s->phase != SESSION_OPEN)
		return ("handshake");
	if (s->asking != VERB_NONE)
		return (smtp_line_name((enum verb)s->asking));
	if (s->tx == NULL)
		return ("idle");
	if (s->tx->stage != TX_RCPTS)
		return ("text");
	return (s->tx->nasked > 0 ? "RCPT" : "transaction");
}

static void
session_row(struct wbuf *w, const struct session *s)
{
	char		 id[17], ip[IP_STR_SIZE];

	(void)snprintf(id, sizeof(id), "%016llx", (unsigned long long)s->id);
	row_str(w, "session", id);
	row_str(w, "client", ip_format(&s->remote, ip, sizeof(ip)));
	row_num(w, "port", s->remote_port);
	row_str(w, "listener", s->listener->name);
	row_str(w, "helo", s->helo);
	row_num(w, "seconds", (int64_t)((clock_mono() - s->start) / 1000));
	row_str(w, "tls", s->tls == NULL || s->phase == SESSION_HANDSHAKE ?
	    "" : tls_conn_version(s->tls));
	row_str(w, "state", state_name(s));
	row_num(w, "rcpts", s->tx == NULL ? 0 : (int64_t)tx_accepted(s->tx));
	row_num(w, "errors", s->errors);
	row_num(w, "generation", front_policy_number(s));
	row_end(w);
}

int
front_take_sessions(struct proc_msg *m)
{
	struct list_ask		 ask;
	struct list_head	 head;
	struct session		*s;
	struct wbuf		 rows, w;

	if (msg_get_list_ask(&m->body, &ask) == -1)
		return (-1);
	memset(&head, 0, sizeof(head));
	wbuf_init(&rows);
	for (s = session_after(ask.after); s != NULL;
	    s = TAILQ_NEXT(s, entry)) {
		if (ask.id != 0 && s->id != ask.id)
			continue;
		if (rows.len > CONTROL_PAGE)
			break;
		session_row(&rows, s);
		head.next = s->id;
	}
	if (s == NULL)
		head.next = 0;
	wbuf_init(&w);
	msg_put_list_head(&w, &head);
	wbuf_raw(&w, rows.data, rows.len);
	wbuf_free(&rows);
	(void)proc_answer(m, MSG_FRONT_SESSIONS_ANSWER, -1, &w);
	return (0);
}
