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
 * The settings of this process: its slice of the configuration, and the
 * programs in it.  Their values are asked of eval.h.
 */

#ifndef SETTING_H
#define SETTING_H

#include <stddef.h>

#include "smtpd/msg/msg_conf.h"

struct rbuf;

/* Take over the configuration; once.  -1 when malformed or had already. */
int	 policy_settings_get(struct rbuf *);

/* Take over the program of a setting; -1 when malformed or not due. */
int	 policy_settings_code(struct rbuf *);

/* And a script. */
int	 policy_settings_script(struct rbuf *);

/* Take over values of a list, at first or anew; -1 the same. */
int	 policy_settings_list(struct rbuf *);

/* NULL before all of it is there. */
const struct policy_conf *policy_settings(void);

/* A list by its name, until the next message; NULL: there is none. */
const struct list *policy_settings_find_list(const char *, size_t len);

/*
 * May what the directory is asked about a recipient be found out before
 * the recipients in front of it are decided?  Not when it depends on them,
 * or changes something.
 */
int	 policy_settings_ahead(void);

#endif
