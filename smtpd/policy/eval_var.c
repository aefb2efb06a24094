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
 * What the variables of expressions are: RCPT.md 7.
 */

#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/code/run.h"
#include "smtpd/policy/eval.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/sieve.h"

/* What is absent is the empty string. */
static struct datum
text(const char *s)
{
	return (s == NULL ? datum_string("", 0) :
	    datum_string(s, strlen(s)));
}

/* Behind the last '@' of a folded address. */
static struct datum
domain(const char *address)
{
	const char	*at;

	if (address == NULL || (at = strrchr(address, '@')) == NULL)
		return (text(NULL));
	return (text(at + 1));
}

static struct datum
ip(const struct ip *ip)
{
	static char	 buf[IP_STR_SIZE];	/* copied behind the call */

	return (text(ip_format(ip, buf, sizeof(buf))));
}

/* Those accepted so far, in their order; none outside of a transaction. */
static struct datum
recipients(const struct eval *e)
{
	struct datum	 d = { .type = DATUM_ARRAY };

	if (e->sender != NULL && e->session->tx != NULL)
		d.array = rcptset_data(&e->session->tx->accepted, &d.len);
	return (d);
}

/* Those of scripts alone; 0 for others. */
static int
script_var(const struct eval *e, enum code_var var, struct datum *d)
{
	const struct session		*s = e->session;
	const struct script_facts	*f = e->facts;

	if (var == VAR_ENV_HOST)
		*d = text(policy_settings()->hostname);
	else if (var == VAR_ENVELOPE_AUTH)
		*d = text(s->login);
	else if (f == NULL)
		return (0);
	else if (var == VAR_ENVELOPE_TO)
		*d = text(f->to);
	else if (var == VAR_ENVELOPE_FROM)
		*d = text(f->from);
	else if (var == VAR_ENVELOPE_ORCPT)
		*d = text(f->orcpt);
	else if (var == VAR_ENVELOPE_ENVID)
		*d = text(f->envid);
	else if (var == VAR_ENVELOPE_NOTIFY)
		*d = text(f->notify);
	else if (var == VAR_ENV_SIZE)
		*d = datum_integer(f->size > INT64_MAX ? INT64_MAX :
		    (int64_t)f->size);
	else if (var == VAR_ENV_STAGE)
		*d = text(f->stage);
	else if (var == VAR_ENV_NOW)
		*d = datum_integer(f->now);
	else
		return (0);
	return (1);
}

void
eval_var(void *arg, enum code_var var, struct datum *d)
{
	const struct eval	*e = arg;
	const struct session	*s = e->session;

	if (script_var(e, var, d))
		return;
	switch (var) {
	case VAR_RCPT:
		*d = text(e->rcpt);
		break;
	case VAR_RCPT_DOMAIN:
		*d = domain(e->rcpt);
		break;
	case VAR_RECIPIENTS:
		*d = recipients(e);
		break;
	case VAR_SENDER:
		*d = text(e->sender);
		break;
	case VAR_SENDER_DOMAIN:
		*d = domain(e->sender);
		break;
	case VAR_AUTHENTICATED_AS:
		*d = text(s->login);
		break;
	case VAR_HELO_DOMAIN:
		*d = text(s->helo);
		break;
	case VAR_REMOTE_IP:
		*d = ip(&s->remote);
		break;
	case VAR_REMOTE_PORT:
		*d = datum_integer(s->remote_port);
		break;
	case VAR_LOCAL_IP:
		*d = ip(&s->local);
		break;
	case VAR_LOCAL_PORT:
		*d = datum_integer(s->local_port);
		break;
	case VAR_LISTENER:
		*d = text(s->listener);
		break;
	case VAR_PROTOCOL:
		*d = text("smtp");
		break;
	case VAR_IS_TLS:
		*d = datum_integer(s->tls);
		break;
	case VAR_TLS_VERSION:
		*d = text(s->tls_version);
		break;
	case VAR_TLS_CIPHER:
		*d = text(s->tls_cipher);
		break;
	default:
		/* MT-PRIORITY is not offered */
		*d = datum_integer(0);
		break;
	}
}
