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
 * VRFY shows whose mailbox an address is, EXPN who is behind a list.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/policy/question.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/stage_vrfy.h"

#define VRFY_NAMES_MAX	5		/* of a part without '@' */

struct vrfy {
	LIST_ENTRY(vrfy)	 entry;
	struct session		*session;
	uint64_t		 question;	/* front's number */
	uint8_t			 expand;
};

static void
vrfy_answer(unsigned int inst, uint64_t question,
    const struct vrfy_answer *ans)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_vrfy_answer(&w, ans);
	/* a front that is gone has taken its sessions with it */
	(void)proc_send(PROC_FRONT, inst, MSG_POLICY_VRFY_ANSWER, question,
	    -1, &w);
}

static void
vrfy_refuse(unsigned int inst, uint64_t question, enum verdict verdict)
{
	struct vrfy_answer	 ans;

	ans.verdict = verdict;
	ans.n = 0;
	vrfy_answer(inst, question, &ans);
}

static void
vrfy_free(struct vrfy *v)
{
	LIST_REMOVE(v, entry);
	free(v);
}

void
stage_vrfy_forget(struct session *s)
{
	struct vrfy	*v;

	while ((v = LIST_FIRST(&s->vrfys)) != NULL) {
		pending_forget(v);
		vrfy_free(v);
	}
}

/* What a resolved address means to somebody who only wants to know. */
static enum verdict
vrfy_verdict(enum resolve_status status)
{
	switch (status) {
	case RESOLVE_FOUND:
	case RESOLVE_DISCARD:
	case RESOLVE_DEFERRED:
	case RESOLVE_QUOTA:
	case RESOLVE_SENDERS:
		return (VERDICT_ACCEPT);
	case RESOLVE_NONE:
	case RESOLVE_NOT_LOCAL:
	case RESOLVE_DISABLED:
		return (VERDICT_UNKNOWN);
	case RESOLVE_RELAY:
		/* another server knows: cannot say, but would take it */
		return (VERDICT_DENIED);
	default:
		return (VERDICT_TEMPFAIL);
	}
}

/* One full address; m is NULL when lookup did not answer. */
static int
vrfy_found(void *arg, struct proc_msg *m)
{
	struct vrfy		*v = arg;
	struct resolve_answer	 found;
	struct vrfy_answer	 ans;

	ans.verdict = VERDICT_TEMPFAIL;
	ans.n = 0;
	if (m != NULL) {
		if (msg_get_resolve_answer(&m->body, &found) == -1)
			return (-1);
		ans.verdict = vrfy_verdict(found.status);
		if (ans.verdict == VERDICT_ACCEPT) {
			ans.n = 1;
			(void)strlcpy(ans.names[0], found.primary,
			    sizeof(ans.names[0]));
		}
	}
	vrfy_answer(v->session->inst, v->question, &ans);
	vrfy_free(v);
	return (0);
}

/* Several names; m is NULL when lookup did not answer. */
static int
vrfy_names(void *arg, struct proc_msg *m)
{
	struct vrfy		*v = arg;
	struct names_answer	 names;
	struct vrfy_answer	 ans;
	uint16_t		 i;

	ans.verdict = VERDICT_TEMPFAIL;
	ans.n = 0;
	if (m != NULL) {
		if (msg_get_names_answer(&m->body, &names) == -1)
			return (-1);
		ans.verdict = vrfy_verdict(names.status);
		if (ans.verdict == VERDICT_ACCEPT && names.n == 0)
			ans.verdict = VERDICT_UNKNOWN;
		if (ans.verdict == VERDICT_ACCEPT && v->expand && names.more)
			ans.verdict = VERDICT_MORE;
		for (i = 0; i < names.n && names.n <= SESSION_NAMES_MAX; i++)
			(void)strlcpy(ans.names[i], names.names[i],
			    sizeof(ans.names[i]));
		ans.n = i;
	}
	vrfy_answer(v->session->inst, v->question, &ans);
	vrfy_free(v);
	return (0);
}

/*
 * Without the brackets or quotes around all of it: <a@b>, "a@b", "a".
 * A local part in quotes stays: "a b"@c ends in something else.
 */
