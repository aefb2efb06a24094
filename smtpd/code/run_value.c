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
 * Strings of scripts, and the values that their tests look at.
 */

#include <string.h>
#include <strings.h>

#include "smtpd/code/run_script.h"
#include "smtpd/sieve/addresspart.h"
#include "smtpd/sieve/datepart.h"
#include "smtpd/sieve/modify.h"
#include "smtpd/smtp/date.h"

uint32_t
script_count(const struct datum *d)
{
	return (d->type == DATUM_ARRAY ? d->len : 1);
}

int
script_element(struct run *r, const struct datum *d, uint32_t n,
    struct datum *out)
{
	return (run_as_text(r, d->type == DATUM_ARRAY ? &d->array[n] : d,
	    out));
}

/* In place: as text; the elements of an array are its lines. */
static int
to_lines(struct run *r, struct datum *d)
{
	struct datum	*parts;
	size_t		 len = 0;
	uint32_t	 i, n = d->len;
	char		*s;

	if (d->type != DATUM_ARRAY)
		return (run_as_text(r, d, d));
	if ((parts = run_array(r, n)) == NULL)
		return (-1);
	for (i = 0; i < n; i++) {
		if (run_as_text(r, &d->array[i], &parts[i]) == -1)
			return (-1);
		len += parts[i].len + (i > 0 ? 2 : 0);
	}
	if ((s = run_string(r, len)) == NULL)
		return (-1);
	*d = datum_string(s, len);
	for (i = 0; i < n; s += parts[i++].len) {
		if (i > 0) {
			memcpy(s, "\r\n", 2);
			s += 2;
		}
		if (parts[i].len > 0)
			memcpy(s, parts[i].string, parts[i].len);
	}
	return (0);
}

enum next
script_join(struct run *r, const struct code_insn *in)
{
	struct datum	*from = r->top - in->n;
	size_t		 len = 0;
	uint32_t	 i;
	char		*s;

	for (i = 0; i < in->n; i++) {
		if (to_lines(r, &from[i]) == -1)
			return (NEXT_FAULT);
		len += from[i].len;
	}
	if ((s = run_string(r, len)) == NULL)
		return (NEXT_FAULT);
	for (i = 0, len = 0; i < in->n; len += from[i++].len)
		if (from[i].len > 0)
			memcpy(s + len, from[i].string, from[i].len);
	r->top = from;
	*r->top++ = datum_string(s, len);
	return (NEXT_GO);
}

static struct datum
array(const struct datum *elements, uint32_t n)
{
	struct datum	 d = { .type = DATUM_ARRAY };

	d.len = n;
	d.array = elements;
	return (d);
}

enum next
script_merge(struct run *r, const struct code_insn *in)
{
	const struct datum	*from = r->top - 2;
	uint32_t		 n = 0, i, k;
	struct datum		*all;

	if ((all = run_array(r, (size_t)script_count(&from[0]) +
	    script_count(&from[1]))) == NULL)
		return (NEXT_FAULT);
	for (k = 0; k < 2; k++)
		for (i = 0; i < script_count(&from[k]); i++)
			if (script_element(r, &from[k], i, &all[n++]) == -1)
				return (NEXT_FAULT);
	r->top--;
	r->top[-1] = array(all, n);
	return (NEXT_GO);
}

static int
is(const struct datum *d, const char *name)
{
	return (d->len == strlen(name) &&
	    strncasecmp(d->string, name, d->len) == 0);
}

/* The null sender is a value, "": RFC 5228 5.4.  Others may be missing. */
enum next
script_envelope(struct run *r, const struct code_insn *in)
{
	const struct datum	*names = &r->top[-1], *value;
	struct datum		*values, name;
	enum code_var		 var;
	uint32_t		 i, n = 0;

	if ((values = run_array(r, script_count(names))) == NULL)
		return (NEXT_FAULT);
	for (i = 0; i < script_count(names); i++) {
		if (script_element(r, names, i, &name) == -1)
			return (NEXT_FAULT);
		if ((var = name_envelope(name.string, name.len)) ==
		    VAR_COUNT)
			continue;
		if ((value = run_variable(r, var)) == NULL)
			return (NEXT_FAULT);
		if (value->len > 0 || var == VAR_ENVELOPE_FROM)
			values[n++] = *value;
	}
	r->top[-1] = array(values, n);
	return (NEXT_GO);
}

