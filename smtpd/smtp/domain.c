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
 * Domain names and address literals: what may stand behind the @.
 * Literals are decoded here and nowhere else.
 */

#include <sys/socket.h>

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/domain.h"
#include "smtpd/smtp/utf8.h"

#define LABEL_MAX	63		/* RFC 1035 2.3.4 */
#define LITERAL_TAG	"IPv6:"

static int
is_letdig(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'));
}

/*
 * One label.  LABEL_MAX counts characters: an A-label is never shorter
 * than the U-label it stands for.
 */
static enum address_error
scan_label(const char *text, size_t len, int utf8, size_t *used)
{
	size_t	 i = 0, n, chars = 0;

	for (; i < len; i += n, chars++) {
		n = 1;
		if ((unsigned char)text[i] >= 0x80) {
			if (!utf8 || (n = utf8_char(text + i, len - i)) == 0)
				return (ADDRESS_UTF8);
		} else if (!is_letdig(text[i]) && text[i] != '-')
			break;
	}
	if (chars == 0 || text[0] == '-' || text[i - 1] == '-')
		return (ADDRESS_SYNTAX);
	if (chars > LABEL_MAX)
		return (ADDRESS_TOO_LONG);
	*used = i;
	return (ADDRESS_OK);
}

/* text has no brackets any more. */
static int
literal_decode(const char *text, size_t len, int *family,
    unsigned char addr[16])
{
	size_t	 tag = sizeof(LITERAL_TAG) - 1;
	char	 buf[INET6_ADDRSTRLEN];

	*family = AF_INET;
	if (len > tag && strncasecmp(text, LITERAL_TAG, tag) == 0) {
		*family = AF_INET6;
		text += tag;
		len -= tag;
	}
	if (len >= sizeof(buf) || memchr(text, '\0', len) != NULL)
		return (-1);
	memcpy(buf, text, len);
	buf[len] = '\0';
	return (inet_pton(*family, buf, addr) == 1 ? 0 : -1);
}

static enum address_error
scan_literal(const char *text, size_t len, size_t *used)
{
	unsigned char	 addr[16];
	const char	*close;
	int		 family;

	if ((close = memchr(text, ']', len)) == NULL ||
	    literal_decode(text + 1, (size_t)(close - text - 1), &family,
	    addr) == -1)
		return (ADDRESS_SYNTAX);
	*used = (size_t)(close + 1 - text);
	return (ADDRESS_OK);
}

enum address_error
domain_scan(const char *text, size_t len, int utf8, size_t *used)
{
	enum address_error	 error;
	size_t			 at = 0, n;

	if (len > 0 && text[0] == '[')
		return (scan_literal(text, len, used));
	for (;;) {
		error = scan_label(text + at, len - at, utf8, &n);
		if (error != ADDRESS_OK)
			return (error);
		at += n;
		if (at > ADDRESS_DOMAIN_MAX)
			return (ADDRESS_TOO_LONG);
		if (at == len || text[at] != '.')
			break;
		at++;
	}
	*used = at;
	return (ADDRESS_OK);
}

int
address_literal(const char *domain, int *family, unsigned char addr[16])
{
	size_t	 len = strlen(domain);

	if (len < 2 || domain[0] != '[' || domain[len - 1] != ']')
		return (-1);
	return (literal_decode(domain + 1, len - 2, family, addr));
}
