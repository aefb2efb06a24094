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
 * Questions of expressions: to the directory, whose resolver answers them
 * as it answers RCPT, to stores, the greylist, and to DNS; and those that
 * lists answer.
 */

#include <bsd/string.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_dns.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_value.h"
#include "smtpd/policy/ask.h"
#include "smtpd/policy/ask_sql.h"
#include "smtpd/policy/setting.h"
#include "smtpd/sieve/list.h"

/* Any address of the domain: whether it exists does not matter. */
static int
ask_domain(const struct datum *d, struct address *a)
{
	(void)strlcpy(a->local, "postmaster", sizeof(a->local));
	if (datum_text(d, a->domain, sizeof(a->domain)) == -1)
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
put_local(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	struct resolve_ask	 ask;

	memset(&ask, 0, sizeof(ask));
	/* no directory has such a name */
	if (datum_text(&args[0], ask.directory, sizeof(ask.directory)) == -1)
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

static enum ask
get_local(enum code_func func, struct rbuf *r, struct datum *d)
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

/* A scalar as octets: buf is for numbers; NULL for an array. */
static const void *
ask_octets(const struct datum *d, char buf[DATUM_TEXT_SIZE], size_t *len)
{
	if (d->type == DATUM_ARRAY)
		return (NULL);
	if (d->type != DATUM_STRING) {
		(void)datum_format(d, buf);
		*len = strlen(buf);
		return (buf);
	}
	*len = d->len;
	return (d->len == 0 ? "" : d->string);
}

/* (store, key), (store, key, value, expiry), (store, key, by, expiry) */
static enum ask
put_store(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	static const enum store_op	 ops[FUNC_COUNT] = {
		[FUNC_KEY_GET]		= STORE_KEY_GET,
		[FUNC_KEY_EXISTS]	= STORE_KEY_EXISTS,
		[FUNC_KEY_SET]		= STORE_KEY_SET,
		[FUNC_COUNTER_GET]	= STORE_COUNTER_GET,
		[FUNC_COUNTER_INCR]	= STORE_COUNTER_INCR,
	};
	struct store_ask		 ask;
	char				 key[DATUM_TEXT_SIZE];
	char				 value[DATUM_TEXT_SIZE];
	int64_t				 expiry = 0;

	memset(&ask, 0, sizeof(ask));
	ask.op = ops[func];
	ask.value = "";
	if (nargs > 3)
		expiry = datum_count(&args[3]);
	if (datum_text(&args[0], ask.store, sizeof(ask.store)) == -1 ||
	    (ask.key = ask_octets(&args[1], key, &ask.keylen)) == NULL ||
	    ask.keylen > STORE_KEY_MAX || expiry < 0)
		return (ASK_NOT);
	ask.expiry = (uint64_t)expiry;
	if (func == FUNC_COUNTER_INCR)
		ask.by = datum_count(&args[2]);
	if (func == FUNC_KEY_SET && ((ask.value = ask_octets(&args[2], value,
	    &ask.len)) == NULL || ask.len > STORE_VALUE_MAX))
		return (ASK_NOT);
	msg_put_store_ask(w, &ask);
	return (ASK_PUT);
}

/* Nobody needs to be asked.  Is it, or an element of it, in the list? */
static enum ask
put_list(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	const struct list	*l = NULL;
	const struct datum	*value = &args[1];
	const char		*octets;
	char			 number[DATUM_TEXT_SIZE];
	size_t			 len;
	uint32_t		 i, n = 1;

	if (args[0].type == DATUM_STRING)
		l = policy_settings_find_list(args[0].string, args[0].len);
	if (l == NULL)
		return (ASK_NOT);
	if (args[1].type == DATUM_ARRAY) {
		value = args[1].array;
		n = args[1].len;
	}
	*d = datum_integer(0);
	for (i = 0; i < n && !d->integer; i++)
		if ((octets = ask_octets(&value[i], number, &len)) != NULL)
			d->integer = list_has(l, octets, len);
	return (ASK_KNOWN);
}

/* What is not there is absent, in the type that the function gives. */
static struct datum
nothing(enum code_func func)
{
	struct datum	 d = datum_string("", 0);

	if (name_func(func)->gives == KIND_INTEGER)
		d = datum_integer(0);
	else if (name_func(func)->gives == KIND_ARRAY)
		d.type = DATUM_ARRAY;
	return (d);
}

struct datum
ask_host(const char *name)
{
	static struct datum	 element;
	struct datum		 d = { .type = DATUM_ARRAY };

	element = datum_string(name, strlen(name));
	d.array = &element;
	d.len = 1;
	return (d);
}

/* (name, type) */
static enum ask
put_dns(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	struct dns_ask	 ask;
	struct ip	 ip;

	ask.host = 0;
	ask.type = args[1].type != DATUM_STRING ? DNS_TYPE_COUNT :
	    dns_type_find(args[1].string, args[1].len);
	if (ask.type == DNS_TYPE_COUNT)
		return (ASK_NOT);
	/* what is no name has no records */
	if (datum_text(&args[0], ask.name, sizeof(ask.name)) == -1 ||
	    ask.name[0] == '\0') {
		*d = nothing(func);
		return (ASK_KNOWN);
	}
	if (ask.type == DNS_PTR && ip_parse(ask.name, &ip) == 0)
		(void)ip_reverse(&ip, ask.name, sizeof(ask.name));
	msg_put_dns_ask(w, &ask);
	return (ASK_PUT);
}

/* (remote_ip): an array of one name; the empty one where there is none. */
static enum ask
put_host(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	struct dns_ask	 ask;
	struct ip	 ip;

	memset(&ask, 0, sizeof(ask));
	ask.host = 1;
	if (datum_text(&args[0], ask.name, sizeof(ask.name)) == -1 ||
	    ip_parse(ask.name, &ip) == -1) {
		*d = ask_host("");
		return (ASK_KNOWN);
	}
	msg_put_dns_ask(w, &ask);
	return (ASK_PUT);
}

/* (remote_ip, sender, rcpt): the ms to wait; 0 where there is no client. */
static enum ask
put_greylist(enum code_func func, const struct datum *args,
    unsigned int nargs, struct wbuf *w, struct datum *d)
{
	struct greylist_ask	 ask;
	struct ip		 ip;
	char			 text[IP_STR_SIZE];

	memset(&ask, 0, sizeof(ask));
	if (datum_text(&args[0], text, sizeof(text)) == -1 ||
	    ip_parse(text, &ip) == -1) {
		*d = datum_integer(0);
		return (ASK_KNOWN);
	}
	if (datum_text(&args[1], ask.sender, sizeof(ask.sender)) == -1 ||
	    datum_text(&args[2], ask.rcpt, sizeof(ask.rcpt)) == -1 ||
	    ask.rcpt[0] == '\0')
		return (ASK_NOT);
	ip_unmap(&ip);
	network_of(&ask.network, &ip);
	ask.dry = func == FUNC_GREYLIST_SEE;
	msg_put_greylist_ask(w, &ask);
	return (ASK_PUT);
}

static enum ask
get_value(enum code_func func, struct rbuf *r, struct datum *d)
{
	static struct value_answer	 ans;

	if (msg_get_value(r, &ans) == -1 || (ans.status == VALUE_FOUND &&
	    (name_func(func)->gives & 1u << ans.value.type) == 0))
		return (ASK_BAD);
	*d = ans.status == VALUE_FOUND ? ans.value : nothing(func);
	return (ans.status == VALUE_BROKEN ? ASK_NOT : ASK_KNOWN);
}

/* It has a name, if only the empty one. */
static enum ask
get_host(enum code_func func, struct rbuf *r, struct datum *d)
{
	enum ask	 ask = get_value(func, r, d);

	return (ask == ASK_KNOWN && (d->len != 1 || d->array[0].type !=
	    DATUM_STRING) ? ASK_BAD : ask);
}

static enum ask
put_sql(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct datum *d)
{
	return (ask_sql_put(func, args, w));
}

#define ASK_LOCAL	{ put_local, get_local,				\
	    { PROC_LOOKUP, MSG_POLICY_RESOLVE_ASK } }
#define ASK_DNS		{ put_dns, get_value,				\
	    { PROC_RELAY, MSG_POLICY_DNS_ASK } }
