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
 * Questions to the directory, from settings and session.
 */

#include <sys/socket.h>
#include <bsd/string.h>

#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/policy/question.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static int
is_own_literal(const struct session *s, const char *domain)
{
	unsigned char	 octets[16];
	struct ip	 ip;
	int		 family;

	if (domain[0] != '[' ||
	    address_literal(domain, &family, octets) == -1)
		return (0);
	memset(&ip, 0, sizeof(ip));
	ip.family = family == AF_INET ? 4 : 6;
	memcpy(ip.octets, octets, family == AF_INET ? 4 : 16);
	return (ip_equal(&ip, &s->local));
}

void
question_own(const struct session *s, struct address *a)
{
	if (a->domain[0] == '\0' || is_own_literal(s, a->domain))
		(void)strlcpy(a->domain, policy_settings()->hostname,
		    sizeof(a->domain));
}

/* A string is itself the candidate; true is the standard one. */
static enum setting_status
question_candidate(const struct setting *set, const char *name,
    const struct session *s, enum candidate *kind, char *given)
{
	const char	*string;
	int		 truth;

	given[0] = '\0';
	*kind = CANDIDATE_NONE;
	if (set->kind == SETTING_STRING) {
		if (setting_string(set, name, s, &string) != SETTING_READY)
			return (SETTING_FAULT);
		if (string == NULL)
			return (SETTING_READY);
		*kind = CANDIDATE_GIVEN;
		(void)strlcpy(given, string, ADDRESS_STR_SIZE);
		return (SETTING_READY);
	}
	if (setting_truth(set, name, s, &truth) != SETTING_READY)
		return (SETTING_FAULT);
	if (truth)
		*kind = CANDIDATE_STANDARD;
	return (SETTING_READY);
}

enum question
question_make(const struct session *s, const struct address *rcpt,
    struct resolve_ask *ask)
{
	const struct policy_conf	*conf = policy_settings();
	const char			*directory;

	if (setting_string(&conf->rcpt.directory, "rcpt.directory", s,
	    &directory) != SETTING_READY)
		return (QUESTION_FAULT);
	if (directory == NULL)
		return (QUESTION_NOBODY);
	if (question_candidate(&conf->rcpt.sub_addressing,
	    "rcpt.sub-addressing", s, &ask->sub, ask->sub_given) !=
	    SETTING_READY ||
	    question_candidate(&conf->rcpt.catch_all, "rcpt.catch-all", s,
	    &ask->catchall, ask->catchall_given) != SETTING_READY)
		return (QUESTION_FAULT);
	(void)strlcpy(ask->directory, directory, sizeof(ask->directory));
	(void)strlcpy(ask->delims, conf->delims, sizeof(ask->delims));
	ask->rcpt = *rcpt;
	if (s->tx != NULL)
		ask->sender = s->tx->sender;
	else
		memset(&ask->sender, 0, sizeof(ask->sender));
	(void)strlcpy(ask->login, s->login == NULL ? "" : s->login,
	    sizeof(ask->login));
	return (QUESTION_READY);
}
