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
 * The one parser and the one printer of mail addresses.
 * Literals and domain names are in domain.c.
 */

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/address.h"
#include "smtpd/smtp/domain.h"
#include "smtpd/smtp/utf8.h"

/* What is left to read, and the local part as far as it was read. */
struct cursor {
	const char	*p;
	const char	*end;
	unsigned int	 flags;
	size_t		 nlocal;
	struct address	 a;
};

static int
cursor_at(const struct cursor *c, char what)
{
	return (c->p < c->end && *c->p == what);
}

/* RFC 5322 3.2.3 */
static int
is_atext(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9'))
		return (1);
	return (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Move n octets from the text to the local part. */
static enum address_error
local_take(struct cursor *c, size_t n)
{
	if (c->nlocal + n > ADDRESS_LOCAL_MAX)
		return (ADDRESS_TOO_LONG);
	memcpy(c->a.local + c->nlocal, c->p, n);
	c->nlocal += n;
	c->p += n;
	return (ADDRESS_OK);
}

/* One character that is not ASCII: RFC 6531 3.3. */
static enum address_error
local_utf8(struct cursor *c)
{
	size_t	 n;

	if (!(c->flags & ADDRESS_UTF8_OK) ||
	    (n = utf8_char(c->p, (size_t)(c->end - c->p))) == 0)
		return (ADDRESS_UTF8);
	return (local_take(c, n));
}

/* Dot-string: atoms with single dots between them. */
static enum address_error
local_dots(struct cursor *c)
{
	enum address_error	 error = ADDRESS_OK;
	int			 dot = 1;

	for (; c->p < c->end && error == ADDRESS_OK; ) {
		if (*c->p == '.') {
			if (dot)
				return (ADDRESS_SYNTAX);
			dot = 1;
			error = local_take(c, 1);
			continue;
		}
		if ((unsigned char)*c->p >= 0x80)
			error = local_utf8(c);
		else if (is_atext(*c->p))
			error = local_take(c, 1);
		else
			break;
		dot = 0;
	}
	if (error == ADDRESS_OK && dot)
		return (ADDRESS_SYNTAX);
	return (error);
}

/* Quoted-string, RFC 5321: no controls, also none behind a backslash. */
static enum address_error
local_quoted(struct cursor *c)
{
	enum address_error	 error = ADDRESS_OK;

	for (c->p++; c->p < c->end && error == ADDRESS_OK; ) {
		if (*c->p == '"') {
			c->p++;
			return (c->nlocal > 0 ? ADDRESS_OK : ADDRESS_SYNTAX);
		}
		if ((unsigned char)*c->p >= 0x80) {
			error = local_utf8(c);
			continue;
		}
		if (*c->p == '\\' && ++c->p == c->end)
			break;
		if (*c->p < 0x20 || *c->p > 0x7e)
			return (ADDRESS_SYNTAX);
		error = local_take(c, 1);
	}
	return (error == ADDRESS_OK ? ADDRESS_SYNTAX : error);
}

static enum address_error
read_domain(struct cursor *c)
{
	enum address_error	 error;
	size_t			 n;

	error = domain_scan(c->p, (size_t)(c->end - c->p),
	    c->flags & ADDRESS_UTF8_OK, &n);
	if (error != ADDRESS_OK)
		return (error);
	/* The two parts and the @ fill at most a path without brackets. */
	if (c->nlocal + 1 + n > ADDRESS_PATH_MAX - 2)
		return (ADDRESS_TOO_LONG);
	memcpy(c->a.domain, c->p, n);
	c->p += n;
	return (ADDRESS_OK);
}

static enum address_error
read_mailbox(struct cursor *c)
{
	enum address_error	 error;
	int			 quoted = cursor_at(c, '"');

	error = quoted ? local_quoted(c) : local_dots(c);
	if (error != ADDRESS_OK)
		return (error);
	if (!cursor_at(c, '@')) {
		if ((c->flags & ADDRESS_ALLOW_POSTMASTER) && !quoted &&
		    strcasecmp(c->a.local, "postmaster") == 0)
			return (ADDRESS_OK);
		return (ADDRESS_SYNTAX);
	}
	c->p++;
	return (read_domain(c));
}

/* "@a.test,@b.test:", which RFC 5321 C tells us to read and to ignore. */
static enum address_error
skip_route(struct cursor *c)
{
	enum address_error	 error;
	size_t			 n;

	do {
		c->p++;
		if (!cursor_at(c, '@'))
			return (ADDRESS_SYNTAX);
		c->p++;
		if (cursor_at(c, '['))
			return (ADDRESS_SYNTAX);
		error = domain_scan(c->p, (size_t)(c->end - c->p),
		    c->flags & ADDRESS_UTF8_OK, &n);
		if (error != ADDRESS_OK)
			return (error);
		c->p += n;
	} while (cursor_at(c, ','));
	if (!cursor_at(c, ':'))
		return (ADDRESS_SYNTAX);
	c->p++;
	/* A route leads to a mailbox, never to the bare postmaster. */
	c->flags &= ~(unsigned int)ADDRESS_ALLOW_POSTMASTER;
	return (ADDRESS_OK);
}

enum address_error
address_parse_path(const char *text, size_t len, unsigned int flags,
    struct address *out, size_t *used)
{
	struct cursor		 c = { text, text + len, flags, 0, { "", "" } };
	enum address_error	 error = ADDRESS_OK;

	if (!cursor_at(&c, '<'))
		return (ADDRESS_SYNTAX);
	if (len >= 2 && text[1] == '>') {
		if (!(flags & ADDRESS_ALLOW_NULL))
			return (ADDRESS_SYNTAX);
		c.p++;
	} else {
		if (len >= 2 && text[1] == '@')
			error = skip_route(&c);
		else
			c.p++;
		if (error == ADDRESS_OK)
			error = read_mailbox(&c);
		if (error != ADDRESS_OK)
			return (error);
		if (!cursor_at(&c, '>'))
			return (ADDRESS_SYNTAX);
	}
	*out = c.a;
	*used = (size_t)(c.p + 1 - text);
	return (ADDRESS_OK);
}

enum address_error
address_parse(const char *text, size_t len, unsigned int flags,
    struct address *out)
{
	struct cursor		 c = { text, text + len, flags, 0, { "", "" } };
	enum address_error	 error;

	if (len > 0 || !(flags & ADDRESS_ALLOW_NULL)) {
		if ((error = read_mailbox(&c)) != ADDRESS_OK)
			return (error);
		if (c.p != c.end)
			return (ADDRESS_SYNTAX);
	}
	*out = c.a;
	return (ADDRESS_OK);
}

enum address_error
address_check_domain(const char *text, size_t len, unsigned int flags)
{
	enum address_error	 error;
	size_t			 n;

	error = domain_scan(text, len, flags & ADDRESS_UTF8_OK, &n);
	if (error == ADDRESS_OK && n != len)
		error = ADDRESS_SYNTAX;
	return (error);
}

/* 1 must be quoted, 0 need not be, -1 cannot be written at all. */
static int
local_quoting(const char *local, size_t len)
{
	size_t	 i;
	int	 quote = 0, dot = 1;

	for (i = 0; i < len; i++) {
		if ((unsigned char)local[i] < 0x20 || local[i] == 0x7f)
			return (-1);
		if (local[i] == '.')
			quote |= dot;
		else if ((unsigned char)local[i] < 0x80 && !is_atext(local[i]))
			quote = 1;
		dot = local[i] == '.';
	}
	return (quote | dot);
}

static size_t
local_print(const char *local, size_t len, int quote, char *out)
{
	size_t	 i, n = 0;

	if (quote)
		out[n++] = '"';
	for (i = 0; i < len; i++) {
		if (quote && (local[i] == '"' || local[i] == '\\'))
			out[n++] = '\\';
		out[n++] = local[i];
	}
	if (quote)
		out[n++] = '"';
	return (n);
}

int
address_format(const struct address *a, char *buf, size_t size)
{
	char	 out[ADDRESS_STR_SIZE];
	size_t	 nlocal, ndomain, n = 0;
	int	 quote;

	nlocal = strnlen(a->local, sizeof(a->local));
	ndomain = strnlen(a->domain, sizeof(a->domain));
	if (nlocal == sizeof(a->local) || ndomain == sizeof(a->domain))
		return (-1);
	if (nlocal > 0) {
		if ((quote = local_quoting(a->local, nlocal)) == -1 ||
		    !utf8_valid(a->local, nlocal))
			return (-1);
		n = local_print(a->local, nlocal, quote, out);
	} else if (ndomain > 0)
		return (-1);
	if (ndomain > 0) {
		if (address_check_domain(a->domain, ndomain,
		    ADDRESS_UTF8_OK) != ADDRESS_OK)
			return (-1);
		out[n++] = '@';
		memcpy(out + n, a->domain, ndomain);
		n += ndomain;
	}
	if (n >= size)
		return (-1);
	memcpy(buf, out, n);
	buf[n] = '\0';
	return ((int)n);
}

void
address_fold_local(char *local)
{
	for (; *local != '\0'; local++)
		if (*local >= 'A' && *local <= 'Z')
			*local = (char)(*local - 'A' + 'a');
}

int
address_is_null(const struct address *a)
{
	return (a->local[0] == '\0' && a->domain[0] == '\0');
}

int
address_equal_exact(const struct address *a, const struct address *b)
{
	return (strcmp(a->local, b->local) == 0 &&
	    strcmp(a->domain, b->domain) == 0);
}

size_t
address_split_tag(const char *local, const char *delims, size_t *taglen)
{
	size_t	 len = strlen(local), base = strcspn(local, delims);

	if (base == 0 || base == len) {
		*taglen = 0;
		return (len);
	}
	*taglen = len - base - 1;
	return (base);
}
