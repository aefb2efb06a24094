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
 * Dates: printed for headers, read and printed for the directory.
 * Names of days and months are ours, so that no locale changes them.
 */

#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "smtpd/smtp/date.h"

static const char	*days[] = {
	"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
};
static const char	*months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

int
date_rfc5322(time_t when, long offset, char *buf, size_t size)
{
	struct tm	 tm;
	time_t		 local = when + offset;
	long		 minutes = (offset < 0 ? -offset : offset) / 60;
	int		 n;

	if (minutes >= 24 * 60 || gmtime_r(&local, &tm) == NULL ||
	    tm.tm_year < 1000 - 1900 || tm.tm_year > 9999 - 1900)
		return (-1);
	n = snprintf(buf, size, "%s, %d %s %d %02d:%02d:%02d %c%02ld%02ld",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return (n < 0 || (size_t)n >= size ? -1 : n);
}

long
date_offset(time_t when)
{
	struct tm	 tm;

	if (localtime_r(&when, &tm) == NULL)
		return (0);
	return (tm.tm_gmtoff);
}

/* Exactly n digits at *at; -1 when they are not there. */
static int
digits(const char *text, size_t len, size_t *at, size_t n)
{
	int	 value = 0;

	if (len - *at < n)
		return (-1);
	for (; n > 0; n--, (*at)++) {
		if (text[*at] < '0' || text[*at] > '9')
			return (-1);
		value = value * 10 + (text[*at] - '0');
	}
	return (value);
}

/* The same behind one octet. */
static int
digits_after(char what, const char *text, size_t len, size_t *at, size_t n)
{
	if (*at == len || text[*at] != what)
		return (-1);
	(*at)++;
	return (digits(text, len, at, n));
}

static int
month_days(int year, int month)
{
	static const int	 len[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	int			 leap;

	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return (len[month - 1] + (month == 2 && leap));
}

int
date_parse_iso(const char *text, size_t len, time_t *out)
{
	size_t	 at = 0;
	int	 year, month, day, hour = 0, min = 0, sec = 0, y;
	long	 n = 0;

	year = digits(text, len, &at, 4);
	month = digits_after('-', text, len, &at, 2);
	day = digits_after('-', text, len, &at, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month))
		return (-1);
	if (at < len) {
		hour = digits_after('T', text, len, &at, 2);
		min = digits_after(':', text, len, &at, 2);
		if (at < len && text[at] == ':')
			sec = digits_after(':', text, len, &at, 2);
		if (at < len && text[at] == 'Z')
			at++;
		if (at < len || hour < 0 || hour > 23 || min < 0 ||
		    min > 59 || sec < 0 || sec > 59)
			return (-1);
	}
	y = year - 1;			/* whole years since 1970, in days */
	n = (year - 1970) * 365L + (y / 4 - 492) - (y / 100 - 19) +
	    (y / 400 - 4);
	while (--month > 0)
		n += month_days(year, month);
	n += day - 1;
	*out = (time_t)n * 86400 + hour * 3600 + min * 60 + sec;
	return (0);
}

int
date_iso(time_t when, char *buf, size_t size)
{
	struct tm	 tm;
	int		 n;

	if (when < 0 || gmtime_r(&when, &tm) == NULL ||
	    tm.tm_year > 9999 - 1900)
		return (-1);
	if (when % 86400 == 0)
		n = snprintf(buf, size, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
	else
		n = snprintf(buf, size, "%04d-%02d-%02dT%02d:%02d:%02d",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec);
	return (n < 0 || (size_t)n >= size ? -1 : n);
}
