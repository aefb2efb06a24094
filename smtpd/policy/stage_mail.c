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
 * The decisions that come before the first RCPT.
 */

#include <stddef.h>
#include <string.h>

#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/stage_mail.h"
#include "smtpd/smtp/ext.h"

/* Those that no setting switches off. */
#define MAIL_EXTENSIONS	(SMTP_EXT_SIZE | SMTP_EXT_8BITMIME |		\
			    SMTP_EXT_ENHANCED | SMTP_EXT_LIMITS |	\
			    SMTP_EXT_HELP)

static uint32_t
extensions(const struct session *s)
{
	const struct policy_conf	*conf = policy_settings();
	const struct {
		const struct setting	*setting;
		const char		*name;
		uint32_t		 bit;
	} offers[] = {
		{ &conf->extensions.vrfy, "extensions.vrfy", SMTP_EXT_VRFY },
		{ &conf->extensions.expn, "extensions.expn", SMTP_EXT_EXPN },
		{ &conf->extensions.dsn, "extensions.dsn", SMTP_EXT_DSN },
		{ &conf->extensions.smtputf8, "extensions.smtputf8",
		    SMTP_EXT_SMTPUTF8 },
		{ &conf->extensions.pipelining, "extensions.pipelining",
		    SMTP_EXT_PIPELINING },
	};
	uint32_t			 set = MAIL_EXTENSIONS;
	size_t				 i;
	int				 truth;

	for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
		if (setting_truth(offers[i].setting, offers[i].name, s,
		    &truth) == SETTING_READY && truth)
			set |= offers[i].bit;
	return (set);
}

void
stage_helo(const struct session *s, struct helo_answer *ans)
{
	struct session	 stranger;
	struct txlimits	 limits;

	memset(ans, 0, sizeof(*ans));
	if (s == NULL) {
		memset(&stranger, 0, sizeof(stranger));
		s = &stranger;
	}
	ans->extensions = extensions(s);
	if (txlimits_get(s, &limits) == -1) {
		ans->extensions &= ~(uint32_t)(SMTP_EXT_LIMITS |
		    SMTP_EXT_SIZE);
		return;
	}
	ans->max_recipients = limits.max_recipients;
	ans->max_size = limits.max_size;
}

void
stage_mail(struct session *s, const struct mail_ask *ask,
    struct mail_answer *ans)
{
	struct txlimits	 limits;
	int		 allowed;

	memset(ans, 0, sizeof(*ans));
	policy_session_reset(s);
	if (setting_truth(&policy_settings()->mail.is_allowed,
	    "mail.is-allowed", s, &allowed) != SETTING_READY ||
	    txlimits_get(s, &limits) == -1) {
		ans->verdict = VERDICT_CONFIG;
		return;
	}
	if (!allowed) {
		ans->verdict = VERDICT_DENIED;
		return;
	}
	if (limits.max_size != 0 && ask->size > limits.max_size) {
		ans->verdict = VERDICT_SIZE;
		return;
	}
	if (policy_session_begin(s, &ask->sender) == -1) {
		ans->verdict = VERDICT_TEMPFAIL;
		return;
	}
	s->tx->limits = limits;
	ans->verdict = VERDICT_ACCEPT;
	ans->extensions = extensions(s);
	ans->max_size = limits.max_size;
	ans->sender = ask->sender;
}
