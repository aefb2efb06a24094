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
 * Messages of SASL mechanisms.
 */

#include <bsd/string.h>

#include <string.h>
#include <strings.h>

#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/sasl.h"
#include "smtpd/smtp/utf8.h"

static const char *const	 names[SASL_MECH_COUNT] = {
	[SASL_PLAIN]		= "PLAIN",
	[SASL_LOGIN]		= "LOGIN",
	[SASL_SCRAM_SHA_256]	= "SCRAM-SHA-256",
};

const char *
sasl_name(enum sasl_mech mech)
{
	return (names[mech]);
}

enum sasl_mech
sasl_find(const char *text, size_t len)
{
	unsigned int	 i;

	for (i = 0; i < SASL_MECH_COUNT; i++)
		if (strlen(names[i]) == len &&
		    strncasecmp(names[i], text, len) == 0)
			break;
	return ((enum sasl_mech)i);
}

int
sasl_parse_list(const char *text)
{
	enum sasl_mech	 mech;
	size_t		 n;
	int		 bits = 0;

	for (text += strspn(text, " "); *text != '\0';
	    text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		if ((mech = sasl_find(text, n)) == SASL_MECH_COUNT)
			return (-1);
		bits |= 1 << mech;
	}
	return (bits);
}

const char *
sasl_format_list(unsigned int bits, char buf[SASL_LIST_SIZE])
{
	unsigned int	 i;

	buf[0] = '\0';
	for (i = 0; i < SASL_MECH_COUNT; i++) {
		if (!(bits & 1U << i))
			continue;
		if (buf[0] != '\0')
			(void)strlcat(buf, " ", SASL_LIST_SIZE);
		(void)strlcat(buf, names[i], SASL_LIST_SIZE);
	}
	return (buf);
}

int
sasl_is_text(const char *text, size_t len, size_t max)
{
	size_t	 i;

	if (len == 0 || len > max || !utf8_valid(text, len))
		return (0);
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return (0);
	return (1);
}

/* A copy, terminated; -1 when it is none. */
static int
take(const char *text, size_t len, char *out, size_t size)
{
	if (!sasl_is_text(text, len, size - 1))
		return (-1);
	memcpy(out, text, len);
	out[len] = '\0';
	return (0);
}

int
sasl_plain(const char *text, size_t len, struct sasl_plain *p)
{
	const char	*nul, *nul2, *end = text + len;

	memset(p, 0, sizeof(*p));
	if (len == 0 || (nul = memchr(text, '\0', len)) == NULL ||
	    (nul2 = memchr(nul + 1, '\0', (size_t)(end - nul - 1))) == NULL)
		return (-1);
	if (nul > text && take(text, (size_t)(nul - text), p->authzid,
	    sizeof(p->authzid)) == -1)
		return (-1);
	if (take(nul + 1, (size_t)(nul2 - nul - 1), p->name,
	    sizeof(p->name)) == -1 ||
	    take(nul2 + 1, (size_t)(end - nul2 - 1), p->password,
	    sizeof(p->password)) == -1)
		return (-1);
	return (0);
}

/* RFC 5802 5.1: "=2C" and "=3D" stand for ',' and '='. */
static int
saslname(const char *text, size_t len, char *out, size_t size)
{
	char	 buf[SASL_NAME_MAX + 1];
	size_t	 i, n = 0;

	for (i = 0; i < len; i++) {
		if (n == SASL_NAME_MAX)
			return (-1);
		if (text[i] != '=') {
			buf[n++] = text[i];
			continue;
		}
		if (len - i < 3 || (memcmp(text + i, "=2C", 3) != 0 &&
		    memcmp(text + i, "=3D", 3) != 0))
			return (-1);
		buf[n++] = text[i + 1] == '2' ? ',' : '=';
		i += 2;
	}
	return (take(buf, n, out, size));
}

/*
 * The value of the attribute at *p, "x=value": up to the comma, which is
 * passed over, or to the end; NULL when another one stands there.
 */
static const char *
attribute(const char **p, const char *end, char letter, size_t *len)
{
	const char	*value = *p + 2, *comma;

	if (end - *p < 2 || (*p)[0] != letter || (*p)[1] != '=')
		return (NULL);
	comma = memchr(value, ',', (size_t)(end - value));
	*len = (size_t)((comma == NULL ? end : comma) - value);
	*p = comma == NULL ? end : comma + 1;
	return (value);
}

static int
is_nonce(const char *text, size_t len)
{
	size_t	 i;

	for (i = 0; i < len; i++)
		if (text[i] < '!' || text[i] > '~' || text[i] == ',')
			return (0);
	return (len > 0 && len <= SASL_NONCE_MAX);
}

int
sasl_first(const char *text, size_t len, struct sasl_first *f)
{
	const char	*p = text, *end = text + len, *value;
	size_t		 n;

	memset(f, 0, sizeof(*f));
	if (len < 3 || len > SASL_SCRAM_MAX || memchr(text, '\0', len) !=
	    NULL || (text[0] != 'n' && text[0] != 'y') || text[1] != ',')
		return (-1);
	p += 2;
	if (*p == ',')
		p++;
	else if ((value = attribute(&p, end, 'a', &n)) == NULL || p == end ||
	    saslname(value, n, f->authzid, sizeof(f->authzid)) == -1)
		return (-1);
	f->header = text;
	f->headerlen = (size_t)(p - text);
	f->bare = p;
	f->barelen = (size_t)(end - p);
	/* "m=" would be an extension that has to be understood */
	if ((value = attribute(&p, end, 'n', &n)) == NULL ||
	    saslname(value, n, f->name, sizeof(f->name)) == -1)
		return (-1);
	f->nonce = attribute(&p, end, 'r', &f->noncelen);
	return (f->nonce != NULL && is_nonce(f->nonce, f->noncelen) ? 0 : -1);
}

int
sasl_final(const char *text, size_t len, struct sasl_final *f)
{
	const char	*p = text, *end = text + len, *q, *value;
	size_t		 n;

	memset(f, 0, sizeof(*f));
	if (len == 0 || len > SASL_SCRAM_MAX || memchr(text, '\0', len) !=
	    NULL)
		return (-1);
	f->binding = attribute(&p, end, 'c', &f->bindinglen);
	if (f->binding == NULL)
		return (-1);
	f->nonce = attribute(&p, end, 'r', &f->noncelen);
	if (f->nonce == NULL || !is_nonce(f->nonce, f->noncelen))
		return (-1);
	/* the proof is the last one; others before it mean nothing to us */
	for (q = end; q > p && q[-1] != ','; q--)
		;
	f->baselen = (size_t)(q - text);
	if (f->baselen == 0 || text[--f->baselen] != ',' ||
	    (value = attribute(&q, end, 'p', &n)) == NULL)
		return (-1);
	return (base64_decode(value, n, f->proof, SCRAM_SIZE) == SCRAM_SIZE ?
	    0 : -1);
}
