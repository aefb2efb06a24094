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
 * Answers of DNS to text: c-ares takes them apart.
 */

#include <sys/types.h>
#include <sys/socket.h>

#include <ares.h>
#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/ip.h"
#include "smtpd/relay/records.h"

/* Room for len octets more; NULL when there are enough records. */
static char *
records_add(struct records *r, size_t len)
{
	char	*p = r->octets + r->len;

	if (r->n == DNS_RECORDS_MAX || len > sizeof(r->octets) - r->len)
		return (NULL);
	r->texts[r->n++] = datum_string(p, len);
	r->len += len;
	return (p);
}

/* A name without its dot at the end; that of the root is none. */
static void
add_name(struct records *r, const char *name)
{
	size_t	 i, len = strlen(name);
	char	*p;

	if (len > 0 && name[len - 1] == '.')
		len--;
	if (len == 0 || (p = records_add(r, len)) == NULL)
		return;
	for (i = 0; i < len; i++)
		p[i] = (char)tolower((unsigned char)name[i]);
}

static void
add_ip(struct records *r, int family, const void *octets)
{
	struct ip	 ip;
	char		 buf[IP_STR_SIZE], *p;
	size_t		 len;

	memset(&ip, 0, sizeof(ip));
	ip.family = (uint8_t)family;
	memcpy(ip.octets, octets, family == 4 ? 4 : 16);
	len = strlen(ip_format(&ip, buf, sizeof(buf)));
	if ((p = records_add(r, len)) != NULL)
		memcpy(p, buf, len);
}

static int
read_a(const unsigned char *body, int len, struct records *r)
{
	struct ares_addrttl	 ttl[DNS_RECORDS_MAX];
	int			 i, ret, n = DNS_RECORDS_MAX;

	if ((ret = ares_parse_a_reply(body, len, NULL, ttl, &n)) !=
	    ARES_SUCCESS)
		return (ret);
	for (i = 0; i < n; i++)
		add_ip(r, 4, &ttl[i].ipaddr);
	return (ARES_SUCCESS);
}

static int
read_aaaa(const unsigned char *body, int len, struct records *r)
{
	struct ares_addr6ttl	 ttl[DNS_RECORDS_MAX];
	int			 i, ret, n = DNS_RECORDS_MAX;

	if ((ret = ares_parse_aaaa_reply(body, len, NULL, ttl, &n)) !=
	    ARES_SUCCESS)
		return (ret);
	for (i = 0; i < n; i++)
		add_ip(r, 6, &ttl[i].ip6addr);
	return (ARES_SUCCESS);
}

/* The lowest preference is added and marked, until none is left. */
static int
read_mx(const unsigned char *body, int len, struct records *r)
{
	struct ares_mx_reply	*list = NULL, *p, *best;
	int			 ret;

	if ((ret = ares_parse_mx_reply(body, len, &list)) != ARES_SUCCESS)
		return (ret);
	while (r->n < DNS_RECORDS_MAX) {
		best = NULL;
		for (p = list; p != NULL; p = p->next)
			if (p->host != NULL && (best == NULL ||
			    p->priority < best->priority))
				best = p;
		if (best == NULL)
			break;
		add_name(r, best->host);
		ares_free_string(best->host);
		best->host = NULL;
	}
	ares_free_data(list);
	return (ARES_SUCCESS);
}

static int
read_txt(const unsigned char *body, int len, struct records *r)
{
	struct ares_txt_ext	*list = NULL, *p, *end;
	char			*text;
	size_t			 sum;
	int			 ret;

	if ((ret = ares_parse_txt_reply_ext(body, len, &list)) !=
	    ARES_SUCCESS)
		return (ret);
	for (p = list; p != NULL; p = end) {
		sum = p->length;
		for (end = p->next; end != NULL && !end->record_start;
		    end = end->next)
			sum += end->length;
		text = records_add(r, sum);
		for (; text != NULL && p != end; p = p->next) {
			memcpy(text, p->txt, p->length);
			text += p->length;
		}
	}
	ares_free_data(list);
	return (ARES_SUCCESS);
}

/* PTR and NS come as the other names of a host. */
static int
add_names(struct records *r, int ret, struct hostent *host)
{
	char	**name;

	if (ret != ARES_SUCCESS)
		return (ret);
	for (name = host->h_aliases; name != NULL && *name != NULL; name++)
		add_name(r, *name);
	ares_free_hostent(host);
	return (ARES_SUCCESS);
}

static int
read_ptr(const unsigned char *body, int len, struct records *r)
{
	struct hostent	*host = NULL;
	int		 ret;

	ret = ares_parse_ptr_reply(body, len, NULL, 0, AF_INET, &host);
	return (add_names(r, ret, host));
}

static int
read_ns(const unsigned char *body, int len, struct records *r)
{
	struct hostent	*host = NULL;
	int		 ret;

	ret = ares_parse_ns_reply(body, len, &host);
	return (add_names(r, ret, host));
}

enum resolver_status
records_read(enum dns_type type, const unsigned char *body, int len,
    struct records *r)
{
	static int (*const	 readers[DNS_TYPE_COUNT])(
	    const unsigned char *, int, struct records *) = {
		[DNS_A]		= read_a,
		[DNS_AAAA]	= read_aaaa,
		[DNS_MX]	= read_mx,
		[DNS_TXT]	= read_txt,
		[DNS_PTR]	= read_ptr,
		[DNS_NS]	= read_ns,
	};
	int			 ret;

	r->n = 0;
	r->len = 0;
	ret = readers[type](body, len, r);
	if (ret == ARES_SUCCESS)
		return (r->n == 0 ? RESOLVER_NONE : RESOLVER_OK);
	return (ret == ARES_ENODATA ? RESOLVER_NONE : RESOLVER_TEMPFAIL);
}
