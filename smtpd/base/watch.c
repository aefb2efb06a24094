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
 * A table of few places.
 */

#include <string.h>

#include "smtpd/base/watch.h"

struct watch	 watches[WATCH_MAX];
uint8_t		 watch_all, watch_live;

struct watch *
watch_find(uint64_t number)
{
	unsigned int	 i;

	for (i = 0; i < WATCH_MAX; i++)
		if (watches[i].number == number && number != 0)
			return (&watches[i]);
	return (NULL);
}

static void
watch_masks(void)
{
	unsigned int	 i;

	watch_all = watch_live = 0;
	for (i = 0; i < WATCH_MAX; i++)
		if (watches[i].number != 0) {
			watch_all |= (uint8_t)(1U << i);
			if (!watches[i].paused)
				watch_live |= (uint8_t)(1U << i);
		}
}

int
watch_set(const struct watch *w)
{
	struct watch	*place = watch_find(w->number);
	unsigned int	 i;

	for (i = 0; place == NULL && i < WATCH_MAX; i++)
		if (watches[i].number == 0)
			place = &watches[i];
	if (place == NULL)
		return (-1);
	*place = *w;
	watch_masks();
	return (0);
}

void
watch_pause(struct watch *w, int paused)
{
	w->paused = paused;
	watch_masks();
}

void
watch_end(struct watch *w)
{
	memset(w, 0, sizeof(*w));
	watch_masks();
}

void
watch_clear(void)
{
	memset(watches, 0, sizeof(watches));
	watch_masks();
}

uint8_t
watch_match(uint64_t session, const struct ip *client)
{
	unsigned int	 i, bits = 0;

	if (watch_all == 0)
		return (0);
	for (i = 0; i < WATCH_MAX; i++)
		if (watches[i].number != 0 && (watches[i].session != 0 ?
		    watches[i].session == session :
		    ip_net_has(&watches[i].net, client)))
			bits |= 1U << i;
	return ((uint8_t)bits);
}