/* An address without that part has no value. */
enum next
script_part(struct run *r, const struct code_insn *in)
{
	const struct datum	*all = &r->top[-2];
	struct datum		*parts, d, delims;
	uint32_t		 i, n = 0;
	const char		*part;
	char			*set, *buf;
	size_t			 len;

	if (run_as_text(r, &r->top[-1], &delims) == -1 ||
	    (set = run_string(r, delims.len + 1)) == NULL)
		return (NEXT_FAULT);
	memcpy(set, delims.string, delims.len);
	set[delims.len] = '\0';
	if ((parts = run_array(r, script_count(all))) == NULL)
		return (NEXT_FAULT);
	for (i = 0; i < script_count(all); i++) {
		if (script_element(r, all, i, &d) == -1 ||
		    (buf = run_string(r, ADDRESSPART_SIZE)) == NULL)
			return (NEXT_FAULT);
		if ((part = addresspart_get((enum addresspart)in->arg,
		    d.string, d.len, set, buf, &len)) != NULL)
			parts[n++] = datum_string(part, len);
	}
	r->top--;
	r->top[-1] = array(parts, n);
	return (NEXT_GO);
}

enum next
script_modify(struct run *r, const struct code_insn *in)
{
	struct datum	 d;
	char		*buf;
	size_t		 len;

	if (run_as_text(r, &r->top[-1], &d) == -1 ||
	    (buf = run_string(r, SCRIPT_VALUE_MAX)) == NULL)
		return (NEXT_FAULT);
	len = modify_apply(in->arg, d.string, d.len, buf, SCRIPT_VALUE_MAX);
	r->top[-1] = datum_string(buf, len);
	return (NEXT_GO);
}

/* Behind the first dot of the host's name. */
static struct datum
host_domain(const struct datum *host)
{
	const char	*dot = host->len == 0 ? NULL :
			    memchr(host->string, '.', host->len);

	if (dot == NULL)
		return (*host);
	return (datum_string(dot + 1, host->len -
	    (size_t)(dot + 1 - host->string)));
}

/* RFC 5183 4.1.  remote-ip: an IPv6 address as RFC 5321 4.1.3 writes it. */
static int
environment_ip(struct run *r, const struct datum *ip, struct datum *value)
{
	char	*s;

	*value = *ip;
	if (ip->len == 0 || memchr(ip->string, ':', ip->len) == NULL)
		return (0);
	if ((s = run_string(r, ip->len + 5)) == NULL)
		return (-1);
	memcpy(s, "IPv6:", 5);
	memcpy(s + 5, ip->string, ip->len);
	*value = datum_string(s, ip->len + 5);
	return (0);
}

/* 1 with the value, 0 when there is no such item, -1 with the fault. */
static int
environment_item(struct run *r, const struct datum *name,
    struct datum *value)
{
	const struct datum	*d;
	int			 ip = is(name, "remote-ip");

	if (is(name, "host") || is(name, "domain") || ip) {
		if ((d = run_variable(r, ip ? VAR_REMOTE_IP :
		    VAR_ENV_HOST)) == NULL)
			return (-1);
		if (ip)
			return (environment_ip(r, d, value) == -1 ? -1 : 1);
		*value = is(name, "host") ? *d : host_domain(d);
	} else if (is(name, "name"))
		*value = datum_string("smtpd", 5);
	else if (is(name, "version"))
		*value = datum_string("1", 1);
	else if (is(name, "location"))
		*value = datum_string("MTA", 3);
	else if (is(name, "phase"))
		*value = datum_string("pre", 3);
	else
		return (0);
	return (1);
}

enum next
script_environment(struct run *r, const struct code_insn *in)
{
	struct datum	 name, *value;
	int		 n;

	if (run_as_text(r, &r->top[-1], &name) == -1 ||
	    (value = run_array(r, 1)) == NULL ||
	    (n = environment_item(r, &name, value)) == -1)
		return (NEXT_FAULT);
	r->top[-1] = array(value, (uint32_t)n);
	return (NEXT_GO);
}

/* Seconds east of UTC; without a zone those of this place. */
static int
date_zone(const struct datum *zone, time_t when, long *offset)
{
	if (zone->len > 0)
		return (datepart_zone(zone->string, zone->len, offset));
	*offset = date_offset(when);
	return (0);
}

/* One instant a run: RFC 5260 5.  What is no part or zone has no value. */
enum next
script_date(struct run *r, const struct code_insn *in)
{
	const struct datum	*now;
	struct datum		 zone, part, *value;
	enum datepart		 which;
	char			*buf;
	size_t			 len = 0;
	long			 offset;

	if (run_as_text(r, &r->top[-2], &zone) == -1 ||
	    run_as_text(r, &r->top[-1], &part) == -1 ||
	    (now = run_variable(r, VAR_ENV_NOW)) == NULL ||
	    (value = run_array(r, 1)) == NULL ||
	    (buf = run_string(r, DATEPART_SIZE)) == NULL)
		return (NEXT_FAULT);
	which = datepart_find(part.string, part.len);
	if (which != DATEPART_COUNT && date_zone(&zone, (time_t)now->integer,
	    &offset) == 0)
		len = datepart_format(which, (time_t)now->integer, offset,
		    buf);
	*value = datum_string(buf, len);
	r->top--;
	r->top[-1] = array(value, len > 0);
	return (NEXT_GO);
}
