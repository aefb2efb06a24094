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
 * Parts of a moment, for currentdate: RFC 5260 4.2.
 */

#ifndef DATEPART_H
#define DATEPART_H

#include <stddef.h>
#include <time.h>

enum datepart {
	DATEPART_YEAR,		/* "2026" */
	DATEPART_MONTH,		/* "08" */
	DATEPART_DAY,		/* "17" */
	DATEPART_DATE,		/* "2026-08-17" */
	DATEPART_JULIAN,	/* the modified Julian day, "61269" */
	DATEPART_HOUR,		/* "08" */
	DATEPART_MINUTE,	/* "05" */
	DATEPART_SECOND,	/* "09" */
	DATEPART_TIME,		/* "08:05:09" */
	DATEPART_ISO8601,	/* "2026-08-17T08:05:09Z", or "+02:00" */
	DATEPART_STD11,		/* "Mon, 17 Aug 2026 08:05:09 +0000" */
	DATEPART_ZONE,		/* "+0000", never "-0000" */
	DATEPART_WEEKDAY,	/* "0" is Sunday */
	DATEPART_COUNT
};

#define DATEPART_SIZE	48

/* By name, whatever the case; DATEPART_COUNT when there is none. */
enum datepart datepart_find(const char *name, size_t len);

/*
 * Read a zone, "+0545" or "-0330", as seconds east of UTC.  -1 when it is
 * none: hours end at 23, minutes at 59.
 */
int	 datepart_zone(const char *text, size_t len, long *offset);

/*
 * Print a part of when as seen at offset seconds east of UTC.  Returns its
 * length; 0 and "" outside of the years 0 to 9999.  (The offset of local
 * time is date_offset() of smtp/date.h.)
 */
size_t	 datepart_format(enum datepart, time_t when, long offset,
	    char buf[DATEPART_SIZE]);

#endif
