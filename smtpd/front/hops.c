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
 * Received headers, counted while the text streams by: loops end here.
 */

#include <string.h>

#include "smtpd/front/hops.h"

enum {
	HOPS_NAME,		/* at the start of a line of the header */
	HOPS_LINE,		/* in its rest */
	HOPS_BODY		/* behind the empty line */
};

static const char	 word[] = "received:";

void
hops_init(struct hops *h)
{
	memset(h, 0, sizeof(*h));
}

/* One octet of a name; the CR of an empty line ends the header. */
static void
hops_name(struct hops *h, unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (c == '\r' && h->matched == 0)
		h->state = HOPS_BODY;
	else if (c != (unsigned char)word[h->matched])
		h->state = HOPS_LINE;
	else if (word[++h->matched] == '\0') {
		h->count++;
		h->state = HOPS_LINE;
	}
}

void
hops_read(struct hops *h, const char *text, size_t len)
{
	const char	*p = text, *end = text + len;

	while (p < end && h->state != HOPS_BODY) {
		if (h->state == HOPS_NAME) {
			hops_name(h, (unsigned char)*p++);
			continue;
		}
		if ((p = memchr(p, '\n', (size_t)(end - p))) == NULL)
			return;
		p++;
		h->state = HOPS_NAME;
		h->matched = 0;
	}
}
