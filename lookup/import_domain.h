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
 * Room-private: the domains of a text, declared and used.
 */

#ifndef IMPORT_DOMAIN_H
#define IMPORT_DOMAIN_H

#include "lookup/import_problem.h"

struct import_domains;

struct import_domains *import_domains_new(void);
void	 import_domains_free(struct import_domains *);	/* NULL is fine */

/* A record of the domain, folded. */
void	 import_domain_declare(struct import_domains *, const char *folded,
	    const struct domain_record *, const struct import_where *);

/* An address of ours, or "@domain", folded: its domain must be declared. */
void	 import_domain_use(struct import_domains *, const char *address,
	    const struct import_where *);

/* Used and not declared; aliases of what cannot be. */
void	 import_domains_check(const struct import_domains *,
	    struct problems *);

/*
 * Of a target, folded, that has no record: is it certain that mail for it
 * goes nowhere?  (Targets are not cut, and know no catch-all.)
 */
int	 import_domain_is_dead(const struct import_domains *,
	    const char *address);

#endif
