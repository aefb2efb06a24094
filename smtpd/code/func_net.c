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
 * Functions of mail and network addresses.
 */

#include <stdio.h>
#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/code/func.h"
#include "smtpd/smtp/address.h"

/* With a full domain name, or an address literal. */
int
func_is_email(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct address	 a;
	struct datum	 s;

	if (run_as_text(r, args, &s) == -1 || run_charge(r, s.len) == -1)
		return (-1);
	*out = datum_integer(address_parse(s.string, s.len, ADDRESS_UTF8_OK,
	    &a) == ADDRESS_OK && (a.domain[0] == '[' ||
	    strchr(a.domain, '.') != NULL));
	return (0);
}

int
func_email_part(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	struct datum	 s, part;
	const char	*at;
	size_t		 local;

	if (run_as_text(r, &args[0], &s) == -1 ||
	    run_as_text(r, &args[1], &part) == -1 || run_charge(r, s.len) == -1)
		return (-1);
	*out = datum_string("", 0);
	if (s.len == 0 || (at = memrchr(s.string, '@', s.len)) == NULL)
		return (0);
	local = (size_t)(at - s.string);
	if (part.len == 5 && memcmp(part.string, "local", 5) == 0)
		*out = datum_string(s.string, local);
	else if (part.len == 6 && memcmp(part.string, "domain", 6) == 0)
		*out = datum_string(at + 1, s.len - local - 1);
	return (0);
}

static int
datum_ip(const struct datum *s, struct ip *ip)
{
	char	 buf[IP_STR_SIZE];

	if (s->len >= sizeof(buf))
		return (-1);
	memcpy(buf, s->string, s->len);
	buf[s->len] = '\0';
	return (strlen(buf) == s->len ? ip_parse(buf, ip) : -1);
}

/* Is it an address of that family, or with 0 of any? */
static int
is_ip(struct run *r, const struct datum *arg, int family, struct datum *out)
{
	struct datum	 s;
	struct ip	 ip;

	if (run_as_text(r, arg, &s) == -1)
		return (-1);
	*out = datum_integer(datum_ip(&s, &ip) == 0 && (family == 0 ||
	    ip.family == family));
	return (0);
}

int
func_is_ip_addr(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (is_ip(r, args, 0, out));
}

int
func_is_ipv4_addr(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (is_ip(r, args, 4, out));
}

int
func_is_ipv6_addr(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	return (is_ip(r, args, 6, out));
}

/* As DNS wants it: octets from the last to the first, RFC 3596 nibbles. */
int
func_ip_reverse_name(struct run *r, const struct datum *args,
    unsigned int n, struct datum *out)
{
	struct datum	 s;
	struct ip	 ip;
	char		 buf[64], *copy;
	int		 i, len = 0;

	*out = datum_string("", 0);
	if (run_as_text(r, args, &s) == -1)
		return (-1);
	if (datum_ip(&s, &ip) == -1)
		return (0);
	if (ip.family == 4)
		len = snprintf(buf, sizeof(buf), "%u.%u.%u.%u", ip.octets[3],
		    ip.octets[2], ip.octets[1], ip.octets[0]);
	else
		for (i = 15; i >= 0; i--, len += 4)
			(void)snprintf(buf + len, sizeof(buf) - (size_t)len,
			    "%x.%x.", ip.octets[i] & 15, ip.octets[i] >> 4);
	if (ip.family == 6)
		len--;		/* the dot at the end */
	if ((copy = run_string(r, (size_t)len)) == NULL)
		return (-1);
	memcpy(copy, buf, (size_t)len);
	*out = datum_string(copy, (size_t)len);
	return (0);
}

int
func_is_network(const struct datum *d)
{
	struct ip_net	 net;

	return (d->type == DATUM_STRING &&
	    ip_net_parse(d->string, d->len, &net) == 0);
}

static int
network_has(const struct datum *network, const struct ip *ip)
{
	struct ip_net	 net;

	return (network->type == DATUM_STRING &&
	    ip_net_parse(network->string, network->len, &net) == 0 &&
	    ip_net_has(&net, ip));
}

int
func_in_network(struct run *r, const struct datum *args, unsigned int n,
    struct datum *out)
{
	const struct datum	*nets = &args[1];
	struct datum		 s;
	struct ip		 ip;
	uint32_t		 count = 1;

	*out = datum_integer(0);
	if (run_as_text(r, &args[0], &s) == -1)
		return (-1);
	if (datum_ip(&s, &ip) == -1)
		return (0);
	if (nets->type == DATUM_ARRAY) {
		count = nets->len;
		nets = nets->array;
	}
	for (; count > 0 && out->integer == 0; count--, nets++) {
		if (run_charge(r, sizeof(*nets)) == -1)
			return (-1);
		out->integer = network_has(nets, &ip);
	}
	return (0);
}
