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
 * Questions of expressions to the directory.  The resolver answers them as
 * it answers RCPT: nothing else knows what is local.
 */

#include <bsd/string.h>

#include <stddef.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/policy/ask.h"

/* The string into buf; -1 when it is none, or does not fit. */
static int
ask_text(const struct datum *d, char *buf, size_t size)
{
	if (d->type != DATUM_STRING || d->len >= size || (d->len > 0 &&
	    memchr(d->string, '\0', d->len) != NULL))
		return (-1);
	memcpy(buf, d->string, d->len);
	buf[d->len] = '\0';
	return (0);
}

/* Any address of the domain: whether it exists does not matter. */
static int
ask_domain(const struct datum *d, struct address *a)
{
	(void)strlcpy(a->local, "postmaster", sizeof(a->local));
	if (ask_text(d, a->domain, sizeof(a->domain)) == -1)
		return (-1);
	return (address_check_domain(a->domain, strlen(a->domain),
	    ADDRESS_UTF8_OK) == ADDRESS_OK ? 0 : -1);
}

static int
ask_address(const struct datum *d, struct address *a)
{
	return (d->type == DATUM_STRING && address_parse(d->string, d->len,
	    ADDRESS_UTF8_OK, a) == ADDRESS_OK ? 0 : -1);
}

static enum ask
put_local(enum code_func func, const struct datum *args, struct wbuf *w,
    struct datum *d)
{
	struct resolve_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	/* no directory has such a name */
	if (ask_text(&args[0], ask.directory, sizeof(ask.directory)) == -1)
		return (ASK_NOT);
	/* what is no domain or address is not local either */
	if ((func == FUNC_IS_LOCAL_DOMAIN ? ask_domain(&args[1], &ask.rcpt) :
	    ask_address(&args[1], &ask.rcpt)) == -1) {
		*d = datum_integer(0);
		return (ASK_KNOWN);
	}
	msg_put_resolve_ask(w, &ask);
	return (ASK_PUT);
}

enum ask
ask_put(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, uint32_t *type, struct datum *d)
{
	switch (func) {
	case FUNC_IS_LOCAL_DOMAIN:
	case FUNC_IS_LOCAL_ADDRESS:
		*type = MSG_POLICY_RESOLVE_ASK;
		return (put_local(func, args, w, d));
	default:
		return (ASK_NOT);
	}
}

/* Is the domain local: one that only another server knows all of is. */
static int
is_local_domain(enum resolve_status status)
{
	return (status != RESOLVE_NOT_LOCAL);
}

/* Is there an entry, whatever its state? */
static int
is_local_address(enum resolve_status status)
{
	return (status != RESOLVE_NOT_LOCAL && status != RESOLVE_NONE &&
	    status != RESOLVE_RELAY);
}

enum ask
ask_get(enum code_func func, struct rbuf *r, struct datum *d)
{
	struct resolve_answer	 ans;

	if (msg_get_resolve_answer(r, &ans) == -1)
		return (ASK_BAD);
	if (ans.status == RESOLVE_TEMPFAIL)
		return (ASK_NOT);
	*d = datum_integer(func == FUNC_IS_LOCAL_DOMAIN ?
	    is_local_domain(ans.status) : is_local_address(ans.status));
	return (ASK_KNOWN);
}
