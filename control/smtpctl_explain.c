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
 * explain: steps for people, a line each, and the reply at the end.
 */

#include <bsd/string.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/show.h"
#include "control/show_text.h"
#include "control/smtpctl.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"

#define STEP_WIDTH	14		/* columns of the name of a step */

/* The lines of a reply, as the client would read them. */
static void
steps_reply(const struct row_field *f)
{
	const char	*p = f->value, *end = f->value + f->len, *lf;
	char		*text;
	size_t		 len;

	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		len = (size_t)(lf - p);
		if (len > 0 && p[len - 1] == '\r')
			len--;
		text = show_text(p, len);
		printf("%-*s%s\n", STEP_WIDTH, "reply", text);
		free(text);
	}
}

static void
steps_field(const struct row_field *f)
{
	char	*text;

	if (f->is_number) {
		printf(", %s %" PRId64, f->key, f->number);
		return;
	}
	text = show_text(f->value, f->len);
	if (strcmp(f->key, "step") == 0)
		printf("%-*s", STEP_WIDTH, text);
	else if (strcmp(f->key, "what") == 0)
		printf("%s", text);
	else
		printf(", %s %s", f->key, text);
	free(text);
}

/* A reply has its words on lines of their own, and its pause in front. */
static int
steps_row(void *unused, struct rbuf *r)
{
	struct row_field	 f, reply = { .len = 0 };
	char			 step[16] = "";
	int64_t			 wait = 0;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1) {
		if (step[0] == '\0' && !f.is_number && f.len < sizeof(step))
			(void)snprintf(step, sizeof(step), "%.*s",
			    (int)f.len, f.value);
		if (strcmp(step, "reply") != 0)
			steps_field(&f);
		else if (strcmp(f.key, "wait") == 0)
			wait = f.number;
		else if (strcmp(f.key, "text") == 0 && !f.is_number)
			reply = f;
	}
	if (wait != 0)
		printf("%-*s%" PRId64 " ms before the reply\n", STEP_WIDTH,
		    "wait", wait);
	if (strcmp(step, "reply") == 0)
		steps_reply(&reply);
	else
		putchar('\n');
	return (ret);
}

int
smtpctl_steps(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*words[COMMAND_ARGS_MAX] = { c->first, c->second };
	size_t		 n = c->second == NULL ? 1 : 2;
	int		 i, status;

	for (i = 1; i < argc && n < COMMAND_ARGS_MAX; i++)
		words[n++] = argv[i];
	if (!smtpctl_options.json)
		return (smtpctl_ask(words, n, steps_row, NULL));
	show_begin(SHOW_JSON, smtpctl_options.quiet);
	status = smtpctl_ask(words, n, show_row, NULL);
	show_end();
	return (status);
}
