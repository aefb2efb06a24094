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
 * trace: the dialogue of clients and the steps behind it, as they happen.
 */

#include <err.h>
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
#define TRACE_FIELDS	32		/* of a row; more are not shown */

static int	 many;			/* sessions: say which */

/* A field by its name; NULL when the row has none. */
static const struct row_field *
field(const struct row_field *f, size_t n, const char *key)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		if (strcmp(f[i].key, key) == 0)
			return (&f[i]);
	return (NULL);
}

static int
field_is(const struct row_field *f, const char *text)
{
	return (f != NULL && !f->is_number && f->len == strlen(text) &&
	    memcmp(f->value, text, f->len) == 0);
}

static void
say(const struct row_field *f)
{
	if (f->is_number)
		printf("%" PRId64, f->number);
	else
		show_escaped(stdout, f->value, f->len);
}

/* What the client or the server says. */
static void
say_line(const char *who, const struct row_field *what,
    const struct row_field *octets)
{
	printf("%s: ", who);
	say(what);
	if (octets != NULL)
		printf("%s[%" PRId64 " octets not shown]",
		    what->len == 0 ? "" : " ", octets->number);
}

/* A step, and what belongs to it. */
static void
say_step(const struct row_field *f, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++) {
		if (strcmp(f[i].key, "session") == 0 ||
		    strcmp(f[i].key, "ms") == 0)
			continue;
		if (strcmp(f[i].key, "step") == 0)
			printf("   %-*.*s", STEP_WIDTH, (int)f[i].len,
			    f[i].value);
		else if (strcmp(f[i].key, "what") == 0)
			say(&f[i]);
		else {
			printf(", ");
			show_escaped(stdout, f[i].key, strlen(f[i].key));
			putchar(' ');
			say(&f[i]);
		}
	}
}

static void
say_row(const struct row_field *f, size_t n)
{
	const struct row_field	*step = field(f, n, "step");
	const struct row_field	*what = field(f, n, "what");
	const struct row_field	*session = field(f, n, "session");
	const struct row_field	*ms = field(f, n, "ms");
	const struct row_field	*number;

	if (field_is(step, "lost")) {
		number = field(f, n, "events");
		printf("... %" PRId64 " events lost\n", number == NULL ? 0 :
		    number->number);
		return;
	}
	if (field_is(step, "trace")) {
		number = field(f, n, "sessions");
		if (!smtpctl_options.quiet)
			fprintf(stderr, "smtpctl: sessions that are there: "
			    "%" PRId64 "\n", number == NULL ? 0 :
			    number->number);
		return;
	}
	if (many && session != NULL) {
		say(session);
		putchar(' ');
	}
	printf("%7" PRId64 "  ", ms == NULL ? 0 : ms->number);
	if (what != NULL && field_is(step, "command"))
		say_line("C", what, field(f, n, "octets"));
	else if (what != NULL && field_is(step, "reply"))
		say_line("S", what, field(f, n, "octets"));
	else
		say_step(f, n);
	putchar('\n');
}

static int
trace_row(void *unused, struct rbuf *r)
{
	struct row_field	 f[TRACE_FIELDS], more;
	size_t			 n = 0;
	int			 ret;

	if (smtpctl_options.json)
		ret = show_row(NULL, r);
	else {
		while ((ret = row_next(r, n < TRACE_FIELDS ? &f[n] : &more))
		    == 1)
			n += n < TRACE_FIELDS;
		if (ret == 0)
			say_row(f, n);
	}
	/* it is read while it happens */
	if (fflush(stdout) == EOF)
		err(EX_IOERR, "standard output");
	return (ret);
}

int
smtpctl_trace(const struct smtpctl_command *c, int argc, char **argv)
{
	const char	*words[] = { c->first, argv[1] };

	many = strpbrk(argv[1], ".:") != NULL;
	ctl_patient();
	show_begin(SHOW_JSON, smtpctl_options.quiet);
	return (smtpctl_ask(words, 2, trace_row, NULL));
}
