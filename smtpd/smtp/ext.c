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
 * The EHLO keywords of the extensions.
 * Which of them are offered is policy's to say.
 */

#include <stddef.h>

#include "smtpd/smtp/ext.h"

static const struct {
	unsigned int	 bit;
	const char	*keyword;
} keywords[SMTP_EXT_COUNT] = {
	{ SMTP_EXT_PIPELINING,	"PIPELINING" },
	{ SMTP_EXT_SIZE,	"SIZE" },
	{ SMTP_EXT_8BITMIME,	"8BITMIME" },
	{ SMTP_EXT_SMTPUTF8,	"SMTPUTF8" },
	{ SMTP_EXT_ENHANCED,	"ENHANCEDSTATUSCODES" },
	{ SMTP_EXT_DSN,		"DSN" },
	{ SMTP_EXT_LIMITS,	"LIMITS" },
	{ SMTP_EXT_HELP,	"HELP" },
	{ SMTP_EXT_VRFY,	"VRFY" },
	{ SMTP_EXT_EXPN,	"EXPN" },
	{ SMTP_EXT_STARTTLS,	"STARTTLS" },
	{ SMTP_EXT_AUTH,	"AUTH" },
};

const char *
ext_keyword(unsigned int bit)
{
	size_t	 i;

	for (i = 0; i < SMTP_EXT_COUNT; i++)
		if (keywords[i].bit == bit)
			return (keywords[i].keyword);
	return (NULL);
}
