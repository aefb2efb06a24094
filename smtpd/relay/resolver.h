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
 * DNS for outgoing mail and for rules, by c-ares, in the event loop.
 *
 * It is here and not in the lookup process because lookup has no sockets in
 * its sandbox and answers the RCPT stage: a slow name server must not be
 * able to stand in that queue.  Answers are not validated (no DNSSEC), so
 * there is no DANE: target.c is where TLSA records would be asked for.
 */

#ifndef RESOLVER_H
#define RESOLVER_H

#include <stddef.h>

#include "smtpd/base/ip.h"
#include "smtpd/relay/mx.h"

#define RESOLVER_MX_MAX	64	/* looked at in one answer */
#define RESOLVER_IP_MAX	16	/* of one host and family */

enum resolver_status {
	RESOLVER_OK,
	RESOLVER_NONE,		/* the name is there, such a record is not */
	RESOLVER_NO_NAME,	/* NXDOMAIN */
	RESOLVER_TEMPFAIL	/* could not find out */
};

/* Each is called once, never before the question's call has returned. */
typedef void (*resolver_mx_cb)(void *arg, enum resolver_status,
	    struct mx *, size_t n);
typedef void (*resolver_ip_cb)(void *arg, enum resolver_status,
	    const struct ip *, size_t n);
typedef void (*resolver_raw_cb)(void *arg, enum resolver_status,
	    const unsigned char *body, int len);

/*
 * Before the sandbox closes: reads resolv.conf(5) unless servers says
 * "address:port,..." instead.
 */
void	 resolver_init(const char *servers);

void	 resolver_mx(const char *domain, resolver_mx_cb, void *arg);
void	 resolver_ip(const char *host, int family, resolver_ip_cb,
	    void *arg);	/* family 4 or 6 */

/* Any type, by its number; the answer as it came, when OK. */
void	 resolver_raw(const char *name, int type, resolver_raw_cb, void *arg);

/* Questions that have no answer yet. */
unsigned int resolver_asked(void);

#endif
