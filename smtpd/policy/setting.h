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
 * The settings of this process and their values for one session.
 *
 * A stage asks for the value where it needs it and acts on the status, so
 * that a value which is not ready at once can become one more status.
 */

#ifndef SETTING_H
#define SETTING_H

#include <stdint.h>

#include "smtpd/msg/msg_conf.h"

struct rbuf;
struct session;

enum setting_status {
	SETTING_READY,
	SETTING_FAULT		/* no such value: logged, with the name */
};

/* Take over the configuration; once.  -1 when malformed or had already. */
int	 policy_settings_get(struct rbuf *);

/* NULL before policy_settings_get. */
const struct policy_conf *policy_settings(void);

/*
 * The value for this session.  name is what the administrator calls the
 * setting.  Truth: a number that is not 0, a string that is not empty.
 */
enum setting_status
	 setting_number(const struct setting *, const char *name,
	    const struct session *, int64_t *);
enum setting_status
	 setting_truth(const struct setting *, const char *name,
	    const struct session *, int *);

/* The string, which the setting keeps; *value is NULL for false. */
enum setting_status
	 setting_string(const struct setting *, const char *name,
	    const struct session *, const char **value);

#endif
