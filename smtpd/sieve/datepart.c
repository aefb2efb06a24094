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
 * Parts of dates.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/sieve/datepart.h"
#include "smtpd/smtp/date.h"

#define DAY		86400
#define MJD_EPOCH	40587	/* the modified Julian day of 1 January 1970 */

static const char	*names[DATEPART_COUNT] = {
	[DATEPART_YEAR]		= "year",
	[DATEPART_MONTH]	= "month",
	[DATEPART_DAY]		= "day",
	[DATEPART_DATE]		= "date",
	[DATEPART_JULIAN]	= "julian",
	[DATEPART_HOUR]		= "hour",
	[DATEPART_MINUTE]	= "minute",
	[DATEPART_SECOND]	= "second",
	[DATEPART_TIME]		= "time",
	[DATEPART_ISO8601]	= "iso8601",
	[DATEPART_STD11]	= "std11",
	[DATEPART_ZONE]		= "zone",
	[DATEPART_WEEKDAY]	= "weekday",
};

/* Of "2026-08-17T08:05:09". */
static const struct {
	size_t		 from, len;
} slices[DATEPART_COUNT] = {
	[DATEPART_YEAR]		= { 0, 4 },
	[DATEPART_MONTH]	= { 5, 2 },
	[DATEPART_DAY]		= { 8, 2 },
	[DATEPART_DATE]		= { 0, 10 },
	[DATEPART_HOUR]		= { 11, 2 },
	[DATEPART_MINUTE]	= { 14, 2 },
	[DATEPART_SECOND]	= { 17, 2 },
	[DATEPART_TIME]		= { 11, 8 },
	[DATEPART_ISO8601]	= { 0, 19 },
};

enum datepart
datepart_find(const char *name, size_t len)
{
	unsigned int	 p;

	for (p = 0; p < DATEPART_COUNT; p++)
		if (strlen(names[p]) == len &&
		    strncasecmp(names[p], name, len) == 0)
			break;
	return ((enum datepart)p);
}

int
datepart_zone(const char *text, size_t len, long *offset)
{
	long	 d[4];
	int	 i;

	if (len != 5 || (text[0] != '+' && text[0] != '-'))
		return (-1);
	for (i = 0; i < 4; i++) {
		d[i] = text[i + 1] - '0';
		if (d[i] < 0 || d[i] > 9)
			return (-1);
	}
	if (d[0] * 10 + d[1] > 23 || d[2] > 5)
		return (-1);
	*offset = (d[0] * 10 + d[1]) * 3600 + (d[2] * 10 + d[3]) * 60;
	if (text[0] == '-')
		*offset = -*offset;
	return (0);
}

static int
format_julian(time_t local, char *buf)
{
	long	 day = (long)(local / DAY);

	if (local % DAY < 0)
		day--;			/* before 1970 */
	return (snprintf(buf, DATEPART_SIZE, "%ld", day + MJD_EPOCH));
}

size_t
datepart_format(enum datepart part, time_t when, long offset,
    char buf[DATEPART_SIZE])
{
	struct tm	 tm;
	time_t		 local = when + offset;
	long		 minutes = (offset < 0 ? -offset : offset) / 60;
	char		 sign = offset < 0 && minutes > 0 ? '-' : '+';
	char		 all[DATEPART_SIZE];
	int		 n;

	buf[0] = '\0';
	if (gmtime_r(&local, &tm) == NULL || tm.tm_year < -1900 ||
	    tm.tm_year > 9999 - 1900)
		return (0);
	(void)snprintf(all, sizeof(all), "%04d-%02d-%02dT%02d:%02d:%02d",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	if (part == DATEPART_JULIAN)
		n = format_julian(local, buf);
	else if (part == DATEPART_STD11)
		n = date_rfc5322(when, offset, buf, DATEPART_SIZE);
	else if (part == DATEPART_WEEKDAY)
		n = snprintf(buf, DATEPART_SIZE, "%d", tm.tm_wday);
	else if (part == DATEPART_ZONE)
		n = snprintf(buf, DATEPART_SIZE, "%c%02ld%02ld", sign,
		    minutes / 60 % 24, minutes % 60);
	else if (part == DATEPART_ISO8601 && minutes != 0)
		n = snprintf(buf, DATEPART_SIZE, "%.19s%c%02ld:%02ld", all,
		    sign, minutes / 60 % 24, minutes % 60);
	else
		n = snprintf(buf, DATEPART_SIZE, "%.*s%s",
		    (int)slices[part].len, all + slices[part].from,
		    part == DATEPART_ISO8601 ? "Z" : "");
	if (n < 0 || n >= DATEPART_SIZE)
		n = 0;
	buf[n] = '\0';
	return ((size_t)n);
}
