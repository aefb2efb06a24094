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
 * crypt(3), and SCRAM keys.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/hash/hash_check.h"
#include "smtpd/smtp/scram.h"

/* Looks at all octets of what was computed, whatever comes first. */
static int
same(const char *made, const char *secret)
{
	size_t		 i, len = strlen(made);
	unsigned int	 differ = len != strlen(secret);

	for (i = 0; i < len && secret[i] != '\0'; i++)
		differ |= (unsigned char)(made[i] ^ secret[i]);
	return (differ == 0);
}

static enum auth_result
check_crypt(const struct hash_ask *ask)
{
	struct crypt_data	*data;
	const char		*made;
	enum auth_result	 result = AUTH_TEMPFAIL;

	/* DES takes any text for a hash, and eight octets for a password */
	if (ask->secret[0] != '$')
		return (result);
	/* 32 KiB, and it holds copies of the password */
	data = xcalloc(1, sizeof(*data));
	made = crypt_r(ask->password, ask->secret, data);
	/* NULL or "*0": no such method */
	if (made != NULL && made[0] != '*')
		result = same(made, ask->secret) && !ask->never ? AUTH_OK :
		    AUTH_NO;
	explicit_bzero(data, sizeof(*data));
	free(data);
	return (result);
}

enum auth_result
hash_check(const struct hash_ask *ask)
{
	struct scram		 s;
	enum auth_result	 result;

	if (!scram_is(ask->secret))
		return (check_crypt(ask));
	if (scram_parse(ask->secret, &s) == -1)
		return (AUTH_TEMPFAIL);
	result = scram_is_password(&s, ask->password,
	    strlen(ask->password)) && !ask->never ? AUTH_OK : AUTH_NO;
	explicit_bzero(&s, sizeof(s));
	return (result);
}
