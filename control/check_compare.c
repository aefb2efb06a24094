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
 * The same questions to two servers, and what they answer differently.
 */

#include <bsd/string.h>

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/check.h"
#include "control/ctl.h"
#include "control/show_text.h"
#include "control/smtpctl.h"
#include "lookup/extsort.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"

struct said {
	int64_t	 code;
	char	*text;			/* from the heap, as is the next */
	char	*targets;
};

/* One that is asked for, with what is known of it on each side. */
struct question {
	char		 key[EXTSORT_KEY_MAX + 1];
	char		 shown[EXPLAIN_PATH_MAX + 1];
	struct gathered	 lists[2];
	struct said	 replies[2];
};

static struct question	*questions;	/* ANSWERS_MAX */
static size_t		 nquestions, nreplies;
static uint64_t		 asked;
static struct {
	uint64_t	 same, changed, new, lost, lists;
} counts;

/* Fields of a row into the replies of the side that arg says. */
static int
reply_row(void *arg, struct rbuf *r)
{
	struct row_field	 f;
	struct said		*to;
	int			 ret;

	if (nreplies == nquestions)
		return (-1);
	to = &questions[nreplies++].replies[*(unsigned int *)arg];
	while ((ret = row_next(r, &f)) == 1)
		if (f.is_number)
			to->code = f.number;
		else if (strcmp(f.key, "reply") == 0 && to->text == NULL)
			to->text = xstrndup(f.value, f.len);
		else if (strcmp(f.key, "targets") == 0 &&
		    to->targets == NULL)
			to->targets = xstrndup(f.value, f.len);
	return (ret == -1 || to->text == NULL || to->targets == NULL ? -1 : 0);
}

/* In JSON as fields, with that in front of their names. */
static void
reply_json(const char *side, const struct said *r)
{
	printf(",\"%s\":", side);
	show_json_string(r->text, strlen(r->text));
	printf(",\"%s-targets\":", side);
	show_json_string(r->targets, strlen(r->targets));
}

static void
reply_text(const char *before, const struct said *r)
{
	char	*text = show_text(r->text, strlen(r->text));
	char	*targets = show_text(r->targets, strlen(r->targets));

	printf("%s%s%s%s", before, text, targets[0] == '\0' ? "" : ", to ",
	    targets);
	free(text);
	free(targets);
}

static void
show_reply(const struct question *q)
{
	char	*shown;

	say_progress(NULL, NULL, 0, 0);
	if (smtpctl_options.json) {
		printf("{\"address\":");
		show_json_string(q->shown, strlen(q->shown));
		reply_json("old", &q->replies[0]);
		reply_json("new", &q->replies[1]);
		printf("}\n");
		return;
	}
	shown = show_text(q->shown, strlen(q->shown));
	printf("%s", shown);
	free(shown);
	reply_text(": ", &q->replies[0]);
	reply_text(" -> ", &q->replies[1]);
	putchar('\n');
}

static void
show_list(const struct question *q)
{
	char	*shown;

	say_progress(NULL, NULL, 0, 0);
	if (smtpctl_options.json) {
		printf("{\"list\":");
		show_json_string(q->shown, strlen(q->shown));
		printf(",\"old-members\":%" PRIu32 ",\"new-members\":%" PRIu32
		    "}\n", q->lists[0].members, q->lists[1].members);
		return;
	}
	shown = show_text(q->shown, strlen(q->shown));
	printf("list %s: %" PRIu32 " members -> %" PRIu32 " members\n", shown,
	    q->lists[0].members, q->lists[1].members);
	free(shown);
}

static void
question_end(struct question *q)
{
	const struct said	*a = &q->replies[0], *b = &q->replies[1];
	int			 refused = a->code >= 500;

	if (a->code == b->code && strcmp(a->text, b->text) == 0 &&
	    strcmp(a->targets, b->targets) == 0)
		counts.same++;
	else {
		if (refused && b->code < 500)
			counts.new++;
		else if (!refused && b->code >= 500)
			counts.lost++;
		else
			counts.changed++;
		if (!smtpctl_options.quiet)
			show_reply(q);
	}
	if (q->lists[0].is_list && q->lists[1].is_list &&
	    (q->lists[0].sum != q->lists[1].sum ||
	    q->lists[0].members != q->lists[1].members)) {
		counts.lists++;
		if (!smtpctl_options.quiet)
			show_list(q);
	}
}

