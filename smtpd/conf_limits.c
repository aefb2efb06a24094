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
 * Rates, "20/10m", and networks, '192.0.2.0/24', as values.
 */

#include <bsd/string.h>

#include <inttypes.h>
#include <string.h>

#include "smtpd/conf_parse.h"

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

int
type_networks(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct networks_conf	*c = type_place(p, w);

	for (c->n = 0; v != NULL; v = v->next, c->n++) {
		if (c->n == CONF_NETWORKS_MAX) {
			conf_error(p, &v->pos, "too many networks, expected "
			    "at most %d", CONF_NETWORKS_MAX);
			return (-1);
		}
		if (ip_net_parse(v->text, strlen(v->text), &c->nets[c->n]) ==
		    -1)
			return (type_error(p, v, "a network or an address, "
			    "as in '192.0.2.0/24' or '2001:db8::1'"));
	}
	return (0);
}
