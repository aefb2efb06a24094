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
 * Read a value of any kind and write it again: get takes only what put
 * writes, so the octets must be the same.
 */

#ifndef RECORD_AGAIN_H
#define RECORD_AGAIN_H

#include <stdlib.h>
#include <string.h>

#include "lookup/bdb.h"
#include "lookup/record.h"

/* The strings as an array of n, to be freed by again_free. */
static inline char **
again_strings(struct record_strings s)
{
	char	**strings = calloc(s.n + 1, sizeof(*strings));
	char	  buf[ADDRESS_STR_SIZE];
	size_t	  i;

	for (i = 0; record_next(&s, buf, sizeof(buf)) != NULL; i++)
		strings[i] = strdup(buf);
	return (strings);
}

static inline void
again_free(char **strings)
{
	size_t	 i;

	for (i = 0; strings[i] != NULL; i++)
		free(strings[i]);
	free(strings);
}

static inline int
again_address(const void *key, size_t keylen, const void *value, size_t len,
    struct wbuf *w)
{
	struct address_record	 a;
	char			**strings;

	if (record_get_address(key, keylen, value, len, &a) == -1)
		return (-1);
	strings = again_strings(a.targets);
	record_put_address(w, key, keylen, &a, (const char *const *)strings);
	again_free(strings);
	return (0);
}

static inline int
again_account(const void *key, size_t keylen, const void *value, size_t len,
    struct wbuf *w)
{
	struct account_record	 a;
	char			**strings;

	if (record_get_account(key, keylen, value, len, &a) == -1)
		return (-1);
	strings = again_strings(a.addresses);
	record_put_account(w, key, keylen, &a, (const char *const *)strings);
	again_free(strings);
	return (0);
}

/* Into the empty w, by the kind in the key.  0, or -1 when it is refused. */
static inline int
record_again(const void *key, size_t keylen, const void *value, size_t len,
    struct wbuf *w)
{
	struct domain_record	 d;
	struct info_record	 i;
	static char		 text[BDB_VALUE_MAX];

	switch (keylen == 0 ? 0 : *(const char *)key) {
	case RECORD_ADDRESS:
		return (again_address(key, keylen, value, len, w));
	case RECORD_ACCOUNT:
		return (again_account(key, keylen, value, len, w));
	case RECORD_DOMAIN:
		if (record_get_domain(key, keylen, value, len, &d) == -1)
			return (-1);
		record_put_domain(w, key, keylen, &d);
		return (0);
	case RECORD_INFO:
		if (record_get_info(key, keylen, value, len, &i) == -1)
			return (-1);
		record_put_info(w, key, keylen, &i);
		return (0);
	default:
		if (record_get_string(key, keylen, value, len, text,
		    sizeof(text)) == -1)
			return (-1);
		record_put_string(w, key, keylen, text);
		return (0);
	}
}

#endif
