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
 * Keys of records, and the folding of names to them.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "lookup/record.h"
#include "smtpd/base/idn.h"

#define MEMBER_TAIL	5		/* NUL and number */

size_t
record_key(char kind, const char *folded, uint8_t *buf)
{
	char	*name = (char *)buf + 1;
	size_t	 len = strlen(folded);

	if ((len == 0) != (kind == RECORD_INFO) ||
	    len > RECORD_KEY_SIZE - 1 - MEMBER_TAIL)
		return (0);
	buf[0] = (uint8_t)kind;
	memcpy(name, folded, len);
	if (kind == RECORD_ACCOUNT) {
		name[len] = '\0';
		address_fold_local(name);
	}
	return (1 + len);
}

size_t
record_key_member(const char *list, uint32_t number, uint8_t *buf)
{
	size_t	 len;
	int	 shift;

	if ((len = record_key(RECORD_MEMBER, list, buf)) == 0)
		return (0);
	buf[len++] = '\0';
	for (shift = 24; shift >= 0; shift -= 8)
		buf[len++] = (uint8_t)(number >> shift);
	return (len);
}

size_t
record_key_sender(const char *list, const char *member, uint8_t *buf)
{
	char	*tail;
	size_t	 len, taillen = strlen(member);

	len = record_key(RECORD_SENDER, list, buf);
	if (len == 0 || taillen == 0 || len + taillen + 2 > RECORD_KEY_SIZE)
		return (0);
	buf[len++] = '\0';
	tail = (char *)buf + len;
	memcpy(tail, member, taillen + 1);
	if (strchr(member, '@') == NULL)
		address_fold_local(tail);
	return (len + taillen);
}

int
record_key_name(const void *key, size_t keylen, char *buf, size_t size,
    uint32_t *number)
{
	const uint8_t	*p = key;
	size_t		 i, len;

	if (keylen == 0)
		return (-1);
	len = keylen - 1;
	if (p[0] == RECORD_MEMBER) {
		if (len <= MEMBER_TAIL)
			return (-1);
		len -= MEMBER_TAIL;
		if (p[1 + len] != '\0')
			return (-1);
		for (*number = 0, i = keylen - 4; i < keylen; i++)
			*number = *number << 8 | p[i];
	}
	if (len >= size || (len == 0) != (p[0] == RECORD_INFO) ||
	    memchr(p + 1, '\0', len) != NULL)
		return (-1);
	memcpy(buf, p + 1, len);
	buf[len] = '\0';
	return (0);
}

int
record_fold_address(const struct address *a, char *buf, size_t size)
{
	char	 domain[ADDRESS_DOMAIN_MAX + 1];
	size_t	 len;

	if (a->domain[0] == '\0' ||
	    idn_fold(a->domain, domain, sizeof(domain)) == -1 ||
	    (len = strlcpy(buf, a->local, size)) >= size)
		return (-1);
	address_fold_local(buf);
	if (len + 1 >= size)
		return (-1);
	buf[len++] = '@';
	return (strlcpy(buf + len, domain, size - len) < size - len ? 0 : -1);
}

int
record_fold(const char *address, char *buf, size_t size)
{
	struct address	 a;
	size_t		 len = strlen(address);

	if (address[0] != '@') {
		if (address_parse(address, len, ADDRESS_UTF8_OK, &a) !=
		    ADDRESS_OK)
			return (-1);
	} else {
		if (address_check_domain(address + 1, len - 1,
		    ADDRESS_UTF8_OK) != ADDRESS_OK)
			return (-1);
		a.local[0] = '\0';
		memcpy(a.domain, address + 1, len);
	}
	return (record_fold_address(&a, buf, size));
}
