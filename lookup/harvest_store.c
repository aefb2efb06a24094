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
 * The only file that knows how the harvest memory is kept.
 *
 *	family, prefix		version, full, banned, errors
 */

#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/harvest.h"
#include "lookup/state.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"

#define STORE_VERSION	1

void
harvest_store_put(const struct harvest *h)
{
	struct wbuf	 k, v;

	wbuf_init(&k);
	network_put(&k, &h->network);
	wbuf_init(&v);
	wbuf_u8(&v, STORE_VERSION);
	wbuf_u64(&v, h->full);
	wbuf_u64(&v, h->banned);
	wbuf_u64(&v, h->errors);
	/* memory has it: a full disk forgives only over a restart */
	(void)bdb_store_put(state_harvest(), k.data, k.len, v.data, v.len);
	wbuf_free(&k);
	wbuf_free(&v);
}

void
harvest_store_delete(const struct network *n)
{
	struct wbuf	 k;

	wbuf_init(&k);
	network_put(&k, n);
	(void)bdb_store_delete(state_harvest(), k.data, k.len);
	wbuf_free(&k);
}

static int
store_get(const struct bdb_item *item, struct harvest *h)
{
	struct rbuf	 r;

	memset(h, 0, sizeof(*h));
	rbuf_init(&r, item->key, item->keylen);
	network_get(&r, &h->network);
	if (!rbuf_done(&r) || h->network.family == 0)
		return (-1);
	rbuf_init(&r, item->value, item->len);
	if (rbuf_u8(&r, STORE_VERSION) != STORE_VERSION)
		return (-1);
	h->full = rbuf_u64(&r);
	h->banned = rbuf_u64(&r);
	h->errors = rbuf_u64(&r);
	return (rbuf_done(&r) ? 0 : -1);
}

void
harvest_store_load(int (*take)(const struct harvest *, void *), void *arg)
{
	struct harvest	 h;
	struct bdb_item	 item;
	uint8_t		 key[BDB_ENV_KEY_MAX] = { 0 };
	size_t		 len = 1, damaged = 0;
	enum answer	 ans;

	while ((ans = bdb_store_after(state_harvest(), key, len, &item)) ==
	    ANSWER_FOUND && item.keylen <= sizeof(key)) {
		len = item.keylen;
		memcpy(key, item.key, len);
		if (store_get(&item, &h) == -1)
			damaged++;
		else if (take(&h, arg))
			continue;
		(void)bdb_store_delete(state_harvest(), key, len);
	}
	if (damaged != 0)
		log_warnx("state: %zu records of the harvest memory were "
		    "damaged, and dropped", damaged);
	if (ans == ANSWER_TEMPFAIL)
		log_warnx("state: the harvest memory could not be read");
}