#define ASK_HOST	{ put_host, get_host,				\
	    { PROC_RELAY, MSG_POLICY_DNS_ASK } }
#define ASK_GREYLIST	{ put_greylist, get_value,			\
	    { PROC_LOOKUP, MSG_POLICY_GREYLIST_ASK } }
#define ASK_STORE	{ put_store, get_value,				\
	    { PROC_LOOKUP, MSG_POLICY_STORE_ASK } }
#define ASK_SQL		{ put_sql, ask_sql_get,				\
	    { PROC_LOOKUP, MSG_POLICY_QUERY_ASK } }

static const struct {
	enum ask	(*put)(enum code_func, const struct datum *,
			    unsigned int, struct wbuf *, struct datum *);
	enum ask	(*get)(enum code_func, struct rbuf *, struct datum *);
	struct ask_way	 way;
} asks[FUNC_COUNT] = {
	[FUNC_IS_LOCAL_DOMAIN]	= ASK_LOCAL,
	[FUNC_IS_LOCAL_ADDRESS]	= ASK_LOCAL,
	[FUNC_IN_LIST]		= { .put = put_list },
	[FUNC_KEY_GET]		= ASK_STORE,
	[FUNC_KEY_EXISTS]	= ASK_STORE,
	[FUNC_KEY_SET]		= ASK_STORE,
	[FUNC_COUNTER_GET]	= ASK_STORE,
	[FUNC_COUNTER_INCR]	= ASK_STORE,
	[FUNC_DNS_QUERY]	= ASK_DNS,
	[FUNC_REMOTE_HOST]	= ASK_HOST,
	[FUNC_SQL_QUERY]	= ASK_SQL,
	[FUNC_SQL_ROW]		= ASK_SQL,
	[FUNC_GREYLIST]		= ASK_GREYLIST,
	[FUNC_GREYLIST_SEE]	= ASK_GREYLIST,
};

