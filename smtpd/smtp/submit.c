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
 * Which fields the header of a message has, while it streams by, and what
 * is to be added.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/date.h"
#include "smtpd/smtp/submit.h"

enum {
	SUBMIT_FIRST,		/* at the very first octet */
	SUBMIT_NAME,		/* at the start of a line, or in a name */
	SUBMIT_LINE,		/* in the rest of a line of the header */
	SUBMIT_BODY		/* behind the header, or all is there */
};

#define SEEN_DATE	1
#define SEEN_ID		2
#define SEEN_ALL	(SEEN_DATE | SEEN_ID)

void
submit_init(struct submit *m)
{
	memset(m, 0, sizeof(*m));
}

/* The header ends in front of this line. */
static void
header_ends(struct submit *m, int broken)
{
	m->state = SUBMIT_BODY;
	m->broken = (uint8_t)broken;
}

static void
name_ends(struct submit *m)
{
	size_t	 len = m->nheld;

	while (m->held[len - 1] == ' ' || m->held[len - 1] == '\t')
		len--;
	if (len == 4 && strncasecmp(m->held, "date", 4) == 0)
		m->seen |= SEEN_DATE;
	else if (len == 10 && strncasecmp(m->held, "message-id", 10) == 0)
		m->seen |= SEEN_ID;
	m->state = m->seen == SEEN_ALL ? SUBMIT_BODY : SUBMIT_LINE;
	m->nheld = 0;
}

/*
 * One octet of a name, RFC 5322 2.2; blanks in front of the colon as in
 * 4.5.  A line that is no field and goes on with none ends the header.
 */
static void
name_octet(struct submit *m, char c)
{
	int	 blank = c == ' ' || c == '\t';

	if (m->nheld == 0 && c == '\r')
		header_ends(m, 0);
	else if (m->nheld == 0 && blank && m->state == SUBMIT_NAME)
		m->state = SUBMIT_LINE;
	else if (m->nheld > 0 && c == ':')
		name_ends(m);
	else if (m->nheld == SUBMIT_NAME_MAX || c == ':' ||
	    (blank ? m->nheld == 0 : c <= ' ' || c > '~' || m->blank))
		header_ends(m, 1);
	else {
		m->state = SUBMIT_NAME;
		m->held[m->nheld++] = c;
		m->blank = (uint8_t)blank;
	}
}

void
submit_read(struct submit *m, const char *text, size_t len,
    struct submit_parts *out)
{
	const char	*p = text, *end = text + len, *line = text;

	memset(out, 0, sizeof(*out));
	out->head = len;
	if (m->state == SUBMIT_BODY)
		return;
	out->nheld = m->nheld;
	memcpy(out->held, m->held, m->nheld);
	while (p < end && m->state != SUBMIT_BODY) {
		if (m->state != SUBMIT_LINE) {
			name_octet(m, *p++);
			continue;
		}
		if ((p = memchr(p, '\n', (size_t)(end - p))) == NULL)
			return;
		line = ++p;
		m->state = SUBMIT_NAME;
		m->blank = 0;
	}
	if (m->state == SUBMIT_LINE || m->seen == SEEN_ALL)
		return;
	out->head = (size_t)(line - text);
	out->end = m->state == SUBMIT_BODY;
	out->behind = out->end && line == text;
	if (!out->end && line == text)
		out->nheld = 0;		/* it still is */
}

void
submit_end(struct submit *m, struct submit_parts *out)
{
	memset(out, 0, sizeof(*out));
	if (m->state == SUBMIT_BODY)
		return;
	out->end = out->behind = 1;
	out->nheld = m->nheld;
	memcpy(out->held, m->held, m->nheld);
	header_ends(m, m->nheld > 0);
}

int
submit_fields(const struct submit *m, time_t when, const char *id,
    const char *host, char *buf, size_t size)
{
	char	 date[DATE_RFC5322_SIZE];
	int	 n, with_date = !(m->seen & SEEN_DATE);

	if (with_date && date_rfc5322(when, date_offset(when), date,
	    sizeof(date)) == -1)
		return (-1);
	n = snprintf(buf, size, "%s%s%s", with_date ? "Date: " : "",
	    with_date ? date : "", with_date ? "\r\n" : "");
	if (n >= 0 && (size_t)n < size && !(m->seen & SEEN_ID))
		n += snprintf(buf + n, size - (size_t)n,
		    "Message-ID: <%s@%s>\r\n", id, host);
	if (n >= 0 && (size_t)n < size && m->broken)
		n += snprintf(buf + n, size - (size_t)n, "\r\n");
	return (n < 0 || (size_t)n >= size ? -1 : n);
}
