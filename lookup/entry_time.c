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

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lookup/entry_read.h"

#define DAY	"%Y-%m-%d"
#define SECOND	"%Y-%m-%dT%H:%M:%S"

void
entry_time_format(int64_t when, char buf[ENTRY_TIME_SIZE])
{
	time_t		 t = (time_t)when;
	struct tm	 tm;

	buf[0] = '\0';
	if (gmtime_r(&t, &tm) == NULL)
		return;
	/* "" when it is no year of ours */
	if (when % 86400 == 0)
		(void)strftime(buf, ENTRY_TIME_SIZE, DAY, &tm);
	else
		(void)strftime(buf, ENTRY_TIME_SIZE, SECOND, &tm);
}

/* What does not come out again as it went in is no date. */
int
entry_time_parse(const char *text, int64_t *out)
{
	char		 again[ENTRY_TIME_SIZE];
	const char	*end;
	struct tm	 tm;
	time_t		 t;

	memset(&tm, 0, sizeof(tm));
	end = strptime(text, strchr(text, 'T') == NULL ? DAY : SECOND, &tm);
	if (end == NULL || *end != '\0' || (t = timegm(&tm)) <= 0)
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
