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
 * Owns the configuration of the process.
 */

#include <stddef.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/code.h"
#include "smtpd/policy/setting.h"
#include "smtpd/sieve/list.h"

static struct policy_conf	 conf;
static int			 have_conf;
static size_t			 ncodes;	/* still to come */
static uint32_t			 nlists;	/* that have come */
static int			 ahead;

/* What is evaluated before the directory is asked. */
static int
settings_ahead(void)
{
	static const enum policy_setting	 sets[] = {
		SET_RCPT_REWRITE, SET_RCPT_DIRECTORY,
		SET_RCPT_SUB_ADDRESSING, SET_RCPT_CATCH_ALL
	};
	const struct code			*c;
	size_t					 i;

	/* a script may change anything */
	if (conf.settings[SET_RCPT_SCRIPT].kind == SETTING_STRING ||
	    conf.settings[SET_RCPT_SCRIPT].kind == SETTING_PROGRAM)
		return (0);
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if ((c = conf.settings[sets[i]].code) != NULL &&
		    (c->changes || c->vars & UINT64_C(1) << VAR_RECIPIENTS))
			return (0);
	return (1);
}

int
policy_settings_get(struct rbuf *r)
{
	size_t	 i;

	if (have_conf || msg_get_policy_conf(r, &conf) == -1)
		return (-1);
	have_conf = 1;
	for (i = 0; i < SET_ALL; i++)
		ncodes += policy_conf_setting(&conf,
		    (enum policy_setting)i)->kind == SETTING_PROGRAM;
	ncodes += conf.nscripts;
	ahead = settings_ahead();
	return (0);
}

int
policy_settings_code(struct rbuf *r)
{
	if (!have_conf || msg_get_policy_code(r, &conf) == -1)
		return (-1);
	ncodes--;
	ahead = settings_ahead();
	return (0);
}

int
policy_settings_list(struct rbuf *r)
{
	uint32_t	 i;
	int		 ended;

	if (!have_conf || (ended = msg_get_policy_list(r, &conf, &i)) == -1)
		return (-1);
	/* they come in order, and then anew */
	if (ended && nlists == i)
		nlists++;
	return (nlists > i || !ended ? 0 : -1);
}

int
policy_settings_script(struct rbuf *r)
{
	if (!have_conf || msg_get_policy_script(r, &conf) == -1)
		return (-1);
	ncodes--;
	return (0);
}

const struct policy_conf *
policy_settings(void)
{
	return (have_conf && ncodes == 0 && nlists == conf.nlists ? &conf :
	    NULL);
}

const struct list *
policy_settings_find_list(const char *name, size_t len)
{
	uint32_t	 i;

	for (i = 0; i < conf.nlists; i++)
		if (strlen(conf.lists[i]->name) == len &&
		    memcmp(conf.lists[i]->name, name, len) == 0)
			return (conf.lists[i]);
	return (NULL);
}

int
policy_settings_ahead(void)
{
	return (ahead);
}
