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
 * The table of sessions and their life.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/watch.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/policy/live.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/stage_auth.h"
#include "smtpd/policy/stage_mail.h"
#include "smtpd/policy/stage_vrfy.h"

#define SESSION_BUCKETS	256		/* at first; doubled when full */

LIST_HEAD(session_list, session);

static struct session_list	*buckets;
static size_t			 nbuckets, nsessions;

/* Numbers are front's own: they need spreading, not a secret. */
static struct session_list *
bucket(unsigned int inst, uint64_t id)
{
	uint64_t	 h = id ^ (uint64_t)inst << 58;

	h *= 0x9e3779b97f4a7c15ULL;	/* 2^64 / golden ratio */
	return (&buckets[h >> 32 & (nbuckets - 1)]);
}

static void
session_grow(void)
{
	struct session_list	*old = buckets;
	struct session		*s;
	size_t			 i, nold = nbuckets;

	nbuckets = nold == 0 ? SESSION_BUCKETS : nold * 2;
	buckets = xcalloc(nbuckets, sizeof(*buckets));
	for (i = 0; i < nold; i++)
		while ((s = LIST_FIRST(&old[i])) != NULL) {
			LIST_REMOVE(s, entry);
			LIST_INSERT_HEAD(bucket(s->inst, s->id), s, entry);
		}
	free(old);
}

struct session *
policy_session_find(unsigned int inst, uint64_t id)
{
	struct session	*s;

	if (nbuckets == 0)
		return (NULL);
	LIST_FOREACH(s, bucket(inst, id), entry)
		if (s->id == id && s->inst == inst)
			return (s);
	return (NULL);
}

static void
session_text(char **dst, const char *src)
{
	xstrset(dst, src[0] == '\0' ? NULL : src);
}

static struct session *
session_new(unsigned int inst, uint64_t id)
{
	struct session	*s;

	if ((s = calloc(1, sizeof(*s))) == NULL) {
		log_warn("session=%016llx", (unsigned long long)id);
		return (NULL);
	}
	s->id = id;
	s->inst = inst;
	TAILQ_INIT(&s->rcpts);
	LIST_INIT(&s->vrfys);
	if (nsessions >= nbuckets)
		session_grow();
	LIST_INSERT_HEAD(bucket(inst, id), s, entry);
	nsessions++;
	return (s);
}

static int
text_differs(const char *have, const char *said)
{
	return (strcmp(have == NULL ? "" : have, said) != 0);
}

/* Somebody else: what was decided about the one before does not hold. */
static int
session_differs(const struct session *s, const struct session_note *note)
{
	return (s->tls != note->tls || text_differs(s->login, note->login) ||
	    text_differs(s->helo, note->helo) ||
	    text_differs(s->listener, note->listener) ||
	    !ip_equal(&s->remote, &note->remote) ||
	    !ip_equal(&s->local, &note->local));
}

void
policy_session_take(unsigned int inst, const struct session_note *note)
{
	struct session	*s;

	if ((s = policy_session_find(inst, note->session)) == NULL &&
	    (s = session_new(inst, note->session)) == NULL)
		return;
	if (session_differs(s, note))
		policy_session_reset(s);
	if (!ip_equal(&s->remote, &note->remote)) {
		free(s->host);
		s->host = NULL;
	}
	s->remote = note->remote;
	s->local = note->local;
	s->remote_port = note->remote_port;
	s->local_port = note->local_port;
	s->tls = note->tls;
	if (watch_all != 0)
		live_match(s);
	s->exempt = (uint8_t)networks_have(&policy_settings()->exempt,
	    &note->remote);
	session_text(&s->listener, note->listener);
	session_text(&s->login, note->login);
	session_text(&s->logins, note->logins);
	session_text(&s->helo, note->helo);
	session_text(&s->tls_version, note->tls_version);
	session_text(&s->tls_cipher, note->tls_cipher);
	/* nothing makes the count smaller: RCPT.md 4 */
	if (note->errors > s->errors)
		s->errors = note->errors;
	if (note->auth_errors > s->auth_errors)
		s->auth_errors = note->auth_errors;
}

void
policy_session_set_helo(struct session *s, const char *helo)
{
	session_text(&s->helo, helo);
}

/* An explanation's session is not among them. */
void
policy_session_set_host(const struct session *asked, const struct datum *d)
{
	struct session	*s = policy_session_find(asked->inst, asked->id);

	if (s == NULL || s != asked)
		return;
	free(s->host);
	/* without memory it is asked for again */
	s->host = strndup(d->len == 0 ? "" : d->string, d->len);
}

static void
session_drop_tx(struct session *s)
{
	if (s->tx == NULL)
		return;
	rcptset_free(&s->tx->accepted);
	free(s->tx->sender_key);
	free(s->tx->envid);
	free(s->tx);
	s->tx = NULL;
}

int
policy_session_begin(struct session *s, const struct address *sender,
    const char *key)
{
	policy_rcpt_drop(s);
	session_drop_tx(s);
	if ((s->tx = calloc(1, sizeof(*s->tx))) == NULL ||
	    (s->tx->sender_key = strdup(key)) == NULL) {
		log_warn("session=%016llx event=mail",
		    (unsigned long long)s->id);
		session_drop_tx(s);
		return (-1);
	}
	s->tx->sender = *sender;
	return (0);
}

void
policy_session_reset(struct session *s)
{
	stage_mail_drop(s);
	policy_rcpt_drop(s);
	session_drop_tx(s);
}

void
policy_session_end(struct session *s)
{
	stage_auth_forget(s);
	stage_mail_forget(s);
	policy_rcpt_forget(s);
	stage_vrfy_forget(s);
	session_drop_tx(s);
	live_end(s);
	LIST_REMOVE(s, entry);
	nsessions--;
	free(s->listener);
	free(s->login);
	free(s->logins);
	free(s->helo);
	free(s->host);
	free(s->tls_version);
	free(s->tls_cipher);
	free(s);
}

void
policy_session_end_all(unsigned int inst)
{
	struct session	*s, *next;
	size_t		 i;

	for (i = 0; i < nbuckets; i++)
		for (s = LIST_FIRST(&buckets[i]); s != NULL; s = next) {
			next = LIST_NEXT(s, entry);
			if (s->inst == inst)
				policy_session_end(s);
		}
}

void
policy_session_each(void (*act)(struct session *))
{
	struct session	*s;
	size_t		 i;

	for (i = 0; i < nbuckets; i++)
		LIST_FOREACH(s, &buckets[i], entry)
			act(s);
}

size_t
policy_session_count(void)
{
	return (nsessions);
}
