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
 * The folder of a trial server, which smtpctl(8) makes and removes.
 */

#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>

#define SCRATCH_SOCKET	"socket"	/* where it is asked */
#define SCRATCH_STATE	"state"		/* its state directory */
#define SCRATCH_TABLE	"table.db"	/* in place of a directory's */
#define SCRATCH_LOG	"log"		/* its standard error */
#define SCRATCH_READY	"ready\n"	/* on its standard output */

/*
 * Make one in $TMPDIR or /tmp that only its owner can look into.  0, or -1
 * and errno.
 */
int	 scratch_make(char *path, size_t size);

/*
 * Remove it and what is in it, two levels at most; nothing is followed out of
 * it, and what is not there is fine.  What cannot be removed is logged.
 */
void	 scratch_remove(const char *path);

#endif
