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
 * Scripts in the configuration.
 */

#ifndef CONF_SIEVE_H
#define CONF_SIEVE_H

#include "smtpd/conf_parse.h"

/* text stands there, or is a name of a file */
void	 conf_sieve(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *text, const struct conf_value *file,
	    const struct conf_option *);
void	 conf_want_script(struct conf_parse *, const char *,
	    const struct conf_pos *);		/* for conf_refer */
void	 conf_sieve_check(struct conf_parse *);
int	 conf_sieve_type(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);		/* TYPE_SCRIPT */

#endif
