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
 * pki, and the options of listen.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/conf_parse.h"
#include "smtpd/conf_pki.h"

/* "listen ... pki NAME", or one that has TLS and names none. */
struct conf_wish {
	struct conf_wish	*next;
	size_t			 first, n;	/* listeners */
	const struct conf_value	*name;		/* NULL: all there are */
	struct conf_pos		 pos;
};

static void
pki_path(struct conf_parse *p, const struct conf_value *v, char *dst)
{
	if (type_is_path(v->text))
		(void)strlcpy(dst, v->text, CONF_PATH_MAX + 1);
	else
		conf_error(p, &v->pos, "unexpected '%s', expected the "
		    "absolute path of a file in PEM, as in "
		    "\"/etc/ssl/mx.pem\"", conf_show(p, v->text));
}

static const struct pki_conf *
pki_find(const struct conf *c, const char *name)
{
	size_t	 i;

	for (i = 0; i < c->npkis; i++)
		if (strcmp(c->pkis[i].name, name) == 0)
			return (&c->pkis[i]);
	return (NULL);
}

void
conf_pki(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *cert, const struct conf_value *key)
{
	struct conf	*c = p->conf;
	struct pki_conf	*pki = &c->pkis[c->npkis];
	enum pki_part	 bad;
	char		 why[128];

	if (conf_name(p, name, KEYS_NAME_MAX) == -1)
		return;
	if (pki_find(c, name->text) != NULL) {
		conf_error(p, &name->pos, "there is a pki '%s' already, "
		    "expected another name", name->text);
		return;
	}
	if (c->npkis == CONF_PKIS_MAX) {
		conf_error(p, &name->pos, "too many pki, expected at most %d",
		    CONF_PKIS_MAX);
		return;
	}
	c->npkis++;
	(void)strlcpy(pki->name, name->text, sizeof(pki->name));
	pki_path(p, cert, pki->cert);
	pki_path(p, key, pki->key);
	if (pki->cert[0] == '\0' || pki->key[0] == '\0')
		return;
	if ((bad = conf_pki_load(pki, why, sizeof(why))) != PKI_OK) {
		name = bad == PKI_CERT ? cert : key;
		conf_error(p, &name->pos, "'%s': %s",
		    conf_show(p, name->text), why);
	}
}

/* One that comes at most once. */
static int
option_once(struct conf_parse *p, const struct conf_option *o, int *seen)
{
	if ((*seen)++ == 0)
		return (0);
	conf_error(p, &o->pos, "'%s' was given before, expected once",
	    o->word);
	return (-1);
}

/* Networks of balancers.  Bits that do not count are an oversight. */
static int
option_proxy(struct conf_parse *p, const struct conf_value *v,
    struct listener_conf *l)
{
	struct ip_net	*net;
	struct ip	 ip;
	char		 text[IP_NET_STR_SIZE];

	for (; v != NULL; v = v->next) {
		if (l->nproxies == CONF_PROXIES_MAX) {
			conf_error(p, &v->pos, "too many networks of one "
			    "listener, expected at most %d", CONF_PROXIES_MAX);
			return (-1);
		}
		net = &l->proxies[l->nproxies++];
		if (ip_net_parse(v->text, strlen(v->text), net) == -1) {
			conf_error(p, &v->pos, "unexpected '%s', expected an "
			    "address or a network, as in '10.0.0.0/8'",
			    conf_show(p, v->text));
			return (-1);
		}
		ip = net->ip;
		ip_mask(&net->ip, net->bits);
		if (ip_equal(&ip, &net->ip))
			continue;
		conf_error(p, &v->pos, "'%s' is no network but an address in "
		    "one, expected '%s'", conf_show(p, v->text),
		    ip_net_format(net, text, sizeof(text)));
		return (-1);
	}
	return (0);
}

static int
option_set(struct conf_parse *p, const struct conf_option *o,
    struct listener_conf *l)
{
	static const char	 *both = "'tls' and 'starttls' exclude each "
				    "other, expected one of them";

	switch (o->what) {
	case CONF_NAME:
		if (conf_name(p, o->value, SESSION_LISTENER_MAX) == -1)
			return (-1);
		(void)strlcpy(l->name, o->value->text, sizeof(l->name));
		return (0);
	case CONF_TLS:
	case CONF_STARTTLS:
	case CONF_REQUIRE:
		if (l->tls != LISTENER_CLEAR) {
			conf_error(p, &o->pos, "%s", both);
			return (-1);
		}
		l->tls = o->what == CONF_TLS ? LISTENER_TLS :
		    LISTENER_STARTTLS;
		l->require = o->what == CONF_REQUIRE;
		return (0);
	case CONF_SUBMISSION:
		l->submission = 1;
		return (0);
	case CONF_PROXY:
		return (option_proxy(p, o->value, l));
	case CONF_AUTH:
	case CONF_INSECURE:
		if (l->auth[0] != '\0') {
			conf_error(p, &o->pos, "'auth' was given before, "
			    "expected once");
			return (-1);
		}
		if (conf_name(p, o->value, SESSION_DIRECTORY_MAX) == -1)
			return (-1);
		(void)strlcpy(l->auth, o->value->text, sizeof(l->auth));
		l->auth_clear = o->what == CONF_INSECURE;
		conf_refer(p, conf_want_logins, o->value->text,
		    &o->value->pos);
		return (0);
	default:
		return (0);
	}
}

