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
 * What smtpctl asks of the lookup process, and the parent at reload.
 */

#ifndef LOOKUP_COMMAND_H
#define LOOKUP_COMMAND_H

#include "regress/unit/lookup_play.h"

/* A command of smtpctl; its status. */
static inline int
play_command(enum directory_what what, const char *arg)
{
	struct directory_ask	 ask;
	struct wbuf		 w;

	memset(&ask, 0, sizeof(ask));
	ask.what = what;
	(void)strlcpy(ask.directory, play_in, sizeof(ask.directory));
	ask.arg = strdup(arg);
	wbuf_init(&w);
	msg_put_directory_ask(&w, &ask);
	free(ask.arg);
	play_ask(PROC_CONTROL, MSG_CONTROL_DIRECTORY_ASK, &w);
	return (play_directory.status);
}

static inline int
play_add(const char *record)
{
	return (play_command(DIRECTORY_ADD, record));
}

static inline int
play_delete(const char *what)
{
	return (play_command(DIRECTORY_DELETE, what));
}

/* Reload: what went wrong, or "". */
static inline const char *
play_reload(void)
{
	struct wbuf	 w;
	uint64_t	 end = clock_mono() + PLAY_WAIT;

	(void)strlcpy(play_tables, "?", sizeof(play_tables));
	wbuf_init(&w);
	CHECK(play_put(PROC_PARENT, MSG_PARENT_TABLES_NOTE, 0, &w) == 0,
	    "reload");
	while (strcmp(play_tables, "?") == 0 && clock_mono() < end)
		(void)event_loop(EVLOOP_ONCE);
	return (play_tables);
}

#endif
