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
 * End of data and dot-stuffing, as a machine with one octet of state.
 * Lines are searched, not stepped through: memchr is fast.
 */

#include <stddef.h>
#include <string.h>

#include "smtpd/smtp/dot.h"

enum dot_state {
	AT_START,		/* behind CRLF, or before everything */
	IN_LINE,
	AFTER_CR,		/* in a line; only LF may follow */
	AFTER_DOT,		/* the first octet of a line was a dot */
	AFTER_DOT_CR,		/* only LF may follow */
	BROKEN
};

/*
 * Run to behind the LF of a line, or to the end of the input, which is not
 * empty; NULL when a CR or LF stands alone.  NUL is the caller's.
 */
static const char *
line_run(const char *p, const char *end, unsigned char *state)
{
	const char	*lf, *cr;

	if ((lf = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		cr = memchr(p, '\r', (size_t)(lf - p));
		*state = AT_START;
		return (cr != NULL && cr + 1 == lf ? lf + 1 : NULL);
	}
	cr = memchr(p, '\r', (size_t)(end - p));
	*state = cr == NULL ? IN_LINE : AFTER_CR;
	return (cr == NULL || cr + 1 == end ? end : NULL);
}

void
dot_reader_init(struct dot_reader *r)
{
	r->state = AT_START;
}

/* As many lines as need no change are moved in one piece. */
static const char *
read_lines(struct dot_reader *r, const char *p, const char *end, char *out,
    size_t *n)
{
	const char	*from = p;

	do {
		if ((p = line_run(p, end, &r->state)) == NULL)
			return (NULL);
	} while (p < end && *p != '.');
	if (memchr(from, '\0', (size_t)(p - from)) != NULL)
		return (NULL);
	memmove(out + *n, from, (size_t)(p - from));
	*n += (size_t)(p - from);
	return (p);
}

enum dot_result
dot_read(struct dot_reader *r, const char *in, size_t len, char *out,
    size_t *outlen, size_t *used)
{
	const char	*p = in, *end = in + len;
	size_t		 n = 0;

	while (p != NULL && p < end && r->state != BROKEN) {
		switch (r->state) {
		case AT_START:
			r->state = *p == '.' ? AFTER_DOT : IN_LINE;
			if (*p == '.')
				p++;
			break;
		case AFTER_DOT:
			r->state = *p == '\r' ? AFTER_DOT_CR : IN_LINE;
			if (*p == '\r')
				p++;
			break;
		case AFTER_DOT_CR:
			if (*p != '\n') {
				p = NULL;
				break;
			}
			r->state = AT_START;
			*used = (size_t)(p + 1 - in);
			*outlen = n;
			return (DOT_END);
		case AFTER_CR:
			r->state = AT_START;
			if (*p != '\n')
				p = NULL;
			else
				out[n++] = *p++;
			break;
		default:
			p = read_lines(r, p, end, out, &n);
			break;
		}
	}
	if (p == NULL)
		r->state = BROKEN;
	*used = len;
	*outlen = n;
	return (r->state == BROKEN ? DOT_BAD : DOT_MORE);
}

void
dot_writer_init(struct dot_writer *w)
{
	w->state = AT_START;
}

int
dot_stuff(struct dot_writer *w, const char *in, size_t len, char *out,
    size_t *outlen)
{
	const char	*p = in, *end = in + len, *from;
	size_t		 n = 0;

	if (memchr(in, '\0', len) != NULL)
		w->state = BROKEN;
	while (p < end && w->state != BROKEN) {
		from = p;
		if (w->state == AFTER_CR) {
			w->state = *p++ == '\n' ? AT_START : BROKEN;
		} else {
			if (w->state == AT_START && *p == '.')
				out[n++] = '.';
			if ((p = line_run(p, end, &w->state)) == NULL) {
				w->state = BROKEN;
				break;
			}
		}
		memcpy(out + n, from, (size_t)(p - from));
		n += (size_t)(p - from);
	}
	*outlen = n;
	return (w->state == BROKEN ? -1 : 0);
}

int
dot_finish(struct dot_writer *w, char *out, size_t *outlen)
{
	static const char	 end[] = "\r\n.\r\n";
	size_t			 skip = w->state == AT_START ? 2 : 0;

	if (w->state != AT_START && w->state != IN_LINE)
		return (-1);
	*outlen = sizeof(end) - 1 - skip;
	memcpy(out, end + skip, *outlen);
	return (0);
}
