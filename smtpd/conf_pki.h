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
 * What the configuration parser asks of OpenSSL.  Apart from conf_parse.h,
 * some of whose names it has as well.
 */

#ifndef CONF_PKI_H
#define CONF_PKI_H

#include <stddef.h>

struct pki_conf;

/* Which of the two files is bad. */
enum pki_part {
	PKI_OK,
	PKI_CERT,
	PKI_KEY
};

/*
 * Read the two files that are named, and see that they belong together.
 * why says what is wrong, for a message.
 */
enum pki_part conf_pki_load(struct pki_conf *, char *why, size_t size);

/* Does the list name any cipher of TLS 1.2? */
int	 conf_ciphers_valid(const char *list);

#endif
