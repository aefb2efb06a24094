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
 * How many messages the records with uses=N had.
 */

#ifndef USES_H
#define USES_H

#include <stddef.h>
#include <stdint.h>

#include "lookup/answer.h"

#define USES_NAME_SIZE	512

/* The name that a record is counted by: of an account, or an address. */
void	 uses_name_account(const char *account, char name[USES_NAME_SIZE]);
void	 uses_name_address(const char *folded, char name[USES_NAME_SIZE]);

/* So often; NONE and 0 for one never counted. */
enum answer uses_get(const char *directory, const char *name, uint64_t *n);

/*
 * Count this message for these records, all or none; those that had it
 * lately are not counted again, for it may be asked for anew after a crash.
 * The caller makes it durable.  0 or -1.
 */
int	 uses_count(const char *directory, const char *const *names,
	    size_t nnames, uint64_t message);

/* The record is gone: one that takes its name begins anew. */
int	 uses_forget(const char *directory, const char *name);

/* The next name in that directory that was counted, "" before the first. */
enum answer uses_next(const char *directory, char name[USES_NAME_SIZE]);

#endif
