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
 * The order in which messages are tried.
 */

#include <stdlib.h>

#include "smtpd/base/xmem.h"
#include "smtpd/queue/envelope.h"
#include "smtpd/queue/schedule.h"

#define SCHEDULE_PAUSE	300	/* s, when no pause is configured */

static void
place(struct schedule *s, struct message *m, size_t slot)
{
	s->heap[slot] = m;
	m->slot = (uint32_t)slot;
}

static void
sift_up(struct schedule *s, struct message *m)
{
	size_t	 i = m->slot;

	for (; i > 1 && s->heap[i / 2]->next > m->next; i /= 2)
		place(s, s->heap[i / 2], i);
	place(s, m, i);
}

static void
sift_down(struct schedule *s, struct message *m)
{
	size_t	 i = m->slot, child;

	while ((child = i * 2) <= s->n) {
		if (child < s->n &&
		    s->heap[child + 1]->next < s->heap[child]->next)
			child++;
		if (s->heap[child]->next >= m->next)
			break;
		place(s, s->heap[child], i);
		i = child;
	}
	place(s, m, i);
}

void
schedule_put(struct schedule *s, struct message *m)
{
	if (m->slot == 0) {
		if (s->n + 1 >= s->size) {
			s->size = s->size * 2 + 64;
			s->heap = xreallocarray(s->heap, s->size,
			    sizeof(*s->heap));
		}
		place(s, m, ++s->n);
	}
	sift_up(s, m);
	sift_down(s, m);
}

void
schedule_remove(struct schedule *s, struct message *m)
{
	struct message	*last;

	if (m->slot == 0)
		return;
	last = s->heap[s->n--];
	if (last != m) {
		place(s, last, m->slot);
		sift_up(s, last);
		sift_down(s, last);
	}
	m->slot = 0;
}

struct message *
schedule_first(const struct schedule *s)
{
	return (s->n == 0 ? NULL : s->heap[1]);
}

void
schedule_free(struct schedule *s)
{
	free(s->heap);
	s->heap = NULL;
	s->n = s->size = 0;
}

uint64_t
schedule_pause(const uint32_t *pauses, size_t npauses, uint32_t tries,
    uint32_t chance)
{
	uint64_t	 ms = SCHEDULE_PAUSE * 1000;

	if (npauses != 0) {
		if (tries > npauses)
			tries = (uint32_t)npauses;
		ms = (uint64_t)pauses[tries == 0 ? 0 : tries - 1] * 1000;
	}
	return (ms - ms / 10 + chance % (ms / 5 + 1));
}
