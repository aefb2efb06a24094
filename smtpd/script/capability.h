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
 * What a script may require: the extensions that this server has.
 */

#ifndef CAPABILITY_H
#define CAPABILITY_H

#include <stddef.h>
#include <stdint.h>

/* capability, its name */
#define CAPABILITIES(X)							\
	X(CAP_REJECT, "reject")				/* RFC 5429 */	\
	X(CAP_EREJECT, "ereject")					\
	X(CAP_ENVELOPE, "envelope")			/* RFC 5228 */	\
	X(CAP_ENCODED, "encoded-character")				\
	X(CAP_OCTET, "comparator-i;octet")				\
	X(CAP_CASEMAP, "comparator-i;ascii-casemap")			\
	X(CAP_NUMERIC, "comparator-i;ascii-numeric")	/* RFC 4790 */	\
	X(CAP_VARIABLES, "variables")			/* RFC 5229 */	\
	X(CAP_RELATIONAL, "relational")			/* RFC 5231 */	\
	X(CAP_SUBADDRESS, "subaddress")			/* RFC 5233 */	\
	X(CAP_REGEX, "regex")						\
	X(CAP_ENVIRONMENT, "environment")		/* RFC 5183 */	\
	X(CAP_DATE, "date")				/* RFC 5260 */	\
	X(CAP_INCLUDE, "include")			/* RFC 6609 */	\
	X(CAP_IHAVE, "ihave")				/* RFC 5463 */	\
	X(CAP_DUPLICATE, "duplicate")			/* RFC 7352 */	\
	X(CAP_EXTLISTS, "extlists")			/* RFC 6134 */	\
	X(CAP_DOVECOT_ENVIRONMENT, "vnd.dovecot.environment")		\
	X(CAP_EXECUTE, "vnd.stalwart.execute")				\
	X(CAP_PLUGINS, "vnd.stalwart.plugins")				\
	X(CAP_EXPRESSIONS, "vnd.stalwart.expressions")			\
	X(CAP_RCPT, "vnd.smtpd.rcpt")

#define CAPABILITY_ROW(cap, name)	cap,
enum capability {
	CAPABILITIES(CAPABILITY_ROW)
	CAP_COUNT
};
#undef CAPABILITY_ROW

/* Sets of them. */
#define CAP(cap)	(UINT32_C(1) << (cap))
#define CAP_ENV		(CAP(CAP_DOVECOT_ENVIRONMENT) | CAP_ENVELOPE_NAMES)
#define CAP_ENVELOPE_NAMES (CAP(CAP_EXECUTE) | CAP(CAP_PLUGINS) |	\
			    CAP(CAP_EXPRESSIONS) | CAP(CAP_RCPT))
#define CAP_QUERY	(CAP(CAP_EXECUTE) | CAP(CAP_PLUGINS))

/* By name, octet for octet; CAP_COUNT for one that this server lacks. */
enum capability capability_find(const char *name, size_t len);

/* What to expect in place of an unknown extension or command. */
const char *capability_expected(const char *name, size_t len);

/* The first of a set, for messages. */
const char *capability_name(uint32_t set);

#endif
