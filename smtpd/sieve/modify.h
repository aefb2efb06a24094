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
 * Modifiers of set: RFC 5229 4.1, and :quoteregex of :regex.
 */

#ifndef MODIFY_H
#define MODIFY_H

#include <stddef.h>

#define MODIFY_LOWER		0x01	/* precedence 40 */
#define MODIFY_UPPER		0x02
#define MODIFY_LOWERFIRST	0x04	/* 30 */
#define MODIFY_UPPERFIRST	0x08
#define MODIFY_QUOTEWILDCARD	0x10	/* 20 */
#define MODIFY_QUOTEREGEX	0x20
#define MODIFY_LENGTH		0x40	/* 10 */

/*
 * Make the value of a variable of text, whatever the order of modifiers:
 * the highest precedence first, ASCII letters only.  What does not fit is
 * cut off behind a whole character, and between quotes (RFC 5229 3); size
 * is at least 24.  :length counts characters; octets that are no UTF-8 are
 * one each.  Returns the length.  buf and text do not overlap.
 */
size_t	 modify_apply(unsigned int set, const char *text, size_t len,
	    char *buf, size_t size);

/* The longest start of text in at most max octets with whole characters. */
size_t	 modify_cut(const char *text, size_t len, size_t max);

#endif
