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
 * A window that moves along a file.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"
#include "smtpd/queue/spool_window.h"

#define WINDOW_SIZE	(2 * RECORD_LOG_MAX)

int
window_open(struct window *w, int dirfd, const char *dir, const char *name)
{
	struct stat	 st;

	memset(w, 0, sizeof(*w));
	(void)snprintf(w->name, sizeof(w->name), "%s/%s", dir, name);
	w->fd = openat(dirfd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	if (w->fd == -1 || fstat(w->fd, &st) == -1) {
		log_warn("spool: %s", w->name);
		goto fail;
	}
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1) {
		log_warnx("spool: %s: is not a plain file of one name",
		    w->name);
		goto fail;
	}
	w->size = (uint64_t)st.st_size;
	w->room = WINDOW_SIZE;
	w->buf = xreallocarray(NULL, w->room, 1);
	return (0);

fail:
	window_close(w);
	return (-1);
}

void
window_close(struct window *w)
{
	free(w->buf);
	w->buf = NULL;
	/* what window_cut does is synced by it */
	if (w->fd != -1)
		(void)close(w->fd);
	w->fd = -1;
}

/* len octets at that offset, or NULL when the file has not so many. */
static const uint8_t *
window_get(struct window *w, uint64_t offset, size_t len)
{
	if (w->failed || offset > w->size || len > w->size - offset)
		return (NULL);
	if (offset >= w->at && offset - w->at <= w->have &&
	    len <= w->have - (offset - w->at))
		return (w->buf + (offset - w->at));
	if (len > w->room) {
		w->buf = xreallocarray(w->buf, len, 1);
		w->room = len;
	}
	w->at = offset;
	w->have = w->room < w->size - offset ? w->room :
	    (size_t)(w->size - offset);
	if (spool_pread(w->fd, w->buf, w->have, offset) == -1) {
		log_warn("spool: %s", w->name);
		w->have = 0;
		w->failed = 1;
		return (NULL);
	}
	return (w->buf);
}

/* How many octets a step from offset on is. */
static size_t
window_step(const struct window *w, uint64_t offset)
{
	return (w->size - offset < WINDOW_SIZE ? (size_t)(w->size - offset) :
	    WINDOW_SIZE);
}

uint64_t
window_length(const struct record *rec)
{
	return (RECORD_HEAD + (uint64_t)rec->bodylen + rec->textlen);
}

enum window_status
window_record(struct window *w, uint64_t offset, int text,
    struct record *rec, const uint8_t **body)
{
	const uint8_t	*p;
	uint64_t	 len;

	if ((p = window_get(w, offset, RECORD_HEAD)) == NULL)
		return (WINDOW_NONE);
	switch (record_open(p, rec)) {
	case RECORD_OK:
		break;
	case RECORD_OTHER:
		return (WINDOW_OTHER);
	default:
		return (WINDOW_NONE);
	}
	len = window_length(rec);
	if (len > w->size - offset || (text && len > RECORD_LOG_MAX))
		return (WINDOW_NONE);
	if (!text)
		len = RECORD_HEAD + (uint64_t)rec->bodylen;
	if ((p = window_get(w, offset, (size_t)len)) == NULL ||
	    record_check(p, p + RECORD_HEAD, rec->bodylen) == -1)
		return (WINDOW_NONE);
	*body = p + RECORD_HEAD;
	if (text && record_sum(0, *body + rec->bodylen, rec->textlen) !=
	    rec->textsum)
		return (WINDOW_TEXT);
	return (WINDOW_RECORD);
}

uint64_t
window_rest(struct window *w, uint64_t offset)
{
	const uint8_t	*p;
	uint64_t	 end = offset, at;
	size_t		 n;

	for (at = offset; at < w->size; at += window_step(w, at)) {
		n = window_step(w, at);
		if ((p = window_get(w, at, n)) == NULL)
			return (w->size - offset);
		for (; n > 0 && p[n - 1] == 0; n--)
			;
		if (n > 0)
			end = at + n;
	}
	return (end - offset);
}

uint64_t
window_find(struct window *w, uint64_t offset)
{
	const uint8_t	*p;
	size_t		 n, i;

	while (offset < w->size && w->size - offset >= RECORD_HEAD) {
		n = window_step(w, offset);
		if ((p = window_get(w, offset, n)) == NULL)
			break;
		if ((i = record_find(p, n)) < n)
			return (offset + i);
		/* a head may begin in this step and end in the next */
		offset += n < RECORD_HEAD ? n : n - RECORD_HEAD + 1;
	}
	return (w->size);
}

void
window_cut(struct window *w, uint64_t offset)
{
	if (offset < w->size && (ftruncate(w->fd, (off_t)offset) == -1 ||
	    fsync(w->fd) == -1))
		log_warn("spool: %s", w->name);
}
