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
 * The reader of replies, octet by octet: replies are short.
 */

#include <string.h>

#include "smtpd/smtp/response.h"

enum response_state {
	IN_CODE,		/* the first four octets of a line */
	IN_TEXT,
	AT_END
};

static char
printable(char c)
{
	return (c >= 32 && c <= 126 ? c : '?');
}

void
response_clean(const char *in, size_t len, char *out, size_t size)
{
	size_t	 i;

	if (size == 0)
		return;
	for (i = 0; i < len && i < size - 1; i++)
		out[i] = printable(in[i]);
	out[i] = '\0';
}

void
response_init(struct response *a)
{
	memset(a, 0, sizeof(*a));
	a->state = IN_CODE;
}

/* Digits of one part of an enhanced code: 1 to 3. */
static size_t
part(const char *p)
{
	size_t	 n;

	for (n = 0; p[n] >= '0' && p[n] <= '9'; n++)
		;
	return (n >= 1 && n <= 3 ? n : 0);
}

/* The length of the enhanced code at the start of text, or 0. */
static size_t
enhanced(const char *text, unsigned char class)
{
	size_t	 n, m;

	if ((unsigned char)text[0] != class || text[1] != '.' ||
	    class == '3')
		return (0);
	if ((n = part(text + 2)) == 0 || text[2 + n] != '.')
		return (0);
	if ((m = part(text + 3 + n)) == 0)
		return (0);
	n += m + 3;
	return (text[n] == '\0' || text[n] == ' ' ? n : 0);
}

/* What a line says is added to what the reply says. */
static void
line_text(struct response *a)
{
	const char	*p = a->line;
	size_t		 n;

	if ((n = enhanced(p, a->digits[0])) != 0) {
		if (a->nlines == 1) {
			memcpy(a->enhanced, p, n);
			a->enhanced[n] = '\0';
		}
		p += n;
	}
	while (*p == ' ')
		p++;
	if (*p == '\0')
		return;
	if (a->textlen > 0 && a->textlen < RESPONSE_TEXT_MAX)
		a->text[a->textlen++] = ' ';
	n = strlen(p);
	if (n > RESPONSE_TEXT_MAX - a->textlen)
		n = RESPONSE_TEXT_MAX - a->textlen;
	memcpy(a->text + a->textlen, p, n);
	a->textlen += n;
	a->text[a->textlen] = '\0';
}

static enum response_step
line_end(struct response *a)
{
	unsigned int	 code;

	if (a->ndigits < 3 || a->nlines == RESPONSE_LINES_MAX)
		return (RESPONSE_BAD);
	code = (a->digits[0] - '0') * 100U + (a->digits[1] - '0') * 10U +
	    (a->digits[2] - '0');
	if (a->nlines > 0 && code != a->code)
		return (RESPONSE_BAD);
	a->code = code;
	a->nlines++;
	if (a->linelen > 0 && a->line[a->linelen - 1] == '\r')
		a->linelen--;
	a->line[a->linelen] = '\0';
	response_clean(a->line, a->linelen, a->line, sizeof(a->line));
	line_text(a);
	a->state = AT_END;
	/* "250" alone is a last line, RFC 5321 4.2 */
	return (a->ndigits == 4 && a->digits[3] == '-' ? RESPONSE_LINE :
	    RESPONSE_DONE);
}

/* One of the first four octets; 0 when it fits there. */
static int
code_octet(struct response *a, char c)
{
	switch (a->ndigits) {
	case 0:
		if (c < '2' || c > '5')
			return (-1);
		break;
	case 1:
	case 2:
		if (c < '0' || c > '9')
			return (-1);
		break;
	default:
		/* a CR is seen again at the end of the line */
		if (c != ' ' && c != '-' && c != '\r')
			return (-1);
		a->state = IN_TEXT;
		break;
	}
	a->digits[a->ndigits++] = (unsigned char)c;
	return (0);
}

enum response_step
response_read(struct response *a, const char *in, size_t len, size_t *used)
{
	size_t	 i;

	if (a->state == AT_END) {
		a->state = IN_CODE;
		a->ndigits = 0;
		a->linelen = 0;
	}
	for (i = 0; i < len; i++) {
		*used = i + 1;
		if (++a->octets > RESPONSE_OCTETS_MAX)
			return (RESPONSE_BAD);
		if (in[i] == '\n')
			return (line_end(a));
		if (a->state == IN_CODE) {
			if (code_octet(a, in[i]) == -1)
				return (RESPONSE_BAD);
		} else if (a->ndigits == 4 && a->digits[3] == '\r')
			return (RESPONSE_BAD);
		else if (a->linelen < RESPONSE_LINE_MAX)
			a->line[a->linelen++] = in[i];
	}
	*used = len;
	return (RESPONSE_MORE);
}
