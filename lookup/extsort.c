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
 * Memory, the file behind it, and the merge.
 */

#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/extsort.h"
#include "lookup/extsort_run.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"

#define RUN_BUFFER	((size_t)256 * 1024)
#define AHEAD		16		/* items */
#define LARGE_PAGES	((size_t)64 << 20)	/* octets that deserve them */

/* Items grow from the front of the memory, references from its end. */
struct extsort {
	uint8_t		*memory;
	size_t		 size;
	size_t		 used;		/* by items */
	size_t		 n;		/* items in memory */
	size_t		 at;		/* of them that were read */
	uint64_t	 count;
	char		*dir;
	int		 fd;		/* -1: none was needed */
	off_t		 written;
	off_t		*ends;		/* of runs in the file */
	struct run	*runs;
	struct run	**heap;		/* smallest item on top */
	size_t		 nruns, nheap;
};

/* Untouched pages cost nothing; large ones are wanted: sorting jumps. */
static uint8_t *
memory_map(size_t size)
{
	void	*p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		fatal("sort: %zu octets of memory", size);
#ifdef MADV_HUGEPAGE
	if (size >= LARGE_PAGES)
		(void)madvise(p, size, MADV_HUGEPAGE);	/* else small ones */
#endif
	return (p);
}

static void
memory_free(struct extsort *s)
{
	if (s->memory != NULL)
		(void)munmap(s->memory, s->size);	/* mapped just so */
	s->memory = NULL;
}

struct extsort *
extsort_new(const char *dir, size_t memory)
{
	struct extsort	*s = xcalloc(1, sizeof(*s));

	s->size = memory & ~(size_t)(PACKED_ALIGN - 1);
	s->memory = memory_map(s->size);
	s->dir = xstrdup(dir);
	s->fd = -1;
	return (s);
}

static void
runs_free(struct extsort *s)
{
	size_t	 i;

	for (i = 0; s->runs != NULL && i < s->nruns; i++)
		free(s->runs[i].buf);
	free(s->runs);
	free(s->heap);
	s->runs = NULL;
	s->heap = NULL;
}

void
extsort_free(struct extsort *s)
{
	if (s == NULL)
		return;
	runs_free(s);
	if (s->fd != -1)
		(void)close(s->fd);	/* it has no name */
	memory_free(s);
	free(s->ends);
	free(s->dir);
	free(s);
}

static struct packed_ref *
refs(struct extsort *s)
{
	return ((struct packed_ref *)(void *)(s->memory + s->size) - s->n);
}

static int
file_open(struct extsort *s)
{
	char	 path[4096];

	s->fd = open(s->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR &&
	    errno != ENOENT))
		return (s->fd == -1 ? -1 : 0);
	/* a file system that does not know files without name */
	if (snprintf(path, sizeof(path), "%s/.sort.XXXXXX", s->dir) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	if ((s->fd = mkostemp(path, O_CLOEXEC)) == -1)
		return (-1);
	return (unlink(path));
}

