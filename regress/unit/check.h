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
 * Counting checks for unit tests: a test is a main() that ends with
 * return (check_done("name")).
 */

#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdio.h>

static unsigned long	 check_count;
static unsigned long	 check_failed;

/* Called by CHECK; says where and why, and goes on. */
static inline void
#if defined(__GNUC__)
__attribute__((__format__(printf, 4, 5)))
#endif
check_that(int ok, const char *file, int line, const char *fmt, ...)
{
	va_list	 ap;

	check_count++;
	if (ok)
		return;
	check_failed++;
	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

#define CHECK(cond, ...) \
	check_that((cond) ? 1 : 0, __FILE__, __LINE__, __VA_ARGS__)

/* The one line of the test; its exit status. */
static inline int
check_done(const char *name)
{
	if (check_failed == 0)
		printf("ok %s (%lu checks)\n", name, check_count);
	else
		printf("FAIL %s\n", name);
	return (check_failed == 0 ? 0 : 1);
}

#endif
