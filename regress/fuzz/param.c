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
 * Fuzz target: ESMTP parameters and xtext.  The cursor goes forward and
 * stays inside, what is kept is valid, and a decoded xtext encodes back.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/utf8.h"
#include "smtpd/smtp/xtext.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_cursor(const char *text, size_t len)
{
	struct param_cursor	 c;
	struct param		 p;
	const char		*last = text;

	param_init(&c, text, len);
	while (param_next(&c, &p) == PARAM_NEXT) {
		if (p.key <= last - 1 || p.keylen == 0 || c.p <= last ||
		    c.p > text + len)
			abort();
		if (p.value != NULL && (p.valuelen == 0 ||
		    p.value != p.key + p.keylen + 1 ||
		    p.value + p.valuelen != c.p))
			abort();
		last = c.p;
	}
}

static void
check_xtext(const char *text)
{
	char	 plain[PARAM_ORCPT_MAX + 1], again[3 * PARAM_ORCPT_MAX + 1];
	char	 plain2[PARAM_ORCPT_MAX + 1];
	int	 n, m;

	if ((n = xtext_decode(text, strlen(text), plain,
	    sizeof(plain))) == -1)
		abort();
	if ((m = xtext_encode(plain, (size_t)n, again, sizeof(again))) == -1)
		abort();
	if (xtext_decode(again, (size_t)m, plain2, sizeof(plain2)) != n ||
	    memcmp(plain, plain2, (size_t)n) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mail_params	 mail;
	struct rcpt_params	 rcpt;
	const char		*text = (const char *)data + 1, *semi;
	unsigned int		 offered;

	if (len < 1)
		return (0);
	len--;
	offered = data[0] & 1 ? SMTP_EXT_DSN | SMTP_EXT_SIZE : 0;
	offered |= data[0] & 2 ? SMTP_EXT_8BITMIME | SMTP_EXT_AUTH : 0;
	offered |= data[0] & 4 ? SMTP_EXT_SMTPUTF8 : 0;
	check_cursor(text, len);
	if (params_mail(text, len, offered, &mail) == PARAM_OK) {
		check_xtext(mail.envid);
		if (strcmp(mail.auth, "<>") != 0)
			check_xtext(mail.auth);
		if (mail.body >= MAIL_BODY_COUNT ||
		    mail.ret >= MAIL_RET_COUNT)
			abort();
	}
	if (params_rcpt(text, len, offered, &rcpt) == PARAM_OK) {
		if (rcpt.notify & ~NOTIFY_ALL || ((rcpt.notify &
		    NOTIFY_NEVER) && rcpt.notify != NOTIFY_NEVER))
			abort();
		if (!utf8_valid(rcpt.orcpt, strlen(rcpt.orcpt)))
			abort();
		if (rcpt.orcpt[0] != '\0') {
			if ((semi = strchr(rcpt.orcpt, ';')) == NULL)
				abort();
			if (utf8_is_ascii(rcpt.orcpt, strlen(rcpt.orcpt)))
				check_xtext(semi + 1);
			else if (!(offered & SMTP_EXT_SMTPUTF8))
				abort();
		}
	}
	return (0);
}