enum ask
ask_put(enum code_func func, const struct datum *args, unsigned int nargs,
    struct wbuf *w, struct ask_way *way, struct datum *d)
{
	if (asks[func].put == NULL)
		return (ASK_NOT);
	*way = asks[func].way;
	return (asks[func].put(func, args, nargs, w, d));
}

enum code_func
ask_dry(enum code_func func)
{
	switch (func) {
	case FUNC_KEY_SET:
		return (FUNC_KEY_EXISTS);
	case FUNC_COUNTER_INCR:
		return (FUNC_COUNTER_GET);
	case FUNC_GREYLIST:
		return (FUNC_GREYLIST_SEE);
	default:
		return (func);
	}
}

int
ask_dry_writes(enum code_func func, const struct datum *args,
    struct datum *d)
{
	const char	*p = args[1].string;
	size_t		 len = args[1].len;

	if (func != FUNC_SQL_QUERY && func != FUNC_SQL_ROW)
		return (0);
	for (; len > 0 && strchr(" \t\r\n", *p) != NULL; len--)
		p++;
	if (args[1].type == DATUM_STRING && len > 6 &&
	    strncasecmp(p, "select", 6) == 0 &&
	    strchr(" \t\r\n", p[6]) != NULL)
		return (0);
	*d = nothing(func);
	return (1);
}

int
ask_fresh(enum code_func func, const struct datum *args, struct datum *d)
{
	if (asks[func].put != put_store)
		return (0);
	*d = nothing(func);
	ask_dry_value(func, args, d);
	return (1);
}

void
ask_dry_value(enum code_func func, const struct datum *args, struct datum *d)
{
	int64_t	 by;

	if (func == FUNC_KEY_SET)
		*d = datum_integer(1);
	else if (func == FUNC_COUNTER_INCR) {
		by = datum_count(&args[2]);
		if (by > 0 && d->integer > INT64_MAX - by)
			by = INT64_MAX - d->integer;
		else if (by < 0 && d->integer < INT64_MIN - by)
			by = INT64_MIN - d->integer;
		*d = datum_integer(d->integer + by);
	}
}

enum ask
ask_get(enum code_func func, struct rbuf *r, struct datum *d)
{
	return (asks[func].get(func, r, d));
}