static void
questions_free(void)
{
	size_t		 i;
	unsigned int	 side;

	for (i = 0; i < nquestions; i++)
		for (side = 0; side < 2; side++) {
			free(questions[i].replies[side].text);
			free(questions[i].replies[side].targets);
		}
	nquestions = 0;
}

static int
ask_failed(int status, unsigned int side, const char *why)
{
	warnx("%s%s", side == CHECK_TRIAL ? "the trial server: " : "", why);
	return (status);
}

/* Both work at it at the same time. */
static int
questions_ask(void)
{
	const char	*words[] = { "explain", "answers", NULL };
	char		*text, why[256];
	size_t		 i, at = 0, size = nquestions * (EXPLAIN_PATH_MAX + 2);
	unsigned int	 side;
	int		 status = EX_OK;

	if (nquestions == 0)
		return (EX_OK);
	words[2] = text = xcalloc(1, size);
	for (i = 0; i < nquestions; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%s", i == 0 ?
		    "" : "\n", questions[i].shown);
	for (side = 0; side < 2 && status == EX_OK; side++) {
		ctl_use(side);
		if ((status = ctl_begin(words, 3, why, sizeof(why))) != EX_OK)
			(void)ask_failed(status, side, why);
	}
	for (side = 0; side < 2 && status == EX_OK; side++) {
		ctl_use(side);
		nreplies = 0;
		status = ctl_finish(reply_row, &side, why, sizeof(why));
		if (status == EX_OK && nreplies != nquestions) {
			status = EX_PROTOCOL;
			(void)strlcpy(why, "an answer is missing",
			    sizeof(why));
		}
		if (status != EX_OK)
			(void)ask_failed(status, side, why);
	}
	ctl_use(CHECK_RUNNING);
	free(text);
	return (status);
}

static int
questions_end(uint64_t total)
{
	size_t	 i;
	int	 status;

	if ((status = questions_ask()) == EX_OK)
		for (i = 0; i < nquestions; i++)
			question_end(&questions[i]);
	questions_free();
	say_progress(NULL, "recipients", asked, total);
	return (status);
}

/* Items of one address stand behind each other. */
static int
question_add(const struct extsort_item *item, uint64_t total)
{
	struct question	*q = &questions[nquestions];
	struct gathered	 g;
	int		 status;

	if (gathered_get(item->value, item->len, &g) == -1 ||
	    item->keylen > EXTSORT_KEY_MAX)
		return (EX_SOFTWARE);
	asked++;
	if (nquestions > 0 && strlen(q[-1].key) == item->keylen &&
	    memcmp(q[-1].key, item->key, item->keylen) == 0) {
		if (g.is_list)
			q[-1].lists[g.side] = g;
		return (EX_OK);
	}
	if (nquestions == ANSWERS_MAX) {
		if ((status = questions_end(total)) != EX_OK)
			return (status);
		q = questions;
	}
	memset(q, 0, sizeof(*q));
	memcpy(q->key, item->key, item->keylen);
	(void)strlcpy(q->shown, g.shown, sizeof(q->shown));
	if (g.is_list)
		q->lists[g.side] = g;
	nquestions++;
	return (EX_OK);
}

static void
show_counts(void)
{
	say_progress(NULL, NULL, 0, 0);
	printf(smtpctl_options.json ? "{\"same\":%" PRIu64 ",\"changed\":%"
	    PRIu64 ",\"new\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"lists\":%"
	    PRIu64 "}\n" : "same %" PRIu64 ", changed %" PRIu64 ", new %"
	    PRIu64 ", lost %" PRIu64 ", lists %" PRIu64 "\n", counts.same,
	    counts.changed, counts.new, counts.lost, counts.lists);
}

int
compare(struct extsort *all, int *differ)
{
	struct extsort_item	 item;
	uint64_t		 total = extsort_count(all);
	int			 ret, status = EX_OK;

	questions = xcalloc(ANSWERS_MAX, sizeof(*questions));
	while (status == EX_OK && (ret = extsort_next(all, &item)) != 0) {
		if (ret == -1) {
			warn("addresses");
			status = EX_IOERR;
		} else
			status = question_add(&item, total);
	}
	if (status == EX_OK)
		status = questions_end(total);
	questions_free();
	free(questions);
	if (status == EX_OK)
		show_counts();
	*differ = counts.changed + counts.new + counts.lost + counts.lists !=
	    0;
	return (status);
}
