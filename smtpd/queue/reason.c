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
 * Reasons as lines.
 */

#include <bsd/string.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/queue/reason.h"

#define SAID	" said: "

void
reason_write(const char *mta, const struct relay_result *r,
    char line[RECORD_TEXT_MAX + 1])
{
	const char	*blank = r->enhanced[0] == '\0' ? "" : " ";
	char		 all[RELAY_MTA_MAX + RELAY_TEXT_MAX + 64];

	if (r->code != 0)
		(void)snprintf(all, sizeof(all), "%s" SAID "%u%s%s %s", mta,
		    r->code, blank, r->enhanced, r->text);
	else
		(void)snprintf(all, sizeof(all), "%s%s%s", r->enhanced,
		    blank, r->text);
	/* what does not fit is the end of the text */
	(void)strlcpy(line, all, RECORD_TEXT_MAX + 1);
}

/* "550 " at the start: its number, or 0. */
static unsigned int
code_read(const char **p)
{
	const char	*s = *p;
	unsigned int	 code = 0;
	int		 i;

	for (i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '9')
			return (0);
		code = code * 10 + (unsigned int)(s[i] - '0');
	}
	if (code < 200 || code > 599 || (s[3] != ' ' && s[3] != '\0'))
		return (0);
	*p = s + 3 + (s[3] == ' ');
	return (code);
}

/* "5.1.1 " at the start. */
static void
status_read(const char **p, char status[REPLY_ENHANCED_SIZE])
{
	size_t	 n = strspn(*p, "0123456789."), i, dots = 0;

	for (i = 0; i < n; i++)
		dots += (*p)[i] == '.';
	if (n < 5 || n >= REPLY_ENHANCED_SIZE || dots != 2 ||
	    strchr("245", (*p)[0]) == NULL || (*p)[1] != '.' ||
	    (*p)[2] == '.' || (*p)[n - 1] == '.' ||
	    ((*p)[n] != ' ' && (*p)[n] != '\0'))
		return;
	memcpy(status, *p, n);
	status[n] = '\0';
	*p += n + ((*p)[n] == ' ');
}

void
reason_read(const char *line, struct reason *r)
{
	const char	*said = strstr(line, SAID);
	size_t		 n;

	memset(r, 0, sizeof(*r));
	n = said == NULL ? 0 : (size_t)(said - line);
	r->text = line;
	if (n > 0 && n < sizeof(r->mta) && memchr(line, ' ', n) == NULL) {
		r->text = said + sizeof(SAID) - 1;
		if ((r->code = code_read(&r->text)) == 0) {
			r->text = line;
			return;
		}
		memcpy(r->mta, line, n);
	}
	status_read(&r->text, r->status);
}
