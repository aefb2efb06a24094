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
 * What directory work with files says on standard error: errors by line,
 * and how far it is when somebody watches.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/show_text.h"
#include "control/smtpctl.h"
#include "lookup/dirctl.h"
#include "smtpd/base/clock.h"

#define SAY_WIDTH	60		/* columns of the line of progress */
#define SAY_PAUSE	100		/* ms between two of them */

static int		 shown;		/* a line of progress stands there */
static uint64_t		 last;		/* when it was written */

static void
say_erase(void)
{
	if (shown)
		fprintf(stderr, "\r%*s\r", SAY_WIDTH, "");
	shown = 0;
}

static void
say_report(void *unused, const char *line)
{
	say_erase();
	show_lines(stderr, line, strlen(line));
}

void
say_progress(void *unused, const char *what, uint64_t done, uint64_t total)
{
	uint64_t	 now = clock_mono();
	char		 text[SAY_WIDTH + 1];

	if (what == NULL) {
		say_erase();
		return;
	}
	if (smtpctl_options.quiet || !isatty(STDERR_FILENO) ||
	    (shown && now - last < SAY_PAUSE))
		return;
	if (total == 0)
		(void)snprintf(text, sizeof(text), "%s %" PRIu64, what, done);
	else
		(void)snprintf(text, sizeof(text), "%s %d %%", what,
		    (int)((double)done * 100 / (double)total));
	fprintf(stderr, "\r%-*s", SAY_WIDTH, text);
	shown = 1;
	last = now;
}

const struct dirctl	 say_dirctl = {
	.report = say_report,
	.progress = say_progress
};
