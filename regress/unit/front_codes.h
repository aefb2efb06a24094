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
 * Replies made short, to be compared.
 */

#ifndef FRONT_CODES_H
#define FRONT_CODES_H

#include <stdio.h>
#include <string.h>

/* The replies in text, as "250 2.0.0|354|"; "x" is the end. */
static inline const char *
wall_codes(const char *text, int eof)
{
	static char	 codes[512 * 1024];
	const char	*p, *end;
	size_t		 n = 0;

	for (p = text; (end = strstr(p, "\r\n")) != NULL; p = end + 2) {
		if (end - p < 4 || p[3] == '-')
			continue;
		if (p[0] != '3' && p[4] >= '0' && p[4] <= '9' && p[5] == '.')
			n += (size_t)snprintf(codes + n, sizeof(codes) - n,
			    "%.9s|", p);
		else
			n += (size_t)snprintf(codes + n, sizeof(codes) - n,
			    "%.3s|", p);
	}
	(void)snprintf(codes + n, sizeof(codes) - n, "%s", eof ? "x" : "");
	return (codes);
}

#endif
