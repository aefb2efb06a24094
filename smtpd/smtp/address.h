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
 * Mail addresses as SMTP carries them: one parser, one printer.
 * RFC 5321 4.1.2 and 4.1.3, RFC 6531 3.3 where ADDRESS_UTF8_OK is given.
 */

#ifndef ADDRESS_H
#define ADDRESS_H

#include <stddef.h>

/* Octets without terminator: RFC 5321 4.5.3.1. */
#define ADDRESS_LOCAL_MAX	64	/* unquoted */
#define ADDRESS_DOMAIN_MAX	255
#define ADDRESS_PATH_MAX	256	/* with brackets, without a route */

/* A printed address: each octet of the local part quoted, quotes, @, NUL. */
#define ADDRESS_STR_SIZE \
	(2 * ADDRESS_LOCAL_MAX + 2 + 1 + ADDRESS_DOMAIN_MAX + 1)

/* What an address may be besides local@domain. */
#define ADDRESS_ALLOW_NULL		0x01	/* <> */
#define ADDRESS_ALLOW_POSTMASTER	0x02	/* <postmaster>, any case */
#define ADDRESS_UTF8_OK			0x04	/* RFC 6531 */

/*
 * local	as received, unquoted, case kept; may hold UTF-8
 * domain	as received, case kept; address literals keep their [ ]
 *
 * The null reverse-path has both empty.  A bare postmaster has an empty
 * domain.  Neither part of any other address is ever empty: the quoted
 * empty local part "" of RFC 5321 is refused, since it would fold into the
 * key of a catch-all.
 */
struct address {
	char	 local[ADDRESS_LOCAL_MAX + 1];
	char	 domain[ADDRESS_DOMAIN_MAX + 1];
};

enum address_error {
	ADDRESS_OK,
	ADDRESS_SYNTAX,
	ADDRESS_TOO_LONG,	/* over a limit above */
	ADDRESS_UTF8		/* not allowed here, or not UTF-8 */
};

/*
 * Read "<path>" at the start of text; a source route is read and dropped.
 * On ADDRESS_OK fills *out, and *used is the number of octets up to and
 * with the '>'; what stands behind it is the caller's.  On an error *out
 * and *used are untouched.
 */
enum address_error
	 address_parse_path(const char *text, size_t len, unsigned int flags,
	    struct address *out, size_t *used);

/*
 * Read a mailbox without brackets and without a route; all of text must be
 * it.  With ADDRESS_ALLOW_NULL the empty text is the null address.
 */
enum address_error
	 address_parse(const char *text, size_t len, unsigned int flags,
	    struct address *out);

/*
 * Is all of text a domain name (letters, digits, hyphens, with
 * ADDRESS_UTF8_OK also U-labels) or a valid address literal?
 */
enum address_error
	 address_check_domain(const char *text, size_t len,
	    unsigned int flags);

/*
 * Print local@domain, the local part quoted only where it must be; the
 * null address prints as "".  Returns the length, or -1 when it does not
 * fit or when a part holds what no parse leaves there (control octets).
 * For every parsed x, parsing the printed x gives x.
 */
int	 address_format(const struct address *, char *buf, size_t size);

/* ASCII letters to lower case.  (Domains are folded by base/idn.h.) */
void	 address_fold_local(char *local);

int	 address_is_null(const struct address *);

/* Octet for octet; two spellings of one mailbox may differ. */
int	 address_equal_exact(const struct address *, const struct address *);

/*
 * RFC 5233: the length of the base of local, which ends before the first
 * of the characters in delims.  *taglen is what follows the delimiter.
 * Without delimiter, or when the base would be empty, the base is all of
 * local and *taglen is 0.
 */
size_t	 address_split_tag(const char *local, const char *delims,
	    size_t *taglen);

/*
 * Decode "[192.0.2.1]" or "[IPv6:2001:db8::1]" into addr, 4 or 16 octets
 * in network order; *family is AF_INET or AF_INET6.  0, or -1 when domain
 * is no such literal.
 */
int	 address_literal(const char *domain, int *family,
	    unsigned char addr[16]);

#endif
