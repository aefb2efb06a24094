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
 * Targets, out of rows.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/trace.h"
#include "smtpd/msg/verdict.h"
#include "smtpd/policy/targets.h"

#define TARGETS_MAX	1024
#define TARGETS_MORE	48		/* octets of "and N more" */

/* The fields of a step that say something here. */
struct step {
	char	 step[16];
	char	 what[TRACE_VALUE_MAX + 1];
	char	 is[32];
	char	 account[TRACE_VALUE_MAX + 1];
	char	 of[TRACE_VALUE_MAX + 1];	/* "of", and "to" */
};

static char	*found[TARGETS_MAX];	/* from the heap */
static size_t	 nfound;
static int	 cut;

static void
target_add(const char *text, const char *state)
{
	char	*copy;

	if (nfound == TARGETS_MAX || asprintf(&copy, "%s%s%s%s", text,
	    state[0] == '\0' ? "" : " (", state, state[0] == '\0' ? "" :
	    ")") == -1)
		cut = 1;
	else
		found[nfound++] = copy;
}

static void
targets_clear(void)
{
	while (nfound > 0)
		free(found[--nfound]);
	cut = 0;
}

/* An address or name that a step has looked at, and what is there. */
static void
step_found(const struct step *s)
{
	char	 list[TRACE_VALUE_MAX + 8];

	if (strcmp(s->is, "account") == 0)
		target_add(s->account[0] == '\0' ? s->what : s->account, "");
	else if (strcmp(s->is, "list") == 0) {
		(void)snprintf(list, sizeof(list), "list %s", s->what);
		target_add(list, "");
	} else if (strcmp(s->is, "outside") == 0 ||
	    strcmp(s->is, "at another server of ours") == 0)
		target_add(s->what, "");
	else if (strcmp(s->is, "not to be known") == 0)
		target_add(s->what, s->is);
}

static void
step_take(struct step *s)
{
	if (strcmp(s->step, "behind") == 0)
		step_found(s);
	else if (strcmp(s->step, "candidate") == 0) {
		/* what is the address of a list is not what made it one */
		(void)strlcpy(s->what, s->of, sizeof(s->what));
		step_found(s);
	} else if (strcmp(s->step, "state") == 0) {
		if (strcmp(s->what, "found") != 0)
			target_add(s->of, s->what);
	} else if (strcmp(s->step, "failed") == 0)
		target_add(s->of, s->what);
	else if (strcmp(s->step, "postmaster") == 0)
		targets_clear();
	else if (strcmp(s->step, "decision") == 0) {
		if (strcmp(s->is, "onward") == 0)
			target_add(s->of, s->is);
		if (strcmp(s->what, verdict_name(VERDICT_DISCARD)) == 0)
			target_add("nobody", "");
	} else if (strcmp(s->step, "resolved") == 0) {
		if (s->of[0] != '\0')
			target_add(s->of, "");
	} else if (strcmp(s->step, "cut") == 0)
		cut = 1;
}

static void
step_field(struct step *s, const struct row_field *f)
{
	static const struct {
		const char	*key;
		size_t		 at, size;
	} fields[] = {
#define FIELD(key, field)						\
	{ key, offsetof(struct step, field), sizeof(((struct step *)0)->field) }
		FIELD("step", step),
		FIELD("what", what),
		FIELD("is", is),
		FIELD("goes", is),
		FIELD("account", account),
		FIELD("address", of),
		FIELD("of", of),
		FIELD("stored", of),
		FIELD("to", of),
#undef FIELD
	};
	size_t	 i;

	if (f->is_number)
		return;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(f->key, fields[i].key) == 0 &&
		    f->len < fields[i].size) {
			memcpy((char *)s + fields[i].at, f->value, f->len);
			((char *)s + fields[i].at)[f->len] = '\0';
		}
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* Does the second say the same as the first, or that and a state? */
static int
is_same(const char *a, const char *b)
{
	size_t	 len = strlen(a);

	return (strncmp(a, b, len) == 0 && (b[len] == '\0' ||
	    strncmp(b + len, " (", 2) == 0));
}

/* Each once, with its state when it has one. */
static void
targets_sort(void)
{
	size_t	 i, n = 0;

	qsort(found, nfound, sizeof(found[0]), compare);
	for (i = 0; i < nfound; i++) {
		if (n > 0 && is_same(found[n - 1], found[i]))
			free(found[--n]);
		found[n++] = found[i];
	}
	nfound = n;
}

/* The rest does not fit: how many, and what they were. */
static void
targets_more(size_t first, char *buf, size_t size)
{
	uint8_t		 digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX	 ctx;
	char		 more[TARGETS_MORE];
	size_t		 i;

	SHA256Init(&ctx);
	for (i = 0; i < nfound; i++)
		SHA256Update(&ctx, (const uint8_t *)found[i],
		    strlen(found[i]) + 1);
	SHA256Final(digest, &ctx);
	(void)snprintf(more, sizeof(more), "%sand %zu more (%02x%02x%02x%02x)",
	    first == 0 ? "" : " ", nfound - first, digest[0], digest[1],
	    digest[2], digest[3]);
	(void)strlcat(buf, more, size);
}

static void
targets_join(char *buf, size_t size)
{
	size_t	 i, len, at = 0;

	buf[0] = '\0';
	for (i = 0; i < nfound; i++) {
		len = strlen(found[i]);
		if (at + len + 2 + TARGETS_MORE + 4 > size) {
			targets_more(i, buf, size);
			break;
		}
		at += (size_t)snprintf(buf + at, size - at, "%s%s",
		    i == 0 ? "" : ", ", found[i]);
	}
	if (cut)
		(void)strlcat(buf, " ...", size);
}

void
targets_text(const struct trace *t, char *buf, size_t size)
{
	struct row_field	 f;
	struct rbuf		 r;
	struct step		 s;
	int			 ret = 0;

	rbuf_init(&r, t->rows.data, t->rows.len);
	while (ret != -1 && row_more(&r)) {
		memset(&s, 0, sizeof(s));
		while ((ret = row_next(&r, &f)) == 1)
			step_field(&s, &f);
		step_take(&s);
	}
	targets_sort();
	targets_join(buf, size);
	targets_clear();
}
