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
 * Room-private: records made of what statements give (smtpd-directory(5)).
 * Pure, but for what fact asks.
 */

#ifndef REMOTE_RECORD_H
#define REMOTE_RECORD_H

#include "lookup/answer.h"
#include "lookup/bdb.h"
#include "smtpd/msg/msg_conf.h"

struct fact;

/* What that statement gives for an argument; NULL: not known, or broken. */
typedef const struct fact *(*remote_asks)(unsigned int dir, enum sqldir,
	    const char *arg);

/*
 * The record at a key.  texts are the statements of dir, NULL where there
 * is none.  What is in item is valid until the next call.
 */
enum answer remote_record(remote_asks, unsigned int dir, char *const *texts,
	    const void *key, size_t keylen, struct bdb_item *);

/* Keys of primary addresses that begin like this one; there is one seek. */
enum answer remote_record_seek(remote_asks, unsigned int dir,
	    char *const *texts, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer remote_record_next(struct bdb_item *);

#endif