static void
vrfy_strip(const char *arg, char *buf, size_t size)
{
	size_t	 len = strlen(arg);

	if (len >= 2 && ((arg[0] == '<' && arg[len - 1] == '>') ||
	    (arg[0] == '"' && arg[len - 1] == '"'))) {
		arg++;
		len -= 2;
	}
	if (len >= size)
		len = size - 1;
	memcpy(buf, arg, len);
	buf[len] = '\0';
}

/*
 * Who is meant: a full address, or with only part set the beginning of a
 * local part.  -1 when it can be neither.
 */
static int
vrfy_target(const struct session *s, const char *text, struct address *a,
    int *part)
{
	*part = 0;
	if (strchr(text, '@') != NULL) {
		if (address_parse(text, strlen(text), ADDRESS_UTF8_OK, a) !=
		    ADDRESS_OK)
			return (-1);
		question_own(s, a);
		return (0);
	}
	*part = 1;
	memset(a, 0, sizeof(*a));
	if (text[0] == '\0' ||
	    strlcpy(a->local, text, sizeof(a->local)) >= sizeof(a->local))
		return (-1);
	return (0);
}

static int
vrfy_is_allowed(const struct session *s, int expand, enum verdict *why)
{
	const struct policy_conf	*conf = policy_settings();
	int				 truth;

	*why = VERDICT_CONFIG;
	if (setting_truth(expand ? &conf->extensions.expn :
	    &conf->extensions.vrfy, expand ? "extensions.expn" :
	    "extensions.vrfy", s, &truth) != SETTING_READY)
		return (0);
	*why = VERDICT_DENIED;
	return (truth);
}

/* Put the question; the callbacks answer. */
static void
vrfy_ask(struct vrfy *v, const struct resolve_ask *ask, int part)
{
	struct names_ask	 names;
	struct wbuf		 w;

	wbuf_init(&w);
	if (!v->expand && !part) {
		msg_put_resolve_ask(&w, ask);
		(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_RESOLVE_ASK, -1,
		    &w, PENDING_POLICY, vrfy_found, v);
		return;
	}
	names.expand = v->expand;
	names.max = v->expand ? SESSION_NAMES_MAX : VRFY_NAMES_MAX;
	names.ask = *ask;
	msg_put_names_ask(&w, &names);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_POLICY_NAMES_ASK, -1, &w,
	    PENDING_POLICY, vrfy_names, v);
}

/* Everything that is known without asking; ACCEPT: ask may be put. */
static enum verdict
vrfy_decide(const struct session *s, const struct vrfy_ask *m,
    struct resolve_ask *ask, int *part)
{
	char		 text[ADDRESS_STR_SIZE];
	struct address	 target;
	enum verdict	 why;

	if (!vrfy_is_allowed(s, m->expand, &why))
		return (why);
	vrfy_strip(m->arg, text, sizeof(text));
	if (vrfy_target(s, text, &target, part) == -1 ||
	    (m->expand && *part))
		return (VERDICT_UNKNOWN);
	switch (question_make(s, &target, ask)) {
	case QUESTION_READY:
		return (VERDICT_ACCEPT);
	case QUESTION_NOBODY:
		return (VERDICT_DENIED);
	default:
		return (VERDICT_CONFIG);
	}
}

void
stage_vrfy(struct session *s, unsigned int inst, uint64_t question,
    const struct vrfy_ask *m)
{
	struct resolve_ask	 ask;
	struct vrfy		*v;
	enum verdict		 why;
	int			 part;

	if (s == NULL) {
		vrfy_refuse(inst, question, VERDICT_TEMPFAIL);
		return;
	}
	if ((why = vrfy_decide(s, m, &ask, &part)) != VERDICT_ACCEPT) {
		vrfy_refuse(inst, question, why);
		return;
	}
	if ((v = calloc(1, sizeof(*v))) == NULL) {
		vrfy_refuse(inst, question, VERDICT_TEMPFAIL);
		return;
	}
	v->session = s;
	v->question = question;
	v->expand = m->expand;
	LIST_INSERT_HEAD(&s->vrfys, v, entry);
	vrfy_ask(v, &ask, part);
}
