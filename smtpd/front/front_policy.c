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
 * The conversation with policy, and the generations of our peers.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/string.h>

#include <string.h>
#include <tls.h>

#include "smtpd/base/bans.h"
#include "smtpd/base/ip.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/front_policy.h"
#include "smtpd/front/front_trace.h"
#include "smtpd/front/session.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_harvest.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_session.h"

/* A policy for each generation of the configuration that has sessions. */
static struct {
	uint32_t	 connection;	/* see front_policy_generation */
	uint32_t	 number;	/* of the generation; 0: drained */
	uint32_t	 sessions;
} slots[PROC_SLOTS_MAX];
static unsigned int	 current;
static uint32_t		 connections, queues;

uint32_t
front_policy_generation(const struct session *s)
{
	return (slots[s->slot].connection);
}

uint32_t
front_policy_number(const struct session *s)
{
	return (slots[s->slot].number);
}

void
front_policy_join(struct session *s)
{
	s->slot = (uint8_t)current;
	slots[current].sessions++;
}

/* Said once: the slot may be another generation's soon. */
static void
slot_drained(unsigned int slot)
{
	struct generation_note	 note = { (uint8_t)slot, slots[slot].number,
	    PROC_SLOTS_MAX };
	struct wbuf		 w;

	if (slot == current || slots[slot].sessions > 0 || note.number == 0)
		return;
	slots[slot].number = 0;
	wbuf_init(&w);
	msg_put_generation(&w, &note);
	(void)proc_send(PROC_PARENT, 0, MSG_FRONT_DRAINED_NOTE, 0, -1, &w);
}

void
front_policy_leave(struct session *s)
{
	slots[s->slot].sessions--;
	slot_drained(s->slot);
}

/* Too many generations had sessions: the oldest ones are of now. */
static void
slot_retire(unsigned int slot)
{
	struct session	*s;

	if (slot == current)
		return;
	for (s = session_first(); s != NULL; s = TAILQ_NEXT(s, entry)) {
		if (s->slot != slot)
			continue;
		slots[slot].sessions--;
		s->policy = 0;
		front_policy_join(s);
	}
	slots[slot].number = 0;
}

int
front_take_generation(struct proc_msg *m)
{
	struct generation_note	 note;
	unsigned int		 i;

	if (msg_get_generation(&m->body, &note) == -1)
		return (-1);
	current = note.slot;
	slots[current].number = note.number;
	if (note.retired < PROC_SLOTS_MAX)
		slot_retire(note.retired);
	for (i = 0; i < PROC_SLOTS_MAX; i++)
		slot_drained(i);
	return (0);
}

static unsigned int
policy_inst(const struct session *s)
{
	return (proc_inst() + s->slot * PROC_PAIRS_MAX);
}

uint32_t
front_queue_generation(void)
{
	return (queues);
}

void
front_peer(enum proc_id id, unsigned int inst, int up)
{
	if (!up && id == PROC_CONTROL)
		front_trace_nobody();
	if (!up)
		return;
	if (id == PROC_POLICY && inst % PROC_PAIRS_MAX == proc_inst())
		slots[inst / PROC_PAIRS_MAX].connection = ++connections;
	else if (id == PROC_QUEUE)
		queues++;
}

int
front_take_ban(struct proc_msg *m)
{
	struct ban_note	 note;

	return (msg_take_ban(&m->body, &note));
}

int
front_is_banned(const struct ip *ip)
{
	return (bans_has(ip) && !networks_have(&front_conf.exempt, ip));
}

/*
 * Our end of the connection, or the balancer's: the listener may have any
 * address.
 */
static void
local_address(const struct session *s, struct ip *ip, uint16_t *port)
{
	static const struct ip	 any4 = { .family = 4 }, any6 = { .family = 6 };
	struct sockaddr_storage	 ss;
	socklen_t		 len = sizeof(ss);

	if (s->proxied != NULL && s->proxied->local.family != 0) {
		*ip = s->proxied->local;
		*port = s->proxied->local_port;
		return;
	}
	*ip = s->listener->ip;
	*port = s->listener->port;
	if (!ip_equal(ip, &any4) && !ip_equal(ip, &any6))
		return;
	memset(&ss, 0, sizeof(ss));
	if (getsockname(s->fd, (struct sockaddr *)&ss, &len) == 0)
		ip_from_sockaddr(ip, NULL, (struct sockaddr *)&ss);
}

/* Policy has never heard of the session, or was started again. */
static void
introduce(struct session *s)
{
	struct session_note	 note;
	struct wbuf		 w;

	memset(&note, 0, sizeof(note));
	note.session = s->id;
	note.remote = s->remote;
	note.remote_port = s->remote_port;
	local_address(s, &note.local, &note.local_port);
	(void)strlcpy(note.listener, s->listener->name,
	    sizeof(note.listener));
	if (s->helo != NULL)
		(void)strlcpy(note.helo, s->helo, sizeof(note.helo));
	if (s->login != NULL)
		(void)strlcpy(note.login, s->login, sizeof(note.login));
	(void)strlcpy(note.logins, s->listener->auth, sizeof(note.logins));
	note.errors = s->errors;
	note.auth_errors = s->auth_errors;
	if (s->tls != NULL) {
		note.tls = 1;
		(void)strlcpy(note.tls_version, tls_conn_version(s->tls),
		    sizeof(note.tls_version));
		(void)strlcpy(note.tls_cipher, tls_conn_cipher(s->tls),
		    sizeof(note.tls_cipher));
	}
	wbuf_init(&w);
	msg_put_session(&w, &note);
	if (proc_send(PROC_POLICY, policy_inst(s), MSG_FRONT_SESSION_NOTE, 0,
	    -1, &w) == 0)
		s->policy = slots[s->slot].connection;
}

void
front_policy_again(struct session *s)
{
	introduce(s);
}

uint64_t
front_policy_ask(struct session *s, uint32_t type, struct wbuf *body,
    pending_cb cb, void *arg)
{
	if (s->policy != slots[s->slot].connection)
		introduce(s);
	return (pending_ask(PROC_POLICY, policy_inst(s), type, -1, body,
	    PENDING_FRONT, cb, arg));
}

static void
note_id(const struct session *s, uint32_t type)
{
	struct wbuf	 w;

	if (s->policy == 0 || s->policy != slots[s->slot].connection)
		return;
	wbuf_init(&w);
	msg_put_session_id(&w, s->id);
	(void)proc_send(PROC_POLICY, policy_inst(s), type, 0, -1, &w);
}

void
front_policy_reset(const struct session *s)
{
	note_id(s, MSG_FRONT_RESET_NOTE);
}

void
front_policy_end(const struct session *s)
{
	note_id(s, MSG_FRONT_END_NOTE);
}
