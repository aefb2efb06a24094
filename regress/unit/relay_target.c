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
 * Unit test of what becomes of the addresses that a name server gives; the
 * resolver is played.
 */

#include <sys/types.h>

#include <event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/relay/target.h"

static const char	*six, *four;	/* what a name has */
static struct relay_conf conf;

void
resolver_mx(const char *domain, resolver_mx_cb cb, void *arg)
{
	cb(arg, RESOLVER_NONE, NULL, 0);
}

void
resolver_ip(const char *host, int family, resolver_ip_cb cb, void *arg)
{
	const char	*text = family == 6 ? six : four;
	struct ip	 ip;

	memset(&ip, 0, sizeof(ip));
	if (text != NULL && ip_parse(text, &ip) == -1)
		abort();
	cb(arg, text == NULL ? RESOLVER_NONE : RESOLVER_OK, &ip,
	    text != NULL);
}

static void
nobody(struct errand *e)
{
	abort();
}

/* The places of that next hop as text, or the status why there are none. */
static const char *
places(const char *nexthop)
{
	static char	 out[512];
	char		 text[IP_STR_SIZE];
	const char	*why;
	struct target	*t;
	size_t		 i;

	if ((t = target_use(nexthop, &why)) == NULL)
		return ("no next hop");
	if (target_ask(t, nobody) != 0)
		abort();
	out[0] = '\0';
	if (t->state != TARGET_FOUND)
		(void)snprintf(out, sizeof(out), "%s", t->enhanced);
	else
		for (i = 0; i < t->places->n; i++) {
			(void)ip_format(&t->places->list[i].ip, text,
			    sizeof(text));
			(void)snprintf(out + strlen(out), sizeof(out) -
			    strlen(out), "%s%s", i ? " " : "", text);
		}
	target_drop(t);
	return (out);
}

static void
own(const char *text)
{
	conf.nown = 1;
	conf.own[0].port = 25;
	if (ip_parse(text, &conf.own[0].ip) == -1)
		abort();
}

int
main(void)
{
	const struct {
		const char	*six, *four, *want;
	} cases[] = {
		{ "2001:db8::1", "192.0.2.1", "2001:db8::1 192.0.2.1" },
		{ NULL, NULL, "5.4.4" },
		/* no host has these */
		{ "::", "0.0.0.0", "5.4.4" },
		{ "ff02::1", "224.0.0.1", "5.4.4" },
		{ NULL, "255.255.255.255", "5.4.4" },
		{ "::ffff:0.0.0.0", NULL, "5.4.4" },
		{ "::ffff:224.0.0.1", NULL, "5.4.4" },
		/* this server */
		{ NULL, "192.0.2.25", "5.4.6" },
		{ "::ffff:192.0.2.25", NULL, "5.4.6" },
		{ "2001:db8::2", "192.0.2.25", "2001:db8::2" },
		{ "::ffff:192.0.2.7", NULL, "192.0.2.7" },
	};
	char	 what[64];
	size_t	 i;

	own("192.0.2.25");
	target_init(&conf);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		six = cases[i].six;
		four = cases[i].four;
		(void)snprintf(what, sizeof(what), "mx://x%zu.test", i);
		CHECK(strcmp(places(what), cases[i].want) == 0,
		    "%s and %s: %s, not %s", six ? six : "none",
		    four ? four : "none", places(what), cases[i].want);
	}
	CHECK(strcmp(places("smtp://192.0.2.3"), "192.0.2.3") == 0, "v4");
	CHECK(strcmp(places("smtp://[2001:db8::3]"), "2001:db8::3") == 0,
	    "v6");
	CHECK(strcmp(places("smtp://[::ffff:192.0.2.25]"), "5.4.6") == 0,
	    "this server, mapped: %s", places("smtp://[::ffff:192.0.2.25]"));
	/* a listener of everything: connected to where we connect from */
	own("0.0.0.0");
	six = NULL;
	four = "192.0.2.1";
	CHECK(strcmp(places("mx://any.test"), "192.0.2.1") == 0, "any");
	CHECK(target_count() == 0, "%u left", target_count());
	return (check_done("relay_target"));
}
