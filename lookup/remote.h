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
 * Room-private: directories whose records stand elsewhere, in SQL.
 *
 * The resolver asks for records and wants them at once.  So a question is
 * looked at as far as it can be: what is not known yet counts as "cannot be
 * found out", is noted, and the answer that comes of it is not sent.  When
 * all that was noted has been found out, the question is looked at anew,
 * from its start, and so on until nothing is missing.  A RCPT takes three
 * or four rounds; the members of a list are found in one.
 *
 * What was found out is forgotten with its question.
 */

#ifndef REMOTE_H
#define REMOTE_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"
#include "lookup/bdb.h"
#include "smtpd/base/proc.h"

struct lookup_conf;
struct view;

/* Once: what view_init has got. */
void	 remote_init(const struct lookup_conf *);

/*
 * Take a question whose taker asks views, once or again and again, until
 * its answer is sure.  Turns (work.h) are taken at once meanwhile.
 */
int	 remote_take(struct proc_msg *, int (*take)(struct proc_msg *));

/* Grows whenever one is looked at. */
uint64_t remote_looks(void);

/* A question to such a directory is looked at; and something is missing. */
int	 remote_is_looking(void);
int	 remote_is_missing(void);

/* Questions that wait for something. */
unsigned int remote_waiting(void);

/*
 * The record of a view's directory, number dir of the configuration, made
 * of what its statements give; see view_get, view_seek and view_next.
 */
enum answer remote_get(unsigned int dir, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer remote_seek(unsigned int dir, const void *key, size_t keylen,
	    struct bdb_item *);
enum answer remote_next(struct bdb_item *);

#endif
