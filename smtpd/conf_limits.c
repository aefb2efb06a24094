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
 * Rates, "20/10m", networks, '192.0.2.0/24', and senders, '@example.org', as
 * values.
 */

#include <bsd/string.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/base/idn.h"
#include "smtpd/conf_parse.h"
#include "smtpd/smtp/address.h"

int
type_rate(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct rate_conf	*rate = type_place(p, w);
	const char		*slash = strchr(v->text, '/');
	char			 count[32];
	int64_t			 n, ms;

	if (!v->quoted && slash != NULL &&
	    (size_t)(slash - v->text) < sizeof(count)) {
		(void)strlcpy(count, v->text, (size_t)(slash - v->text) + 1);
		if (value_number(count, &n) == 0 && n >= w->min &&
		    n <= w->max && value_duration(slash + 1, &ms) == 0 &&
		    ms >= 1000 && ms <= INT64_C(30) * 86400000) {
			rate->count = (uint32_t)n;
			rate->period = (uint32_t)ms;
			return (0);
		}
	}
	conf_error(p, &v->pos, "unexpected '%s', expected a number from %"
	    PRId64 " to %" PRId64 ", a slash and a duration from 1s to 30d, "
	    "as in %s%s", conf_show(p, v->text), w->min, w->max,
	    w->def == NULL ? "100/1m" : w->def,
	    v->quoted ? ", without quotes" : "");
	return (-1);
}

static int
network_add(struct conf_parse *p, const struct conf_value *v,
    struct networks_conf *c)
{
	if (c->n < CONF_NETWORKS_MAX) {
		c->n++;
		return (0);
	}
	conf_error(p, &v->pos, "too many networks, expected at most %d",
	    CONF_NETWORKS_MAX);
	return (-1);
}

int
type_networks(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct networks_conf	*c = type_place(p, w);
	struct ip_net		 net;

	for (c->n = 0; v != NULL; v = v->next) {
		if (ip_net_parse(v->text, strlen(v->text), &net) == -1)
			return (type_error(p, v, "a network or an address, "
			    "as in '192.0.2.0/24' or '2001:db8::1'"));
		if (network_add(p, v, c) == -1)
			return (-1);
		c->nets[c->n - 1] = net;
	}
	return (0);
}

/* "a@b" or "@b", as policy compares senders; -1 when it is neither. */
static int
sender_fold(const char *text, char *buf, size_t size)
{
	struct address	 a, folded;
	int		 domain = text[0] == '@';

	memset(&a, 0, sizeof(a));
	if (domain) {
		if (strlen(text + 1) >= sizeof(a.domain) ||
		    address_check_domain(text + 1, strlen(text + 1),
		    ADDRESS_UTF8_OK) != ADDRESS_OK)
			return (-1);
		(void)strlcpy(a.domain, text + 1, sizeof(a.domain));
	} else if (address_parse(text, strlen(text), ADDRESS_UTF8_OK, &a) !=
	    ADDRESS_OK)
		return (-1);
	folded = a;
	address_fold_local(folded.local);
	if (idn_fold(a.domain, folded.domain, sizeof(folded.domain)) == -1)
		return (-1);
	if (!domain)
		return (address_format(&folded, buf, size) == -1 ? -1 : 0);
	return (snprintf(buf, size, "@%s", folded.domain) < (int)size ? 0 :
	    -1);
}

int
type_exempt(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct exempt_conf	*c = type_place(p, w);
	struct ip_net		 net;
	char			 sender[ADDRESS_STR_SIZE];

	for (c->networks.n = c->nsenders = 0; v != NULL; v = v->next) {
		if (ip_net_parse(v->text, strlen(v->text), &net) == 0) {
			if (network_add(p, v, &c->networks) == -1)
				return (-1);
			c->networks.nets[c->networks.n - 1] = net;
			continue;
		}
		if (sender_fold(v->text, sender, sizeof(sender)) == -1)
			return (type_error(p, v, "a network, an address of a "
			    "sender or a domain, as in '192.0.2.0/24', "
			    "'news@example.org' or '@example.org'"));
		if (c->nsenders == CONF_SENDERS_MAX) {
			conf_error(p, &v->pos, "too many senders, expected "
			    "at most %d", CONF_SENDERS_MAX);
			return (-1);
		}
		(void)strlcpy(c->senders[c->nsenders++], sender,
		    sizeof(c->senders[0]));
	}
	return (0);
}
