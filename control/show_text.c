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
 * Text that strangers may have chosen, on a terminal and in JSON.
 */

#include <sys/types.h>
#include <bsd/stdio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/show_text.h"
#include "smtpd/base/xmem.h"
#include "smtpd/smtp/utf8.h"

/* Octets of the character at s when it may be shown, else 0. */
static size_t
text_shown(const char *s, size_t len)
{
	const unsigned char	*u = (const unsigned char *)s;
	size_t			 n = utf8_char(s, len);

	if (n == 1 && (u[0] < 0x20 || u[0] == 0x7f))
		return (0);
	/* U+0080 to U+009F are control characters too */
	if (n == 2 && u[0] == 0xc2 && u[1] < 0xa0)
		return (0);
	/* U+202A to U+202E and U+2066 to U+2069 turn the direction */
	if (n == 3 && u[0] == 0xe2 && ((u[1] == 0x80 && u[2] >= 0xaa &&
	    u[2] <= 0xae) || (u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9)))
		return (0);
	return (n);
}

char *
show_text(const char *s, size_t len)
{
	char	*text, *t;
	size_t	 i, n;

	t = text = xcalloc(1, len + 1);
	for (i = 0; i < len; i += n) {
		if ((n = text_shown(s + i, len - i)) == 0) {
			*t++ = '?';
			n = 1;
			continue;
		}
		memcpy(t, s + i, n);
		t += n;
	}
	return (text);
}

void
show_escaped(FILE *out, const char *s, size_t len)
{
	size_t	 i, n;

	for (i = 0; i < len; i += n) {
		if ((n = text_shown(s + i, len - i)) == 0) {
			fprintf(out, "\\x%02x", (unsigned char)s[i]);
			n = 1;
			continue;
		}
		(void)fwrite(s + i, 1, n, out);
		if (s[i] == '\\')
			putc('\\', out);
	}
}

size_t
show_width(const char *text)
{
	size_t	 n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return (n);
}

void
show_lines(FILE *out, const char *s, size_t len)
{
	const char	*end = s + len, *lf;
	char		*text;

	for (; s < end; s = lf + 1) {
		if ((lf = memchr(s, '\n', (size_t)(end - s))) == NULL)
			lf = end;
		text = show_text(s, (size_t)(lf - s));
		fprintf(out, "%s\n", text);
		free(text);
	}
}

void
show_json_string(const char *s, size_t len)
{
	size_t		 i, n;
	unsigned char	 c;

	putchar('"');
	for (i = 0; i < len; i += n) {
		c = (unsigned char)s[i];
		if ((n = utf8_char(s + i, len - i)) == 0) {
			printf("\\ufffd");
			n = 1;
		} else if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c == '\n')
			printf("\\n");
		else if (c == '\t')
			printf("\\t");
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			(void)fwrite(s + i, 1, n, stdout);
	}
	putchar('"');
}

struct line_stream {
	void	(*line)(const char *, size_t);
	char	*buf;
	size_t	 len, size;
};

static int
stream_write(void *cookie, const char *data, int len)
{
	struct line_stream	*ls = cookie;
	size_t			 n = (size_t)len;
	char			*lf;

	if (ls->len + n > ls->size) {
		ls->size = (ls->len + n) * 2;
		ls->buf = xreallocarray(ls->buf, ls->size, 1);
	}
	memcpy(ls->buf + ls->len, data, n);
	ls->len += n;
	while ((lf = memchr(ls->buf, '\n', ls->len)) != NULL) {
		n = (size_t)(lf - ls->buf);
		ls->line(ls->buf, n);
		ls->len -= n + 1;
		memmove(ls->buf, lf + 1, ls->len);
	}
	return (len);
}

static int
stream_close(void *cookie)
{
	struct line_stream	*ls = cookie;

	if (ls->len != 0)
		ls->line(ls->buf, ls->len);
	free(ls->buf);
	free(ls);
	return (0);
}

FILE *
show_line_stream(void (*line)(const char *, size_t))
{
	struct line_stream	*ls;
	FILE			*f;

	ls = xcalloc(1, sizeof(*ls));
	ls->line = line;
	if ((f = funopen(ls, NULL, stream_write, NULL, stream_close)) == NULL)
		free(ls);
	return (f);
}
