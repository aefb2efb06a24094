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
 * Octets above 127 in a text and in its header.
 */

#include <sys/types.h>

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "smtpd/relay/textscan.h"

int
text_scan(int fd, uint64_t offset, uint64_t length, int *eight, int *head)
{
	unsigned char	 buf[16384];
	size_t		 want, i;
	ssize_t		 n;
	int		 in_head = 1, lines = 1;

	*eight = *head = 0;
	while (length > 0) {
		want = length < sizeof(buf) ? (size_t)length : sizeof(buf);
		n = pread(fd, buf, want, (off_t)offset);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (-1);
		for (i = 0; i < (size_t)n; i++) {
			/* an empty line ends it */
			if (buf[i] == '\n') {
				if (lines++ == 1)
					in_head = 0;
			} else if (buf[i] != '\r')
				lines = 0;
			if (buf[i] < 128)
				continue;
			*eight = 1;
			*head |= in_head;
			if (!in_head)
				return (0);
		}
		offset += (uint64_t)n;
		length -= (uint64_t)n;
	}
	return (0);
}
