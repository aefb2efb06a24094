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
 * The reason of a refusal by a script.
 */

#include <stddef.h>
#include <string.h>

#include "smtpd/smtp/rejection.h"
#include "smtpd/smtp/reply.h"
#include "smtpd/smtp/utf8.h"

static const char	 standard[] = "refused by this recipient";

/* Where the last of the lines that a reply may have ends. */
static size_t
lines_end(const char *text, size_t len)
{
	const char	*lf, *end = text + len;
	int		 i;

	for (i = 0, lf = text; i < REPLY_LINES_MAX && lf < end; i++, lf++)
		if ((lf = memchr(lf, '\n', (size_t)(end - lf))) == NULL)
			return (len);
	return ((size_t)(lf - text));
}

/* Octets of whole characters up to max. */
static size_t
characters(const char *text, size_t len, size_t max)
{
	size_t	 n = 0, octets;

	while (n < len && n < max) {
		if ((octets = utf8_char(text + n, len - n)) == 0)
			octets = 1;
		if (n + octets > max)
			break;
		n += octets;
	}
	return (n);
}

size_t
rejection_text(const char *reason, size_t len, char *buf, size_t size)
{
	char		 enhanced[REPLY_ENHANCED_SIZE];
	unsigned int	 code;
	size_t		 n, i;

	n = characters(reason, lines_end(reason, len), size - 1);
	while (n > 0 && (reason[n - 1] == '\r' || reason[n - 1] == '\n'))
		n--;
	for (i = 0; i < n; i++)
		buf[i] = reason[i] == '\0' ? '?' : reason[i];
	buf[n] = '\0';
	/* a code of three, with its enhanced one of at most nine */
	if (n <= sizeof("550 5.999.999") &&
	    reply_split(buf, n, &code, enhanced) == n) {
		if (n > 0 && buf[n - 1] != ' ')
			buf[n++] = ' ';
		memcpy(buf + n, standard, sizeof(standard));
		n += sizeof(standard) - 1;
	}
	return (n);
}
