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
 * Log lines and the end of a process.
 * One event is one line: "session=... event=... key=value".
 */

#ifndef LOG_H
#define LOG_H

#include <stddef.h>

/*
 * Open the log: to stderr when foreground is set, else to syslog(3).
 * name stands in front of every line.  Call once per process.  verbose is 1,
 * 0, or -1 for warnings alone.
 */
void	 log_init(const char *name, int foreground, int verbose);

/* verbose lets log_debug through; settable while the process runs. */
void	 log_verbose(int verbose);
int	 log_is_verbose(void);

/* The level is in the name; log_warn and fatal append strerror(errno). */
void	 log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_warnx(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void	 fatalx(const char *, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));
void	 fatal(const char *, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));

/*
 * Text of len octets from a stranger, made fit for a log line: printable
 * ASCII stays, all else becomes \xNN, the whole is cut at size - 1.
 * Returns buf, always terminated.
 */
const char *log_quote(const char *text, size_t len, char *buf, size_t size);

#endif
