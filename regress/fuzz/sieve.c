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
 * Fuzz target: match types, encoded characters, references, modifiers and
 * the text of a refusal.  What a match captured puts together the value
 * again, nothing is outside of it, and effort is never more than promised.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/sieve/encchar.h"
#include "smtpd/sieve/match.h"
#include "smtpd/sieve/modify.h"
#include "smtpd/sieve/varname.h"
#include "smtpd/sieve/wildcard.h"
#include "smtpd/smtp/rejection.h"

#define EFFORT	100000

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_captures(const struct captures *c, size_t len)
{
	unsigned int	 i;

	if (c->n == 0 || c->n > CAPTURES_MAX)
		abort();
	for (i = 0; i < c->n; i++)
		if (c->from[i] > c->to[i] || c->to[i] > len)
			abort();
}

/* The pattern with what its wildcards stand for is the value. */
static void
check_wildcards(const char *p, size_t plen, const char *value, size_t len)
{
	struct captures	 c;
	struct effort	 e = { (plen + 1) * (len + 2) };
	unsigned int	 n = 1;
	size_t		 at = 0;
	int		 r;

	if ((r = wildcard_matches(p, plen, value, len, 0, &c, &e)) == -1)
		abort();
	if (r == 0)
		return;
	check_captures(&c, len);
	for (; plen > 0; p++, plen--) {
		if (*p == '*' || *p == '?') {
			if (n == CAPTURES_MAX)
				return;
			if (c.from[n] != at ||
			    (*p == '?' && c.to[n] != at + 1))
				abort();
			at = c.to[n++];
			continue;
		}
		if (*p == '\\' && plen > 1) {
			p++;
			plen--;
		}
		if (at == len || value[at++] != *p)
			abort();
	}
	if (at != len || n != c.n)
		abort();
}

static void
check_text(const char *text, size_t len, unsigned int set)
{
	struct varname	 v;
	char		*copy, buf[64];
	size_t		 at = 0, n = len;

	while (varname_next(text, len, at, &v)) {
		if (v.from < at || v.len < 4 || v.from + v.len > len ||
		    v.name < text || v.name + v.namelen >= text + len)
			abort();
		at = v.from + v.len;
	}
	if (modify_apply(set, text, len, buf, sizeof(buf)) > sizeof(buf) ||
	    modify_cut(text, len, 10) > 10)
		abort();
	if (rejection_text(text, len, buf, sizeof(buf)) != strlen(buf))
		abort();
	if ((copy = malloc(len + 1)) == NULL)
		abort();
	memcpy(copy, text, len);
	if (encchar_decode(copy, &n, &at) == 0 ? n > len : at >= len)
		abort();
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char	*key = (const char *)data + 2, *value;
	struct match	 m;
	struct captures	 c;
	struct effort	 e = { EFFORT };
	size_t		 klen;

	/* what is to be done, the length of the key, the key, a value */
	if (len < 2)
		return (0);
	klen = data[1] <= len - 2 ? data[1] : len - 2;
	len -= 2 + klen;
	value = key + klen;
	m.type = data[0] % MATCH_COUNT;
	m.comparator = data[0] / MATCH_COUNT % 2;
	m.relation = RELATION_LE;
	if (match_key(&m, value, len, key, klen, &c, &e) == MATCH_YES &&
	    (m.type == MATCH_MATCHES || m.type == MATCH_REGEX))
		check_captures(&c, len);
	if (e.left > EFFORT)
		abort();
	check_wildcards(key, klen, value, len);
	check_text(value, len, data[0]);
	return (0);
}
