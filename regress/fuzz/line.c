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
 * Fuzz target: command lines and reply texts.  Arguments stay inside the
 * line; whatever a reply is made of, it goes out as whole clean lines.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/smtp/line.h"
#include "smtpd/smtp/reply.h"
#include "smtpd/smtp/utf8.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_line(const char *line, size_t len)
{
	const char	*arg, *path;
	size_t		 arglen, pathlen;

	if (smtp_line_verb(line, len, &arg, &arglen) >= VERB_COUNT)
		abort();
	if (arg < line || arg + arglen > line + len)
		abort();
	if (arglen > 0 && (arg[0] == ' ' || arg[arglen - 1] == ' '))
		abort();
	if (smtp_line_path(arg, arglen, "TO:", &path, &pathlen) == 0 &&
	    (pathlen == 0 || path[0] == ' ' || path < arg + 3 ||
	    path + pathlen != arg + arglen))
		abort();
}

static void
check_reply(const char *text, size_t len, unsigned int flags)
{
	char		 enhanced[REPLY_ENHANCED_SIZE], buf[REPLY_SIZE];
	unsigned int	 code;
	size_t		 at, i, line = 0;
	int		 n;

	at = reply_split(text, len, &code, enhanced);
	if (at > len || code < 400 || code > 559)
		abort();
	n = reply_lines(code, enhanced, text + at, len - at, flags, buf,
	    sizeof(buf));
	if (n < 6 || buf[n - 2] != '\r' || buf[n - 1] != '\n' ||
	    !utf8_valid(buf, (size_t)n))
		abort();
	for (i = 0; i < (size_t)n; i++) {
		if (++line > REPLY_LINE_MAX)
			abort();
		if (buf[i] == '\n') {
			if (buf[i - 1] != '\r')
				abort();
			line = 0;
		} else if (buf[i] == '\r') {
			if (buf[i + 1] != '\n')
				abort();
		} else if (((unsigned char)buf[i] >= 0x80 &&
		    !(flags & REPLY_UTF8)) || (unsigned char)buf[i] < ' ' ||
		    buf[i] == 0x7f)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char	*text = (const char *)data;

	check_line(text, len);
	check_reply(text, len, 0);
	check_reply(text, len, REPLY_UTF8);
	return (0);
}
