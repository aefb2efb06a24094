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
 * The configuration as text, for smtpd -n -v: a line for each setting.
 */

#include <inttypes.h>
#include <stdio.h>

#include "smtpd/conf_parse.h"
#include "smtpd/conf_sqlurl.h"
#include "smtpd/sieve/list.h"

/* As "..." of the grammar, so that it reads back as what it was. */
static void
dump_string(const char *s, FILE *out)
{
	(void)fputc('"', out);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\' || *s == '\n')
			(void)fputc('\\', out);
		(void)fputc(*s == '\n' ? 'n' : *s, out);
	}
	(void)fputc('"', out);
}

static void
dump_setting(const struct setting *s, const char *number, FILE *out)
{
	switch (s->kind) {
	case SETTING_AUTHENTICATED:
		fprintf(out, "authenticated");
		break;
	case SETTING_STRING:
		dump_string(s->string, out);
		break;
	case SETTING_PROGRAM:
		fprintf(out, "%s", s->source);
		break;
	default:
		fprintf(out, "%s", number);
		break;
	}
}

static void
dump_retries(const struct queue_conf *q, FILE *out)
{
	char		 buf[24];
	uint32_t	 i;

	for (i = 0; i < q->nretries; i++)
		fprintf(out, "%s%s", i == 0 ? "[" : ", ",
		    value_format_duration(q->retries[i] * INT64_C(1000), buf,
		    sizeof(buf)));
	fprintf(out, "]");
}

/* Networks, and senders behind them if there are some. */
static void
dump_exempt(const struct networks_conf *nets, const struct exempt_conf *c,
    FILE *out)
{
	const char	*sep = "";
	char		 buf[IP_NET_STR_SIZE];
	size_t		 i;

	fprintf(out, "[");
	for (i = 0; i < nets->n; i++, sep = ", ")
		fprintf(out, "%s'%s'", sep, ip_net_format(&nets->nets[i], buf,
		    sizeof(buf)));
	for (i = 0; c != NULL && i < c->nsenders; i++, sep = ", ") {
		fprintf(out, "%s", sep);
		dump_string(c->senders[i], out);
	}
	fprintf(out, "]");
}

/* A list that cannot be written so is left out. */
static int
dump_is_empty(const struct conf *c, const struct conf_word *w)
{
	const void			*at = (const char *)c + w->offset;
	const struct networks_conf	*nets = at;
	const struct exempt_conf	*exempt = at;

	return ((w->type == TYPE_NETWORKS && nets->n == 0) ||
	    (w->type == TYPE_EXEMPT && exempt->networks.n == 0 &&
	    exempt->nsenders == 0));
}

static void
dump_rate(const struct rate_conf *rate, FILE *out)
{
	char	 buf[24];

	fprintf(out, "%" PRIu32 "/%s", rate->count,
	    value_format_duration(rate->period, buf, sizeof(buf)));
}

static void
dump_value(const struct conf *c, const struct conf_word *w, FILE *out)
{
	const void		*at = (const char *)c + w->offset;
	const struct setting	*s = at;
	const uint32_t		*n = at;
	char			 buf[24];

	switch (w->type) {
	case TYPE_COUNT:
		fprintf(out, "%" PRIu32, *n);
		break;
	case TYPE_MSEC:
		fprintf(out, "%s", value_format_duration(*n, buf,
		    sizeof(buf)));
		break;
	case TYPE_SEC:
		fprintf(out, "%s", value_format_duration(*n * INT64_C(1000),
		    buf, sizeof(buf)));
		break;
	case TYPE_TLS_VERSION:
		fprintf(out, "%s", *(const uint8_t *)at ? "1.3" : "1.2");
		break;
	case TYPE_RETRIES:
		dump_retries(&c->queue, out);
		break;
	case TYPE_RATE:
		dump_rate(at, out);
		break;
	case TYPE_NETWORKS:
	case TYPE_EXEMPT:	/* begins with the former */
		dump_exempt(at, w->type == TYPE_EXEMPT ? at : NULL, out);
		break;
	case TYPE_NUMBER:
		(void)snprintf(buf, sizeof(buf), "%" PRId64, s->number);
		dump_setting(s, buf, out);
		break;
	case TYPE_DURATION:
		dump_setting(s, value_format_duration(s->number, buf,
		    sizeof(buf)), out);
		break;
	case TYPE_SIZE:
		dump_setting(s, value_format_size(s->number, buf,
		    sizeof(buf)), out);
		break;
	case TYPE_FLAG:
	case TYPE_LOGIN:
	case TYPE_TRUTH:
	case TYPE_CANDIDATE:
	case TYPE_REWRITE:
		dump_setting(s, s->number != 0 ? "yes" : "no", out);
		break;
	case TYPE_DIRECTORY:
	case TYPE_MECHANISMS:
	case TYPE_SCRIPT:
		dump_setting(s, "false", out);
		break;
	default:
		dump_string(at, out);
		break;
	}
}

static void
dump_throttle(const struct throttle_conf *t, FILE *out)
{
	char	 buf[24];

	fprintf(out, "%s.match = ", t->name);
	dump_setting(&t->match, t->match.number != 0 ? "yes" : "no", out);
	fprintf(out, "\n%s.key = ", t->name);
	(void)snprintf(buf, sizeof(buf), "%" PRId64, t->key.number);
	dump_setting(&t->key, buf, out);
	fprintf(out, "\n%s.rate = %" PRIu32 "/%s\n", t->name, t->rate.count,
	    value_format_duration(t->rate.period, buf, sizeof(buf)));
}

