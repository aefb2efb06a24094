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
 * Evaluation of settings.  Owns the configuration of the process.
 */

#include <stddef.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"

static struct policy_conf	 conf;
static int			 have_conf;

int
policy_settings_get(struct rbuf *r)
{
	if (have_conf || msg_get_policy_conf(r, &conf) == -1)
		return (-1);
	have_conf = 1;
	return (0);
}

const struct policy_conf *
policy_settings(void)
{
	return (have_conf ? &conf : NULL);
}

static enum setting_status
setting_fault(const char *name, const struct session *s, const char *want)
{
	log_warnx("session=%016llx event=fault setting=%s wanted=\"%s\"",
	    (unsigned long long)s->id, name, want);
	return (SETTING_FAULT);
}

enum setting_status
setting_number(const struct setting *set, const char *name,
    const struct session *s, int64_t *value)
{
	switch (set->kind) {
	case SETTING_NUMBER:
		*value = set->number;
		return (SETTING_READY);
	case SETTING_AUTHENTICATED:
		*value = s->login != NULL;
		return (SETTING_READY);
	default:
		return (setting_fault(name, s, "number"));
	}
}

enum setting_status
setting_truth(const struct setting *set, const char *name,
    const struct session *s, int *value)
{
	int64_t	 number;

	if (set->kind == SETTING_STRING) {
		*value = set->string != NULL && set->string[0] != '\0';
		return (SETTING_READY);
	}
	if (setting_number(set, name, s, &number) == SETTING_FAULT)
		return (SETTING_FAULT);
	*value = number != 0;
	return (SETTING_READY);
}

enum setting_status
setting_string(const struct setting *set, const char *name,
    const struct session *s, const char **value)
{
	int	 truth;

	if (setting_truth(set, name, s, &truth) == SETTING_FAULT)
		return (SETTING_FAULT);
	*value = NULL;
	if (!truth)
		return (SETTING_READY);
	if (set->kind != SETTING_STRING)
		return (setting_fault(name, s, "string"));
	*value = set->string;
	return (SETTING_READY);
}
