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
 * The start of a spool: the index is rebuilt, a part at a time, so that
 * the event loop goes on turning.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/queue/spool_job.h"

#define RECOVER_OWN	256		/* files in one step */
#define RECOVER_IDS	((uint64_t)1 << 24) /* given, perhaps, not stored */

/* A copy that does not count; it may never come back. */
static void
recover_remove(struct spool *sp, uint64_t id)
{
	char	 name[SPOOL_NAME_SIZE];

	spool_name_own(name, id);
	if (unlinkat(sp->ownfd, name, 0) == -1 ||
	    spool_sync_own(sp->ownfd, name) == -1)
		fatal("spool: own/%s", name);
}

static void
recover_own(struct spool *sp)
{
	struct recovery		*rv = sp->recovery;
	struct own_found	*own;
	unsigned int		 n;

	for (n = 0; n < RECOVER_OWN && rv->nextown < rv->nown; n++) {
		own = &rv->own[rv->nextown++];
		if (own->home == OWN_ALONE || own->home == OWN_MOVED)
			read_own(sp, own->id);
		else
			recover_remove(sp, own->id);
	}
}

void
recovery_free(struct spool *sp)
{
	if (sp->recovery == NULL)
		return;
	free(sp->recovery->numbers);
	free(sp->recovery->own);
	free(sp->recovery);
	sp->recovery = NULL;
}

static void
recover_end(struct spool *sp)
{
	struct recovery	*rv = sp->recovery;

	if (rv->nnumbers != 0 &&
	    rv->numbers[rv->nnumbers - 1] > sp->log.number)
		sp->log.number = rv->numbers[rv->nnumbers - 1];
	if (sp->last_id != 0)
		sp->last_id += RECOVER_IDS;
	log_info("event=recovered messages=%" PRIu64 " segments=%zu"
	    " files=%zu octets=%" PRIu64 " ms=%" PRIu64, sp->stats.messages,
	    rv->nnumbers, rv->nown, rv->octets, clock_mono() - rv->began);
	recovery_free(sp);
	spool_start(sp);
}

int
spool_recover(struct spool *sp)
{
	struct recovery	*rv = sp->recovery;

	if (rv == NULL) {
		sp->recovery = xcalloc(1, sizeof(*rv));
		sp->recovery->began = clock_mono();
		scan_begin(sp);
	} else if (rv->next < rv->nnumbers) {
		read_segment(sp, rv->numbers[rv->next],
		    rv->next == rv->nnumbers - 1);
		rv->next++;
	} else if (rv->nextown < rv->nown)
		recover_own(sp);
	else {
		recover_end(sp);
		return (0);
	}
	return (1);
}
