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
 * Which script runs, and what becomes of what it says.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/policy/sieve.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/rejection.h"

void
script_address(const struct address *a, char buf[ADDRESS_STR_SIZE])
{
	buf[0] = '\0';
	if (a->domain[0] == '\0')
		(void)strlcpy(buf, a->local, ADDRESS_STR_SIZE);
	else if (address_format(a, buf, ADDRESS_STR_SIZE) == -1)
		buf[0] = '\0';
}

void
script_notify(uint8_t bits, char *buf, size_t size)
{
	static const struct {
		uint8_t		 bit;
		const char	*word;
	} words[] = {
		{ NOTIFY_NEVER, "NEVER" },
		{ NOTIFY_SUCCESS, "SUCCESS" },
		{ NOTIFY_FAILURE, "FAILURE" },
		{ NOTIFY_DELAY, "DELAY" },
	};
	size_t	 i;

	buf[0] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(bits & words[i].bit))
			continue;
		if (buf[0] != '\0')
			(void)strlcat(buf, ",", size);
		(void)strlcat(buf, words[i].word, size);
	}
}

int
script_may_run(enum policy_setting set)
{
	const struct setting	*s = &policy_settings()->settings[set];

	return (s->kind == SETTING_STRING || s->kind == SETTING_PROGRAM);
}

static int
compare(const void *key, const void *element)
{
	const struct policy_script *const	*s = element;

	return (strcmp(key, (*s)->name));
}

static enum script_status
refuse(struct script *s, enum verdict verdict)
{
	s->verdict = verdict;
	s->chosen = NULL;
	return (SCRIPT_REFUSED);
}

static enum script_status
failed(struct script *s, enum eval_status status)
{
	if (status == EVAL_WAIT)
		return (SCRIPT_WAIT);
	return (refuse(s, status == EVAL_FAULT ? VERDICT_CONFIG :
	    VERDICT_TEMPFAIL));
}

/* The setting: NONE without a name, or chosen is there, or it failed. */
static enum script_status
choose(struct script *s, struct eval *e, enum policy_setting set)
{
	const struct policy_conf	*c = policy_settings();
	struct policy_script		**found;
	enum eval_status		 status;
	char				 name[POLICY_SCRIPT_MAX + 1];
	int				 is;

	if ((status = eval_string(e, set, &is, name, sizeof(name))) !=
	    EVAL_READY)
		return (failed(s, status));
	if (!is || name[0] == '\0')
		return (SCRIPT_NONE);
	found = c->nscripts == 0 ? NULL : bsearch(name, c->scripts,
	    c->nscripts, sizeof(*c->scripts), compare);
	if (found == NULL)
		return (failed(s, eval_wanted(e, set, "name of a script")));
	s->chosen = *found;
	return (SCRIPT_CHANGED);
}

/* The machine has seen that they are addresses. */
static int
changed(const struct datum *d, unsigned int flags, struct address *a)
{
	return (d->type == DATUM_STRING && address_parse(d->string, d->len,
	    flags | ADDRESS_UTF8_OK, a) == ADDRESS_OK);
}

static enum script_status
ended(struct script *s, const struct run_end *end)
{
	s->has_to = changed(&end->to, 0, &s->to);
	s->has_from = changed(&end->from, ADDRESS_ALLOW_NULL, &s->from);
	s->chosen = NULL;
	switch (end->verdict) {
	case RUN_REJECT:
		(void)rejection_text(end->text.string, end->text.len,
		    s->text, sizeof(s->text));
		return (refuse(s, VERDICT_TEXT));
	case RUN_DISCARD:
		return (SCRIPT_DROPPED);
	default:
		return (s->has_to || s->has_from ? SCRIPT_CHANGED :
		    SCRIPT_NONE);
	}
}

enum script_status
script_run(struct script *s, struct eval *e, enum policy_setting set)
{
	enum script_status	 status;
	struct run_end		 end;

	if (s->chosen == NULL) {
		if ((status = choose(s, e, set)) != SCRIPT_CHANGED)
			return (status);
		s->facts.now = (int64_t)clock_wall();
	}
	switch (eval_script(e, s->chosen, &s->facts, &end)) {
	case EVAL_READY:
		return (ended(s, &end));
	case EVAL_WAIT:
		return (SCRIPT_WAIT);
	default:
		break;
	}
	/* it was logged with its place */
	if (!s->chosen->accept)
		return (refuse(s, VERDICT_CONFIG));
	s->chosen = NULL;
	return (SCRIPT_NONE);
}
