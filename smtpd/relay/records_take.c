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
 * Questions of policy, and the way of their answers back.
 */

#include <arpa/nameser.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_value.h"
#include "smtpd/relay/host.h"
#include "smtpd/relay/records.h"

#define RECORDS_ASKED_MAX	1024	/* questions in flight */

/* Who waits for it. */
struct request {
	unsigned int	 inst;		/* of policy */
	uint64_t	 id;
	enum dns_type	 type;
};

static unsigned int	 nrequests;

static void
request_answer(const struct request *q, enum resolver_status status,
    const struct records *r)
{
	struct datum	 d = { .type = DATUM_ARRAY };
	struct wbuf	 w;

	wbuf_init(&w);
	if (status == RESOLVER_OK) {
		d.len = r->n;
		d.array = r->texts;
		msg_put_value(&w, VALUE_FOUND, &d);
	} else
		msg_put_value(&w, status == RESOLVER_TEMPFAIL ?
		    VALUE_BROKEN : VALUE_NONE, NULL);
	/* a policy that is gone meanwhile hears nothing */
	(void)proc_send(PROC_POLICY, q->inst, MSG_RELAY_DNS_ANSWER, q->id, -1,
	    &w);
}

static void
request_done(void *arg, enum resolver_status status,
    const unsigned char *body, int len)
{
	static struct records	 r;
	struct request		*q = arg;

	if (status == RESOLVER_OK)
		status = records_read(q->type, body, len, &r);
	request_answer(q, status, &r);
	nrequests--;
	free(q);
}

static void
request_named(void *arg, enum resolver_status status, const char *name)
{
	static struct records	 r;
	struct request		*q = arg;

	r.n = 1;
	r.texts[0] = datum_string(name, strlen(name));
	request_answer(q, status, &r);
	nrequests--;
	free(q);
}

int
records_take(struct proc_msg *m)
{
	static const int	 types[DNS_TYPE_COUNT] = {
		[DNS_A]		= ns_t_a,
		[DNS_AAAA]	= ns_t_aaaa,
		[DNS_MX]	= ns_t_mx,
		[DNS_TXT]	= ns_t_txt,
		[DNS_PTR]	= ns_t_ptr,
		[DNS_NS]	= ns_t_ns,
	};
	struct dns_ask		 ask;
	struct request		 about, *q;
	struct ip		 ip;

	if (msg_get_dns_ask(&m->body, &ask) == -1 ||
	    (ask.host && ip_parse(ask.name, &ip) == -1))
		return (-1);
	about.inst = m->inst;
	about.id = m->id;
	about.type = ask.type;
	if (nrequests >= RECORDS_ASKED_MAX) {
		request_answer(&about, RESOLVER_TEMPFAIL, NULL);
		return (0);
	}
	q = xcalloc(1, sizeof(*q));
	*q = about;
	nrequests++;
	if (ask.host)
		host_find(&ip, request_named, q);
	else
		resolver_raw(ask.name, types[ask.type], request_done, q);
	return (0);
}