/* What does not fit together. */
static int
options_fit(struct conf_parse *p, const struct conf_option *o,
    const struct listener_conf *l)
{
	for (; o != NULL; o = o->next) {
		if (o->what == CONF_SUBMISSION && l->auth[0] == '\0') {
			conf_error(p, &o->pos, "'submission' without logins, "
			    "expected 'auth' as well");
			return (-1);
		}
		if (l->tls != LISTENER_CLEAR)
			continue;
		if (o->what == CONF_PKI) {
			conf_error(p, &o->pos, "'pki' without TLS, expected "
			    "'tls' or 'starttls' as well");
			return (-1);
		}
		if (o->what == CONF_AUTH) {
			conf_error(p, &o->pos, "'auth' without TLS would show "
			    "passwords to everybody, expected 'tls', "
			    "'starttls' or 'insecure' as well");
			return (-1);
		}
	}
	return (0);
}

int
conf_listen_options(struct conf_parse *p, const struct conf_option *o,
    struct listener_conf *l)
{
	const struct conf_option	*first = o;
	int				 seen[CONF_TOKEN_COUNT] = { 0 };

	(void)strlcpy(l->name, "smtp", sizeof(l->name));
	for (; o != NULL; o = o->next) {
		if (o->what != CONF_PKI &&
		    (option_once(p, o, &seen[o->what]) == -1 ||
		    option_set(p, o, l) == -1))
			return (-1);
	}
	return (options_fit(p, first, l));
}

static void
wish_add(struct conf_parse *p, size_t first, size_t n,
    const struct conf_value *name, const struct conf_pos *pos)
{
	struct conf_wish	*w = conf_keep(p, sizeof(*w)), **last;

	w->first = first;
	w->n = n;
	w->name = name;
	w->pos = *pos;
	for (last = &p->wishes; *last != NULL; last = &(*last)->next)
		;
	*last = w;
}

void
conf_listen_pkis(struct conf_parse *p, const struct conf_option *o,
    size_t first, size_t n)
{
	const struct conf_option	*tls = NULL;
	int				 named = 0;

	for (; o != NULL; o = o->next) {
		if (o->what == CONF_PKI) {
			named = 1;
			wish_add(p, first, n, o->value, &o->value->pos);
		} else if (o->what == CONF_TLS || o->what == CONF_STARTTLS ||
		    o->what == CONF_REQUIRE)
			tls = o;
	}
	if (tls != NULL && !named)
		wish_add(p, first, n, NULL, &tls->pos);
}

static void
wish_grant(struct conf_parse *p, const struct conf_wish *w, size_t pki)
{
	struct listener_conf	*l;
	size_t			 i;

	for (i = w->first; i < w->first + w->n; i++) {
		l = &p->conf->listeners[i];
		if (memchr(l->pkis, (int)pki, l->npkis) != NULL) {
			conf_error(p, &w->pos, "pki '%s' was named before, "
			    "expected once", p->conf->pkis[pki].name);
			return;
		}
		if (l->npkis == CONF_LISTENER_PKIS_MAX) {
			conf_error(p, &w->pos, "too many pki of one listener, "
			    "expected at most %d", CONF_LISTENER_PKIS_MAX);
			return;
		}
		l->pkis[l->npkis++] = (uint8_t)pki;
	}
}

void
conf_pki_check(struct conf_parse *p)
{
	const struct conf_word	*word = word_find(BLOCK_TOP, "pki");
	const struct conf	*c = p->conf;
	const struct conf_wish	*w;
	const struct pki_conf	*pki;
	size_t			 i;

	for (w = p->wishes; w != NULL; w = w->next) {
		for (i = 0; w->name == NULL && i < c->npkis; i++)
			wish_grant(p, w, i);
		/* it may be one that was refused */
		if (p->incomplete ||
		    (size_t)p->tried[word_index(word)] > c->npkis)
			continue;
		if (w->name == NULL && c->npkis == 0)
			conf_error(p, &w->pos, "TLS without a certificate, "
			    "expected a 'pki' statement");
		if (w->name == NULL)
			continue;
		if ((pki = pki_find(c, w->name->text)) != NULL)
			wish_grant(p, w, (size_t)(pki - c->pkis));
		else
			conf_error(p, &w->pos, "there is no pki '%s', "
			    "expected %s", conf_show(p, w->name->text),
			    c->npkis == 0 ? "a 'pki' statement" :
			    c->pkis[0].name);
	}
}
