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
 * ESMTP parameters: a forward-only cursor, and one table for each of MAIL
 * and RCPT that says which keyword belongs to which extension.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/ext.h"
#include "smtpd/smtp/param.h"
#include "smtpd/smtp/utf8.h"
#include "smtpd/smtp/xtext.h"

/* A parameter that we know; read fills its part of out. */
struct param_def {
	const char		*key;
	unsigned int		 ext;
	enum param_error	(*read)(const struct param *, unsigned int,
				    void *);
};

static int
is_alnum(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'));
}

/* esmtp-value, with the UTF-8 of RFC 6531 3.3; each reader checks that. */
static int
is_value(char c)
{
	return ((unsigned char)c >= 0x80 || (c > 32 && c < 127 && c != '='));
}

void
param_init(struct param_cursor *c, const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	c->p = text;
	c->end = text + len;
}

enum param_step
param_next(struct param_cursor *c, struct param *out)
{
	struct param	 param = { NULL, 0, NULL, 0 };
	const char	*p = c->p;

	if (p == c->end)
		return (PARAM_END);
	if (*p != ' ')
		return (PARAM_BAD);
	while (*p == ' ')		/* the text does not end in SP */
		p++;
	param.key = p;
	while (p < c->end && (is_alnum(*p) || (*p == '-' && p > param.key)))
		p++;
	if ((param.keylen = (size_t)(p - param.key)) == 0)
		return (PARAM_BAD);
	if (p < c->end && *p == '=') {
		param.value = ++p;
		while (p < c->end && is_value(*p))
			p++;
		if ((param.valuelen = (size_t)(p - param.value)) == 0)
			return (PARAM_BAD);
	}
	if (p < c->end && *p != ' ')
		return (PARAM_BAD);
	c->p = p;
	*out = param;
	return (PARAM_NEXT);
}

/* Is text the word, in any case? */
static int
same_word(const char *text, size_t len, const char *word)
{
	return (strlen(word) == len && strncasecmp(text, word, len) == 0);
}

int
param_is(const struct param *p, const char *key)
{
	return (same_word(p->key, p->keylen, key));
}

static int
value_is(const struct param *p, const char *word)
{
	return (p->value != NULL && same_word(p->value, p->valuelen, word));
}

/* The value as it was sent, terminated, of at most max octets. */
static enum param_error
value_keep(const struct param *p, char *out, size_t max)
{
	if (p->valuelen > max)
		return (PARAM_SYNTAX);
	memcpy(out, p->value, p->valuelen);
	out[p->valuelen] = '\0';
	return (PARAM_OK);
}

/* RFC 1870 6.1 */
static enum param_error
read_size(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;
	uint64_t		 size = 0, digit;
	size_t			 i;
	int			 over = 0;

	if (p->value == NULL)
		return (PARAM_SYNTAX);
	for (i = 0; i < p->valuelen; i++) {
		if (p->value[i] < '0' || p->value[i] > '9')
			return (PARAM_SYNTAX);
		digit = (uint64_t)(p->value[i] - '0');
		if (size > (UINT64_MAX - digit) / 10)
			over = 1;
		else
			size = size * 10 + digit;
	}
	mail->size = size;
	mail->has_size = 1;
	return (over ? PARAM_TOO_BIG : PARAM_OK);
}

/* RFC 6152 2; BINARYMIME is a value of RFC 3030, which is not offered. */
static enum param_error
read_body(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;

	if (value_is(p, "BINARYMIME"))
		return (PARAM_UNKNOWN);
	if (value_is(p, "7BIT"))
		mail->body = MAIL_BODY_7BIT;
	else if (value_is(p, "8BITMIME"))
		mail->body = MAIL_BODY_8BITMIME;
	else
		return (PARAM_SYNTAX);
	return (PARAM_OK);
}

/* RFC 6531 3.4 */
static enum param_error
read_smtputf8(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;

	mail->smtputf8 = 1;
	return (p->value == NULL ? PARAM_OK : PARAM_SYNTAX);
}

/* RFC 3461 4.3 */
static enum param_error
read_ret(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;

	if (value_is(p, "FULL"))
		mail->ret = MAIL_RET_FULL;
	else if (value_is(p, "HDRS"))
		mail->ret = MAIL_RET_HDRS;
	else
		return (PARAM_SYNTAX);
	return (PARAM_OK);
}

/* RFC 3461 4.4 */
static enum param_error
read_envid(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;

	if (p->value == NULL || !xtext_valid(p->value, p->valuelen))
		return (PARAM_SYNTAX);
	return (value_keep(p, mail->envid, PARAM_ENVID_MAX));
}

/* RFC 4954 5: "<>" or the xtext of a mailbox. */
static enum param_error
read_auth(const struct param *p, unsigned int offered, void *out)
{
	struct mail_params	*mail = out;
	struct address		 address;
	char			 text[PARAM_AUTH_MAX + 1];
	int			 n;

	if (p->value == NULL || (n = xtext_decode(p->value, p->valuelen, text,
	    sizeof(text))) == -1)
		return (PARAM_SYNTAX);
	if (strcmp(text, "<>") != 0 &&
	    address_parse(text, (size_t)n, 0, &address) != ADDRESS_OK)
		return (PARAM_SYNTAX);
	return (value_keep(p, mail->auth, PARAM_AUTH_MAX));
}

