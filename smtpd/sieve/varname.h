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
 * References to variables in strings, and their names: RFC 5229 3.
 */

#ifndef VARNAME_H
#define VARNAME_H

#include <stddef.h>
#include <stdint.h>

enum varname_kind {
	VARNAME_NONE,		/* it is no name */
	VARNAME_PLAIN,		/* name */
	VARNAME_MATCH,		/* a number: ${1} */
	VARNAME_SPACE		/* with a namespace: ${env.remote_ip} */
};

/* Parts of the string that was read; names are whatever the case. */
struct varname {
	enum varname_kind kind;
	size_t		 from, len;	/* of "${env.x}" */
	const char	*space;		/* "env", before the first dot */
	size_t		 spacelen;
	const char	*name;		/* "remote_ip", all behind it */
	size_t		 namelen;
	uint32_t	 number;	/* of VARNAME_MATCH, UINT32_MAX: more */
};

/*
 * The next reference at or behind octet at.  1, or 0 when there is none.
 * What is no reference is text: "${}", "${a-b}", "${1x}", "${ a}".
 */
int	 varname_next(const char *text, size_t len, size_t at,
	    struct varname *);

/* All of text as the name of a variable; from is 0. */
enum varname_kind varname_read(const char *text, size_t len,
	    struct varname *);

#endif
