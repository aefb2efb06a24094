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
 * Fuzz target: base64 and what it brings inside AUTH.  What is decoded
 * encodes back to the same, what is read stays inside its message.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/sasl.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_inside(const char *text, size_t len, const char *p, size_t n)
{
	if (p < text || n > len || p > text + len - n)
		abort();
}

static void
check_messages(const char *text, size_t len)
{
	struct sasl_plain	 plain;
	struct sasl_first	 first;
	struct sasl_final	 final;

	if (sasl_plain(text, len, &plain) == 0 &&
	    (plain.name[0] == '\0' || plain.password[0] == '\0'))
		abort();
	if (sasl_first(text, len, &first) == 0) {
		check_inside(text, len, first.header, first.headerlen);
		check_inside(text, len, first.bare, first.barelen);
		check_inside(text, len, first.nonce, first.noncelen);
		if (first.headerlen + first.barelen != len ||
		    !sasl_is_text(first.name, strlen(first.name),
		    SASL_NAME_MAX))
			abort();
	}
	if (sasl_final(text, len, &final) == 0) {
		check_inside(text, len, final.binding, final.bindinglen);
		check_inside(text, len, final.nonce, final.noncelen);
		if (final.baselen >= len || text[final.baselen] != ',')
			abort();
	}
}

static void
check_secret(const char *text, size_t len)
{
	struct scram	 s, again;
	char		 buf[SCRAM_STR_SIZE], copy[1024];

	if (len >= sizeof(copy))
		return;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (scram_parse(copy, &s) == 0 && (scram_parse(scram_format(&s, buf,
	    sizeof(buf)), &again) == -1 || memcmp(&s, &again, sizeof(s)) !=
	    0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char	*text = (const char *)data;
	char		*raw, *again;
	int		 n;

	/* memory of their own size, so that overruns are seen */
	if ((raw = malloc(size + 1)) == NULL ||
	    (again = malloc(BASE64_LEN(size) + 1)) == NULL)
		abort();
	n = base64_decode(text, size, raw, size);
	if (n != -1) {
		if (base64_encode(raw, (size_t)n, again, BASE64_LEN(size) +
		    1) != (int)size || memcmp(text, again, size) != 0)
			abort();
		check_messages(raw, (size_t)n);
	}
	check_messages(text, size);
	check_secret(text, size);
	free(raw);
	free(again);
	return (0);
}
