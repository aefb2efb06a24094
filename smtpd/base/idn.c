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
 * Domain names as keys, by libidn2.
 */

#include <bsd/string.h>

#include <ctype.h>
#include <idn2.h>
#include <string.h>

#include "smtpd/base/idn.h"

/* Lower case of ASCII letters; -1 when there is any other octet above. */
static int
idn_lower(const char *in, char *buf, size_t size)
{
	size_t	 i;
	int	 ascii = 1;

	if (strlcpy(buf, in, size) >= size)
		return (-1);
	for (i = 0; buf[i] != '\0'; i++) {
		if ((unsigned char)buf[i] >= 0x80)
			ascii = 0;
		else if (buf[i] >= 'A' && buf[i] <= 'Z')
			buf[i] += 'a' - 'A';
	}
	return (ascii ? 0 : 1);
}

/* Is it what DNS holds?  Mapping turns wide forms into @, / and brackets. */
static int
idn_is_name(const char *s)
{
	size_t	 len;

	do {
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_");
		if (len == 0)
			return (0);
		s += len;
	} while (*s == '.' && *++s != '\0');
	return (*s == '\0');
}

int
idn_fold(const char *domain, char *buf, size_t size)
{
	char	*ascii = NULL;
	int	 ret;

	if ((ret = idn_lower(domain, buf, size)) != 1)
		return (ret);
	/* UTS 46 maps case and width; names of DNS, not of hosts only */
	ret = idn2_lookup_u8((const uint8_t *)domain, (uint8_t **)&ascii,
	    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	if (ret != IDN2_OK)
		return (-1);
	ret = idn_lower(ascii, buf, size);
	idn2_free(ascii);
	return (ret == 0 && idn_is_name(buf) ? 0 : -1);
}
