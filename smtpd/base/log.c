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
 * Log lines to stderr or syslog(3).  Nothing here knows what is logged.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "smtpd/base/log.h"

#define LOG_LINE	2048

static const char	*log_name = "smtpd";
static int		 log_foreground = 1;
static int		 log_verbosity;

void
log_init(const char *name, int foreground, int verbose)
{
	log_name = name;
	log_foreground = foreground;
	log_verbosity = verbose;
	if (!foreground)
		openlog("smtpd", LOG_PID | LOG_NDELAY, LOG_MAIL);
	tzset();
}

void
log_verbose(int verbose)
{
	log_verbosity = verbose;
}

int
log_is_verbose(void)
{
	return (log_verbosity > 0);
}

/* One write(2) a line, so that lines of several processes do not mix. */
static void __attribute__((format(printf, 3, 0)))
log_line(int priority, const char *cause, const char *fmt, va_list ap)
{
	char	 line[LOG_LINE], text[LOG_LINE - 128];
	int	 len;

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		return;
	if (!log_foreground) {
		syslog(priority, "%s: %s%s%s", log_name, text,
		    cause == NULL ? "" : ": ", cause == NULL ? "" : cause);
		return;
	}
	len = snprintf(line, sizeof(line), "%s: %s%s%s\n", log_name, text,
	    cause == NULL ? "" : ": ", cause == NULL ? "" : cause);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof(line)) {
		len = sizeof(line) - 1;
		line[len - 1] = '\n';
	}
	(void)fwrite(line, 1, (size_t)len, stderr);
}

void
log_debug(const char *fmt, ...)
{
	va_list	 ap;

	if (log_verbosity <= 0)
		return;
	va_start(ap, fmt);
	log_line(LOG_DEBUG, NULL, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list	 ap;

	if (log_verbosity < 0)
		return;
	va_start(ap, fmt);
	log_line(LOG_INFO, NULL, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_line(LOG_WARNING, NULL, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list	 ap;
	int	 saved_errno = errno;

	va_start(ap, fmt);
	log_line(LOG_WARNING, strerror(saved_errno), fmt, ap);
	va_end(ap);
	errno = saved_errno;
}

void
fatalx(const char *fmt, ...)
{
	va_list	 ap;

	va_start(ap, fmt);
	log_line(LOG_CRIT, NULL, fmt, ap);
	va_end(ap);
	exit(1);
}

void
fatal(const char *fmt, ...)
{
	va_list	 ap;
	int	 saved_errno = errno;

	va_start(ap, fmt);
	log_line(LOG_CRIT, strerror(saved_errno), fmt, ap);
	va_end(ap);
	exit(1);
}

const char *
log_quote(const char *text, size_t len, char *buf, size_t size)
{
	static const char	 hex[] = "0123456789abcdef";
	size_t			 i, n = 0;
	unsigned char		 c;

	if (size == 0)
		return (buf);
	for (i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if (c >= 0x20 && c < 0x7f && c != '\\' && c != '"') {
			if (n + 1 >= size)
				break;
			buf[n++] = (char)c;
			continue;
		}
		if (n + 4 >= size)
			break;
		buf[n++] = '\\';
		buf[n++] = 'x';
		buf[n++] = hex[c >> 4];
		buf[n++] = hex[c & 15];
	}
	buf[n] = '\0';
	return (buf);
}
