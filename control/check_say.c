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
 * What the check has found out, for people or programs.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/check.h"
#include "control/show_text.h"
#include "control/smtpctl.h"

#define SAY_SIZE	4096

static void __attribute__((format(printf, 3, 0)))
say(const char *kind, const char *before, const char *fmt, va_list ap)
{
	char	 line[SAY_SIZE], *text;

	(void)vsnprintf(line, sizeof(line), fmt, ap);	/* may be cut */
	say_progress(NULL, NULL, 0, 0);
	if (smtpctl_options.json) {
		printf("{\"%s\":", kind);
		show_json_string(line, strlen(line));
		printf("}\n");
		return;
	}
	text = show_text(line, strlen(line));
	fprintf(stderr, "%s%s\n", before, text);
	free(text);
}

void
check_error(struct check *c, const char *fmt, ...)
{
	va_list	 ap;

	c->errors++;
	va_start(ap, fmt);
	say("error", "", fmt, ap);
	va_end(ap);
}

void
check_warning(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	say("warning", "warning: ", fmt, ap);
	va_end(ap);
}

void
check_note(const char *fmt, ...)
{
	va_list	 ap;

	if (smtpctl_options.quiet)
		return;
	va_start(ap, fmt);
	say("note", "", fmt, ap);
	va_end(ap);
}
