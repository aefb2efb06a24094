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
 * SCRAM-SHA-256.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <sha2.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/scram.h"

#define BLOCK	64		/* octets of SHA-256 at a time */

static const char	 name[] = "SCRAM-SHA-256";

/* Both hashes of an HMAC, behind their pads: many begin with the same. */
struct hmac {
	SHA2_CTX	 inner, outer;
};

static void
hmac_key(struct hmac *h, const void *key, size_t len)
{
	uint8_t	 pad[BLOCK] = { 0 };
	size_t	 i;

	SHA256Init(&h->inner);
	if (len > BLOCK) {
		SHA256Update(&h->inner, key, len);
		SHA256Final(pad, &h->inner);
		SHA256Init(&h->inner);
	} else if (len > 0)
		memcpy(pad, key, len);
	for (i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36;
	SHA256Update(&h->inner, pad, BLOCK);
	for (i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	SHA256Init(&h->outer);
	SHA256Update(&h->outer, pad, BLOCK);
	explicit_bzero(pad, sizeof(pad));
}

/* Of data and more, which may be empty. */
static void
hmac_data(const struct hmac *h, const void *data, size_t len,
    const void *more, size_t morelen, uint8_t out[SCRAM_SIZE])
{
	SHA2_CTX	 c = h->inner;
	uint8_t		 inner[SCRAM_SIZE];

	SHA256Update(&c, data, len);
	SHA256Update(&c, more, morelen);
	SHA256Final(inner, &c);
	c = h->outer;
	SHA256Update(&c, inner, sizeof(inner));
	SHA256Final(out, &c);
	explicit_bzero(&c, sizeof(c));
	explicit_bzero(inner, sizeof(inner));
}

void
scram_hmac(const void *key, size_t keylen, const void *data, size_t len,
    uint8_t out[SCRAM_SIZE])
{
	struct hmac	 h;

	hmac_key(&h, key, keylen);
	hmac_data(&h, data, len, "", 0, out);
	explicit_bzero(&h, sizeof(h));
}

/* Hi() of RFC 5802 2.2, which is PBKDF2 of one block. */
static void
salted_password(const struct scram *s, const char *password, size_t len,
    uint8_t out[SCRAM_SIZE])
{
	static const uint8_t	 one[4] = { 0, 0, 0, 1 };
	struct hmac		 h;
	uint8_t			 u[SCRAM_SIZE];
	uint32_t		 i;
	size_t			 k;

	hmac_key(&h, password, len);
	hmac_data(&h, s->salt, s->saltlen, one, sizeof(one), u);
	memcpy(out, u, SCRAM_SIZE);
	for (i = 1; i < s->iterations; i++) {
		hmac_data(&h, u, SCRAM_SIZE, "", 0, u);
		for (k = 0; k < SCRAM_SIZE; k++)
			out[k] ^= u[k];
	}
	explicit_bzero(&h, sizeof(h));
	explicit_bzero(u, sizeof(u));
}

static void
sha256(const void *data, size_t len, uint8_t out[SCRAM_SIZE])
{
	SHA2_CTX	 c;

	SHA256Init(&c);
	SHA256Update(&c, data, len);
	SHA256Final(out, &c);
	explicit_bzero(&c, sizeof(c));
}

/* Are they the same?  Looks at all of them, whatever comes first. */
static int
same(const uint8_t *a, const uint8_t *b)
{
	unsigned int	 differ = 0;
	size_t		 i;

	for (i = 0; i < SCRAM_SIZE; i++)
		differ |= a[i] ^ b[i];
	return (differ == 0);
}

void
scram_make(struct scram *s, const char *password, size_t len)
{
	uint8_t	 salted[SCRAM_SIZE], client[SCRAM_SIZE];

	salted_password(s, password, len, salted);
	scram_hmac(salted, sizeof(salted), "Client Key", 10, client);
	sha256(client, sizeof(client), s->stored);
	scram_hmac(salted, sizeof(salted), "Server Key", 10, s->server);
	explicit_bzero(salted, sizeof(salted));
	explicit_bzero(client, sizeof(client));
}

int
scram_is_password(const struct scram *s, const char *password, size_t len)
{
	struct scram	 made = *s;
	int		 is;

	scram_make(&made, password, len);
	is = same(made.stored, s->stored) & same(made.server, s->server);
	explicit_bzero(&made, sizeof(made));
	return (is);
}

int
scram_verify(const struct scram *s, const char *message, size_t len,
    const uint8_t *proof, uint8_t *signature)
{
	uint8_t	 client[SCRAM_SIZE], stored[SCRAM_SIZE];
	size_t	 i;
	int	 is;

	scram_hmac(s->stored, SCRAM_SIZE, message, len, client);
	for (i = 0; i < SCRAM_SIZE; i++)
		client[i] ^= proof[i];
	sha256(client, sizeof(client), stored);
	is = same(stored, s->stored);
	explicit_bzero(client, sizeof(client));
	scram_hmac(s->server, SCRAM_SIZE, message, len, signature);
	return (is);
}

int
scram_is(const char *text)
{
	return (strncmp(text, "SCRAM-SHA-256$", sizeof(name)) == 0 ||
	    strncmp(text, "{SCRAM-SHA-256}", sizeof(name) + 1) == 0);
}

/* The number at *text, which ends with end and is no other's form. */
static int
parse_iterations(const char **text, char end, uint32_t *n)
{
	const char	*p = *text;

	*n = 0;
	if (*p < '1' || *p > '9')
		return (-1);
	for (; *p >= '0' && *p <= '9'; p++) {
		*n = *n * 10 + (uint32_t)(*p - '0');
		if (*n > SCRAM_ITERATIONS_MAX)
			return (-1);
	}
	*text = p + 1;
	return (*p == end && *n >= SCRAM_ITERATIONS_MIN ? 0 : -1);
}

/* Base64 at *text up to end; returns its octets, or -1. */
static int
parse_octets(const char **text, char end, uint8_t *out, size_t size)
{
	const char	*p = strchr(*text, end);
	int		 n;

	if (p == NULL)
		return (-1);
	n = base64_decode(*text, (size_t)(p - *text), out, size);
	*text = p + (end != '\0');
	return (n);
}

int
scram_parse(const char *text, struct scram *s)
{
	int	 n, comma;
	char	 colon, dollar;

	memset(s, 0, sizeof(*s));
	if (!scram_is(text))
		return (-1);
	comma = text[0] == '{';
	colon = comma ? ',' : ':';
	dollar = comma ? ',' : '$';
	text += sizeof(name) + (comma ? 1 : 0);
	if (parse_iterations(&text, colon, &s->iterations) == -1 ||
	    (n = parse_octets(&text, dollar, s->salt, sizeof(s->salt))) < 1)
		return (-1);
	s->saltlen = (size_t)n;
	if (parse_octets(&text, colon, s->stored, SCRAM_SIZE) != SCRAM_SIZE ||
	    parse_octets(&text, '\0', s->server, SCRAM_SIZE) != SCRAM_SIZE)
		return (-1);
	return (0);
}

const char *
scram_format(const struct scram *s, char *buf, size_t size)
{
	char	 salt[BASE64_LEN(SCRAM_SALT_MAX) + 1];
	char	 stored[BASE64_LEN(SCRAM_SIZE) + 1];
	char	 server[BASE64_LEN(SCRAM_SIZE) + 1];

	(void)base64_encode(s->salt, s->saltlen, salt, sizeof(salt));
	(void)base64_encode(s->stored, SCRAM_SIZE, stored, sizeof(stored));
	(void)base64_encode(s->server, SCRAM_SIZE, server, sizeof(server));
	(void)snprintf(buf, size, "%s$%u:%s$%s:%s", name, s->iterations, salt,
	    stored, server);
	return (buf);
}