static void
dump_relay(const struct conf *c, FILE *out)
{
	const struct queue_conf	*q = &c->queue;
	uint32_t		 i;

	if (q->relay_host[0] != '\0')
		fprintf(out, "relay.host = \"%s\"\n", q->relay_host);
	else
		fprintf(out, "relay.mx = %u\n", q->relay_port);
	for (i = 0; i < q->nroutes; i++)
		fprintf(out, "relay.via = \"%s\" for domain %s\n",
		    q->routes[i].url, q->routes[i].domain);
	if (c->relay.resolver[0] != '\0')
		fprintf(out, "resolver = \"%s\"\n", c->relay.resolver);
}

static void
dump_listener(const struct conf *c, const struct listener_conf *l, FILE *out)
{
	static const char *const	 tls[LISTENER_TLS_COUNT] = {
		[LISTENER_CLEAR]	= "",
		[LISTENER_STARTTLS]	= " starttls",
		[LISTENER_TLS]		= " tls",
	};
	char				 ip[IP_NET_STR_SIZE];
	size_t				 i;

	fprintf(out, "listen = %s port %u name %s%s%s",
	    ip_format(&l->ip, ip, sizeof(ip)), l->port, l->name, tls[l->tls],
	    l->require ? " require" : "");
	for (i = 0; i < l->npkis; i++)
		fprintf(out, " pki %s", c->pkis[l->pkis[i]].name);
	for (i = 0; i < l->nproxies; i++)
		fprintf(out, "%s'%s'%s", i == 0 ? " proxy from [" : ", ",
		    ip_net_format(&l->proxies[i], ip, sizeof(ip)),
		    i + 1 == l->nproxies ? "]" : "");
	if (l->submission)
		fprintf(out, " submission");
	if (l->auth[0] != '\0')
		fprintf(out, " auth %s%s", l->auth, l->auth_clear ?
		    " insecure" : "");
	fprintf(out, "\n");
}

static void
dump_sql(const char *what, const struct sql_conf *c, FILE *out)
{
	char	 url[2 * CONF_PATH_MAX], buf[24];

	fprintf(out, "%s = %s sql ", what, c->name);
	dump_string(c->is_made ? "sqlite:" : conf_sqlurl_show(c->url,
	    url, sizeof(url)), out);
	fprintf(out, " timeout %s\n", value_format_duration(c->timeout, buf,
	    sizeof(buf)));
}

static void
dump_directory(const struct lookup_conf *c, size_t i, FILE *out)
{
	size_t	 j;

	dump_sql("directory", &c->sqls[c->directories[i].sql - 1], out);
	for (j = 0; j < SQLDIR_COUNT; j++) {
		if (c->statements[i][j] == NULL)
			continue;
		fprintf(out, "directory.%s = ", sqldir_name((enum sqldir)j));
		dump_string(c->statements[i][j], out);
		fprintf(out, "\n");
	}
}

static void
dump_script(const struct policy_script *s, FILE *out)
{
	char	 memory[24], wait[24];

	fprintf(out, "sieve = %s ", s->name);
	if (s->path != NULL) {
		fprintf(out, "file ");
		dump_string(s->path, out);
		fprintf(out, " ");
	}
	fprintf(out, "on-error %s steps %" PRIu32 " memory %s look-ups %"
	    PRIu32 " wait %s\n", s->accept ? "accept" : "defer",
	    s->budget.steps, value_format_size(s->budget.memory, memory,
	    sizeof(memory)), s->budget.asks, value_format_duration(
	    s->budget.wait, wait, sizeof(wait)));
}

void
conf_dump(const struct conf *c, FILE *out)
{
	const struct conf_word	*w;
	const struct listener_conf *l;
	size_t			 i;

	for (i = 0; (w = word_at(i)) != NULL; i++) {
		if (w->token != CONF_SETTING || w->block == BLOCK_THROTTLE ||
		    dump_is_empty(c, w))
			continue;
		fprintf(out, "%s%s%s = ", word_block(w->block),
		    w->block == BLOCK_TOP ? "" : ".", w->name);
		dump_value(c, w, out);
		fprintf(out, "\n");
	}
	for (i = 0; i < c->lookup.ndirectories; i++) {
		if (c->lookup.directories[i].sql != 0) {
			dump_directory(&c->lookup, i, out);
			continue;
		}
		fprintf(out, "directory = %s db ",
		    c->lookup.directories[i].name);
		dump_string(c->lookup.directories[i].path, out);
		fprintf(out, "\n");
	}
	for (i = 0; i < c->policy.nthrottles; i++)
		dump_throttle(&c->policy.throttles[i], out);
	for (i = 0; i < c->policy.nlists; i++)
		fprintf(out, "list = %s, %u values\n",
		    c->policy.lists[i]->name, c->policy.lists[i]->n);
	for (i = 0; i < c->lookup.nstores; i++)
		fprintf(out, "store = %s db\n", c->lookup.stores[i].name);
	for (i = 0; i < c->lookup.nsqls; i++)
		if (c->lookup.sqls[i].is_store)
			dump_sql("store", &c->lookup.sqls[i], out);
	for (i = 0, l = c->listeners; i < c->nlisteners; i++, l++)
		dump_listener(c, l, out);
	for (i = 0; i < c->npkis; i++) {
		fprintf(out, "pki = %s cert ", c->pkis[i].name);
		dump_string(c->pkis[i].cert, out);
		fprintf(out, " key ");
		dump_string(c->pkis[i].key, out);
		fprintf(out, "\n");
	}
	for (i = 0; i < c->policy.nscripts; i++)
		dump_script(c->policy.scripts[i], out);
	if (c->queue.lmtp[0] == '\0') {
		fprintf(out, "deliver.maildir = ");
		dump_string(c->deliver.maildir, out);
	} else {
		fprintf(out, "deliver.lmtp = ");
		dump_string(c->queue.lmtp, out);
	}
	fprintf(out, "\n");
	dump_relay(c, out);
}