/* RFC 3461 4.1: NEVER alone, or a list of the others. */
static enum param_error
read_notify(const struct param *p, unsigned int offered, void *out)
{
	static const struct {
		const char	*word;
		uint8_t		 bit;
	} words[] = {
		{ "NEVER",	NOTIFY_NEVER },
		{ "SUCCESS",	NOTIFY_SUCCESS },
		{ "FAILURE",	NOTIFY_FAILURE },
		{ "DELAY",	NOTIFY_DELAY },
	};
	const size_t		 nwords = sizeof(words) / sizeof(words[0]);
	struct rcpt_params	*rcpt = out;
	const char		*w = p->value;
	size_t			 left = p->valuelen, i, n;

	if (w == NULL)
		return (PARAM_SYNTAX);
	for (;;) {
		for (n = 0; n < left && w[n] != ','; n++)
			continue;
		for (i = 0; i < nwords && !same_word(w, n, words[i].word); i++)
			continue;
		if (i == nwords)
			return (PARAM_SYNTAX);
		rcpt->notify |= words[i].bit;
		if (n == left)
			break;
		w += n + 1;
		left -= n + 1;
	}
	if ((rcpt->notify & NOTIFY_NEVER) && rcpt->notify != NOTIFY_NEVER)
		return (PARAM_SYNTAX);
	return (PARAM_OK);
}

/* xtext in which characters that are not ASCII stand for themselves. */
static int
is_unitext(const char *text, size_t len)
{
	size_t	 n;

	if (!utf8_valid(text, len))
		return (0);
	while (len > 0) {
		for (n = 0; n < len && (unsigned char)text[n] < 0x80; n++)
			continue;
		if (!xtext_valid(text, n))
			return (0);
		for (; n < len && (unsigned char)text[n] >= 0x80; n++)
			continue;
		text += n;
		len -= n;
	}
	return (1);
}

/* RFC 3461 4.2: addr-type ";" xtext; RFC 6533 3 for the type utf-8. */
static enum param_error
read_orcpt(const struct param *p, unsigned int offered, void *out)
{
	struct rcpt_params	*rcpt = out;
	const char		*semi;
	size_t			 ntype, n;

	if (p->value == NULL ||
	    (semi = memchr(p->value, ';', p->valuelen)) == NULL)
		return (PARAM_SYNTAX);
	ntype = (size_t)(semi - p->value);
	n = p->valuelen - ntype - 1;
	if (ntype == 0 || n == 0)
		return (PARAM_SYNTAX);
	while (ntype > 0)
		if (!is_alnum(p->value[--ntype]) && p->value[ntype] != '-')
			return (PARAM_SYNTAX);
	if ((offered & SMTP_EXT_SMTPUTF8) &&
	    same_word(p->value, (size_t)(semi - p->value), "utf-8")) {
		if (!is_unitext(semi + 1, n))
			return (PARAM_SYNTAX);
	} else if (!xtext_valid(semi + 1, n))
		return (PARAM_SYNTAX);
	return (value_keep(p, rcpt->orcpt, PARAM_ORCPT_MAX));
}

static const struct param_def	 mail_defs[] = {
	{ "SIZE",	SMTP_EXT_SIZE,		read_size },
	{ "BODY",	SMTP_EXT_8BITMIME,	read_body },
	{ "SMTPUTF8",	SMTP_EXT_SMTPUTF8,	read_smtputf8 },
	{ "RET",	SMTP_EXT_DSN,		read_ret },
	{ "ENVID",	SMTP_EXT_DSN,		read_envid },
	{ "AUTH",	SMTP_EXT_AUTH,		read_auth },
};

static const struct param_def	 rcpt_defs[] = {
	{ "NOTIFY",	SMTP_EXT_DSN,		read_notify },
	{ "ORCPT",	SMTP_EXT_DSN,		read_orcpt },
};

static enum param_error
read_all(const struct param_def *defs, size_t n, const char *text, size_t len,
    unsigned int offered, void *out)
{
	struct param_cursor	 c;
	struct param		 p;
	enum param_step		 step;
	enum param_error	 error;
	unsigned int		 seen = 0;
	size_t			 i;

	param_init(&c, text, len);
	while ((step = param_next(&c, &p)) == PARAM_NEXT) {
		for (i = 0; i < n && !param_is(&p, defs[i].key); i++)
			continue;
		if (i == n || !(offered & defs[i].ext))
			return (PARAM_UNKNOWN);
		if (seen & 1U << i)
			return (PARAM_SYNTAX);
		seen |= 1U << i;
		if ((error = defs[i].read(&p, offered, out)) != PARAM_OK)
			return (error);
	}
	return (step == PARAM_END ? PARAM_OK : PARAM_SYNTAX);
}

enum param_error
params_mail(const char *text, size_t len, unsigned int offered,
    struct mail_params *out)
{
	memset(out, 0, sizeof(*out));
	return (read_all(mail_defs, sizeof(mail_defs) / sizeof(mail_defs[0]),
	    text, len, offered, out));
}

enum param_error
params_rcpt(const char *text, size_t len, unsigned int offered,
    struct rcpt_params *out)
{
	memset(out, 0, sizeof(*out));
	return (read_all(rcpt_defs, sizeof(rcpt_defs) / sizeof(rcpt_defs[0]),
	    text, len, offered, out));
}
