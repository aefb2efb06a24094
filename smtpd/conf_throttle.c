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
 * Throttles.  Each block is one, unlike all others, which are parts of the
 * same.
 */

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_parse.h"

static struct conf_pos *
throttle_seen(struct conf_parse *p, const char *name)
{
	return (&p->seen[word_index(word_find(BLOCK_THROTTLE, name))]);
}

/* Something that is the same for all: one key. */
int
type_key(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	if (!v->quoted)
		return (type_error(p, v, "variables in brackets, as in "
		    "[remote_ip, rcpt_domain], or an expression"));
	free(s->string);
	s->kind = SETTING_STRING;
	s->string = xstrdup(v->text);
	return (0);
}

/* Its words may stand again, and its settings have their defaults. */
void
throttle_begin(struct conf_parse *p)
{
	struct policy_conf	*c = &p->conf->policy;
	struct throttle_conf	*t;
	const struct conf_word	*w;
	size_t			 i;

	for (i = 0; (w = word_at(i)) != NULL; i++)
		if (w->block == BLOCK_THROTTLE) {
			p->seen[i].line = 0;
			p->tried[i] = 0;
		}
	if (c->nthrottles == CONF_THROTTLES_MAX)
		conf_error(p, &p->blocks[p->depth - 1].pos, "too many "
		    "throttles, expected at most %d", CONF_THROTTLES_MAX);
	else
		p->throttle = c->nthrottles++;
	t = &c->throttles[p->throttle];
	(void)snprintf(t->name, sizeof(t->name), "throttle.%zu",
	    p->throttle + 1);
	setting_free(&t->match);
	setting_free(&t->key);
	t->match.kind = SETTING_NUMBER;
	t->match.number = 1;
	t->key.kind = SETTING_STRING;
	t->key.string = xstrdup("");
}

void
throttle_end(struct conf_parse *p)
{
	const struct conf_word	*w = word_find(BLOCK_THROTTLE, "rate");

	if (throttle_seen(p, "rate")->line == 0 &&
	    p->tried[word_index(w)] == 0)
		conf_error(p, &p->blocks[p->depth - 1].pos, "no 'rate' in "
		    "this throttle, expected rate 100/1m or the like");
}

static void
digest_setting(SHA2_CTX *ctx, const struct setting *s)
{
	char		 buf[64];
	const char	*text = s->kind == SETTING_PROGRAM ? s->source :
			    s->kind == SETTING_STRING ? s->string : "";
	int		 len;

	len = snprintf(buf, sizeof(buf), "%d %lld %zu ", (int)s->kind,
	    (long long)s->number, strlen(text));
	SHA256Update(ctx, (const uint8_t *)buf, (size_t)len);
	SHA256Update(ctx, (const uint8_t *)text, strlen(text));
}

/* What it is, wherever it stands: its buckets outlive a new start. */
static uint64_t
throttle_id(const struct throttle_conf *t, size_t same)
{
	uint8_t		 digest[SHA256_DIGEST_LENGTH];
	uint64_t	 id = 0;
	char		 buf[64];
	SHA2_CTX	 ctx;
	int		 i, len;

	SHA256Init(&ctx);
	digest_setting(&ctx, &t->match);
	digest_setting(&ctx, &t->key);
	len = snprintf(buf, sizeof(buf), "%u %u %zu", t->rate.count,
	    t->rate.period, same);
	SHA256Update(&ctx, (const uint8_t *)buf, (size_t)len);
	SHA256Final(digest, &ctx);
	for (i = 0; i < 8; i++)
		id = id << 8 | digest[i];
	return (id);
}

void
throttle_check(struct conf_parse *p)
{
	struct policy_conf	*c = &p->conf->policy;
	size_t			 i, j, same;

	for (i = 0; i < c->nthrottles; i++) {
		/* one that is the same has buckets of its own */
		same = 0;
		c->throttles[i].id = throttle_id(&c->throttles[i], 0);
		for (j = 0; j < i; j++)
			if (c->throttles[j].id == c->throttles[i].id)
				c->throttles[i].id = throttle_id(
				    &c->throttles[i], ++same);
	}
}
