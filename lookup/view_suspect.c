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
 * Tables whose reading did not end.  A damaged page can make Berkeley DB
 * spin, and a disk can be away for a while: the first time the table is
 * looked through, and opened once more when it is in order.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/mark.h"
#include "lookup/state.h"
#include "lookup/view_set.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"

#define SUSPECT_STRIKES	2	/* and the table is not opened any more */

/* Which file is this?  With the strikes in front it is what is kept. */
static int
suspect_identity(const struct view *v, unsigned int strikes, struct wbuf *w)
{
	struct stat	 st;

	wbuf_init(w);
	if (stat(v->conf.path, &st) == -1)
		return (-1);
	wbuf_u8(w, (uint8_t)strikes);
	wbuf_str(w, v->conf.path);
	wbuf_u64(w, (uint64_t)st.st_dev);
	wbuf_u64(w, (uint64_t)st.st_ino);
	wbuf_u64(w, (uint64_t)st.st_size);
	wbuf_u64(w, (uint64_t)st.st_mtim.tv_sec);
	wbuf_u64(w, (uint64_t)st.st_mtim.tv_nsec);
	return (0);
}

/* How often this very file did it; not known is often enough. */
static unsigned int
suspect_strikes(const struct view *v)
{
	const uint8_t	*kept;
	struct bdb_item	 item;
	struct wbuf	 w;
	unsigned int	 strikes = 0;

	switch (bdb_store_get(state_tables(), v->conf.name,
	    strlen(v->conf.name), &item)) {
	case ANSWER_FOUND:
		break;
	case ANSWER_NONE:
		return (0);
	default:
		return (SUSPECT_STRIKES);
	}
	kept = item.value;
	if (suspect_identity(v, 0, &w) == 0 && w.len == item.len &&
	    memcmp(w.data + 1, kept + 1, w.len - 1) == 0)
		strikes = kept[0];
	wbuf_free(&w);
	return (strikes);
}

static void
suspect_note(const struct view *v, unsigned int strikes)
{
	struct wbuf	 w;

	if (suspect_identity(v, strikes, &w) == 0)
		/* a failure is logged; then it is found out again */
		(void)bdb_store_put(state_tables(), v->conf.name,
		    strlen(v->conf.name), w.data, w.len);
	wbuf_free(&w);
}

void
view_suspect(struct view *v)
{
	char		 why[VIEW_WHY_SIZE];
	unsigned int	 strikes = suspect_strikes(v) + 1;
	int		 good = 0;

	suspect_note(v, strikes);
	if (strikes < SUSPECT_STRIKES) {
		/* if this does not end either, the next process knows */
		*mark = v->mark;
		good = bdb_table_verify(v->conf.path, why, sizeof(why)) == 0;
		*mark = MARK_NONE;
	}
	if (good) {
		log_warnx("directory %s: reading %s did not end, but it is in "
		    "order: opened once more", v->conf.name, v->conf.path);
		return;
	}
	suspect_note(v, SUSPECT_STRIKES);
	log_warnx("directory %s: reading %s did not end: not opened again, "
	    "build it anew", v->conf.name, v->conf.path);
}

int
view_is_banned(const struct view *v)
{
	return (suspect_strikes(v) >= SUSPECT_STRIKES);
}