static int
write_all(int fd, const uint8_t *p, size_t len, off_t *at)
{
	ssize_t	 n;

	while (len > 0) {
		if ((n = pwrite(fd, p, len, *at)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		p += n;
		len -= (size_t)n;
		*at += n;
	}
	return (0);
}

/* What is in memory, in order, to the file; then the memory is empty. */
static int
spill(struct extsort *s)
{
	const struct packed	*p;
	struct packed_ref	*r = refs(s);
	uint8_t			*buf;
	size_t			 i, n, len = 0, size = 4 * RUN_BUFFER;
	int			 ret = 0;

	if (s->fd == -1 && file_open(s) == -1)
		return (-1);
	packed_sort(r, s->n);
	buf = xreallocarray(NULL, size, 1);
	for (i = 0; i < s->n && ret == 0; i++) {
		p = r[i].item;
		if (i + AHEAD < s->n)
			__builtin_prefetch(r[i + AHEAD].item);
		n = packed_size(p->keylen, p->len);
		if (n > size - len) {
			ret = write_all(s->fd, buf, len, &s->written);
			len = 0;
		}
		if (ret == 0 && n > size)
			ret = write_all(s->fd, (const uint8_t *)p, n,
			    &s->written);
		else if (ret == 0) {
			memcpy(buf + len, p, n);
			len += n;
		}
	}
	if (ret == 0)
		ret = write_all(s->fd, buf, len, &s->written);
	free(buf);
	s->ends = xreallocarray(s->ends, s->nruns + 1, sizeof(*s->ends));
	s->ends[s->nruns++] = s->written;
	s->used = s->n = 0;
	return (ret);
}

int
extsort_add(struct extsort *s, const struct extsort_item *item)
{
	struct packed	*p;
	size_t		 n, room;

	if (item->keylen > EXTSORT_KEY_MAX || item->len > UINT32_MAX / 2) {
		errno = E2BIG;
		return (-1);
	}
	n = packed_size(item->keylen, item->len);
	room = s->size - s->used - s->n * sizeof(struct packed_ref);
	if (n + sizeof(struct packed_ref) > room) {
		if (n + sizeof(struct packed_ref) > s->size) {
			errno = E2BIG;
			return (-1);
		}
		if (spill(s) == -1)
			return (-1);
	}
	p = (struct packed *)(void *)(s->memory + s->used);
	p->tag = item->tag;
	p->len = (uint32_t)item->len;
	p->keylen = (uint32_t)item->keylen;
	memcpy(p + 1, item->key, item->keylen);
	if (item->len > 0)
		memcpy((uint8_t *)(p + 1) + item->keylen, item->value,
		    item->len);
	/* what is written to the file is all ours */
	memset((uint8_t *)(p + 1) + item->keylen + item->len, 0,
	    n - sizeof(*p) - item->keylen - item->len);
	s->used += n;
	s->n++;
	s->count++;
	refs(s)->item = p;
	return (0);
}

int
extsort_finish(struct extsort *s)
{
	if (s->nruns == 0)
		packed_sort(refs(s), s->n);
	else if (s->n > 0 && spill(s) == -1)
		return (-1);
	if (s->nruns > 0)
		memory_free(s);		/* runs have buffers of their own */
	return (extsort_rewind(s));
}

static void
heap_down(struct extsort *s, size_t i)
{
	struct run	*x = s->heap[i];
	size_t		 child;

	for (; (child = 2 * i + 1) < s->nheap; i = child) {
		if (child + 1 < s->nheap && packed_compare(
		    s->heap[child + 1]->item, s->heap[child]->item) < 0)
			child++;
		if (packed_compare(x->item, s->heap[child]->item) <= 0)
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = x;
}

int
extsort_rewind(struct extsort *s)
{
	size_t	 i;

	s->at = s->nheap = 0;
	if (s->nruns == 0)
		return (0);
	runs_free(s);
	s->runs = xcalloc(s->nruns, sizeof(*s->runs));
	s->heap = xcalloc(s->nruns, sizeof(*s->heap));
	for (i = 0; i < s->nruns; i++) {
		s->runs[i].fd = s->fd;
		s->runs[i].at = i == 0 ? 0 : s->ends[i - 1];
		s->runs[i].end = s->ends[i];
		s->runs[i].size = RUN_BUFFER;
		s->runs[i].buf = xreallocarray(NULL, RUN_BUFFER, 1);
		if (run_next(&s->runs[i]) == -1)
			return (-1);
		if (s->runs[i].item != NULL)
			s->heap[s->nheap++] = &s->runs[i];
	}
	for (i = s->nheap / 2; i-- > 0; )
		heap_down(s, i);
	return (0);
}

/* The smallest of all runs; the one before it is read over first. */
static int
merge_next(struct extsort *s, const struct packed **p)
{
	if (s->at++ > 0 && s->nheap > 0) {
		if (run_next(s->heap[0]) == -1)
			return (-1);
		if (s->heap[0]->item == NULL)
			s->heap[0] = s->heap[--s->nheap];
		if (s->nheap > 0)
			heap_down(s, 0);
	}
	*p = s->nheap == 0 ? NULL : s->heap[0]->item;
	return (0);
}

int
extsort_next(struct extsort *s, struct extsort_item *item)
{
	const struct packed	*p = NULL;

	if (s->nruns > 0) {
		if (merge_next(s, &p) == -1)
			return (-1);
	} else if (s->at < s->n) {
		p = refs(s)[s->at++].item;
		/* they lie anywhere: fetch before they are wanted */
		if (s->at + AHEAD < s->n)
			__builtin_prefetch(refs(s)[s->at + AHEAD].item);
	}
	if (p == NULL)
		return (0);
	item->key = p + 1;
	item->keylen = p->keylen;
	item->tag = p->tag;
	item->value = (const uint8_t *)(p + 1) + p->keylen;
	item->len = p->len;
	return (1);
}

uint64_t
extsort_count(const struct extsort *s)
{
	return (s->count);
}
