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
 * The cryptography of SCRAM-SHA-256, RFC 5802 and 7677: what a server keeps
 * instead of a password, and how a client is found to know it.
 */

#ifndef SCRAM_H
#define SCRAM_H

#include <stddef.h>
#include <stdint.h>

#define SCRAM_SIZE		32		/* of SHA-256 */
#define SCRAM_SALT_MAX		64
#define SCRAM_SALT_LEN		16		/* of those that we make */
#define SCRAM_ITERATIONS	8192		/* the same */
#define SCRAM_ITERATIONS_MIN	4096		/* RFC 7677 4 */
#define SCRAM_ITERATIONS_MAX	1000000
#define SCRAM_STR_SIZE		256		/* of one as text */

struct scram {
	uint32_t	 iterations;
	uint8_t		 salt[SCRAM_SALT_MAX];
	size_t		 saltlen;
	uint8_t		 stored[SCRAM_SIZE];	/* StoredKey */
	uint8_t		 server[SCRAM_SIZE];	/* ServerKey */
};

/*
 * Is it meant to be one, and is it one?  Two forms are read,
 *	SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey	RFC 5803
 *	{SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey
 * with base64 for salt and keys.  scram_parse returns 0 or -1.
 */
int	 scram_is(const char *text);
int	 scram_parse(const char *text, struct scram *);

/* The first of the two forms; SCRAM_STR_SIZE suffices.  Returns buf. */
const char *scram_format(const struct scram *, char *buf, size_t size);

/*
 * Keys of a password, which is taken as it comes: printable ASCII is what
 * SASLprep (RFC 4013) would leave it.  iterations and salt are filled in.
 */
void	 scram_make(struct scram *, const char *password, size_t len);

/* Is this the password?  In a time that does not depend on the answer. */
int	 scram_is_password(const struct scram *, const char *password,
	    size_t len);

/*
 * Does proof (SCRAM_SIZE octets) show, for this AuthMessage, that the
 * client knows the password?  signature is what the server answers.
 */
int	 scram_verify(const struct scram *, const char *message, size_t len,
	    const uint8_t *proof, uint8_t *signature);

/* HMAC-SHA-256, RFC 2104. */
void	 scram_hmac(const void *key, size_t keylen, const void *data,
	    size_t len, uint8_t out[SCRAM_SIZE]);

#endif
