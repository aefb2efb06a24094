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
 * The patterns of :matches, RFC 5228 2.7.1: '*' is any number of octets,
 * '?' is one, and a backslash takes the meaning from what follows it; one
 * at the very end is itself.
 */

#ifndef WILDCARD_H
#define WILDCARD_H

#include <stddef.h>

#include "smtpd/sieve/captures.h"
#include "smtpd/sieve/effort.h"

/*
 * Is all of value of this form; with fold set whatever the case of ASCII
 * letters?  1, 0, or -1 with the effort spent; it takes at most the product
 * of the lengths.  Strings are shorter than 4 GiB.
 *
 * On 1 captures, when not NULL, is the whole value and then what each
 * wildcard stands for, each as short as it can be, from the left
 * (RFC 5229 3.2); wildcards behind the last capture match without one.
 */
int	 wildcard_matches(const char *pattern, size_t plen,
	    const char *value, size_t len, int fold, struct captures *,
	    struct effort *);

#endif
