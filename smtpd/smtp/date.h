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
 * Dates as mail writes them (RFC 5322 3.3) and as the directory does
 * (RFC 3339 without zone, always UTC).
 */

#ifndef DATE_H
#define DATE_H

#include <stddef.h>
#include <time.h>

#define DATE_RFC5322_SIZE	48
#define DATE_ISO_SIZE		32

/*
 * "Tue, 24 Nov 2026 14:35:45 +0000": when, as seen at offset seconds east
 * of UTC (less than a day).  Returns the length, or -1 when it does not fit
 * or the year has not four digits.
 */
int	 date_rfc5322(time_t when, long offset, char *buf, size_t size);

/* The offset of local time at when, seconds east of UTC. */
long	 date_offset(time_t when);

/*
 * Read "2027-01-31", "2027-01-31T12:30" or "2027-01-31T12:30:59", UTC, a Z
 * at the end allowed; the date alone is its first second.  0, or -1 when
 * all of text is not such a date of the years 1970 to 9999.
 */
int	 date_parse_iso(const char *text, size_t len, time_t *out);

/* Print what date_parse_iso reads; midnight prints as the date alone. */
int	 date_iso(time_t when, char *buf, size_t size);

#endif
