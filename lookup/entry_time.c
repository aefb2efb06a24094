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
 * Times in entries.
 */

#include <string.h>

#include "lookup/entry_read.h"
#include "smtpd/smtp/date.h"

void
entry_time_format(int64_t when, char buf[ENTRY_TIME_SIZE])
{
	/* "" when it is no year of ours */
	if (date_iso((time_t)when, buf, ENTRY_TIME_SIZE) == -1)
		buf[0] = '\0';
}

/* What does not come out again as it went in is no date. */
int
entry_time_parse(const char *text, int64_t *out)
{
	char	 again[ENTRY_TIME_SIZE];
	time_t	 t;

	if (date_parse_iso(text, strlen(text), &t) == -1 || t <= 0)
		return (-1);
	entry_time_format(t, again);
	/* midnight may be said or not */
	if (strncmp(text, again, strlen(again)) != 0 ||
	    (strlen(text) != strlen(again) &&
	    strcmp(text + strlen(again), "T00:00:00") != 0))
		return (-1);
	*out = t;
	return (0);
}
