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
 * Next hops and name servers in the configuration.
 */

#ifndef CONF_RELAY_H
#define CONF_RELAY_H

#include "smtpd/conf_parse.h"

/* port and file may be NULL */
void	 conf_relay_mx(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *mx, const struct conf_value *port);
void	 conf_relay_host(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *url, const struct conf_value *file);
void	 conf_relay_via(struct conf_parse *, const struct conf_value *url,
	    const struct conf_value *domains, const struct conf_value *file);
void	 conf_resolver(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
void	 conf_deliver_lmtp(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);

#endif
