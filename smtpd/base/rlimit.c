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
 * One table: a process a row.
 */

#include <sys/types.h>
#include <sys/resource.h>

#include "smtpd/base/log.h"
#include "smtpd/base/rlimit.h"

#define KEEP	RLIM_INFINITY		/* as the process was started */
#define MIB	((rlim_t)1024 * 1024)

/*
 * threads	counted by RLIMIT_NPROC too
 * memory	of 20,000 TLS sessions, of a queue of a million messages; a
 *		table's cache is the administrator's to choose; rows of a
 *		server that has gone mad
 * files	peers of a prefork of 64, in all generations, and clients of the
 *		control socket
 */
static const struct {
	int	 threads;
	rlim_t	 memory, files;
} table[PROC_COUNT] = {
	[PROC_PARENT]	= { 1, KEEP, KEEP },
	[PROC_FRONT]	= { 0, 4096 * MIB, KEEP },
	[PROC_POLICY]	= { 0, 2048 * MIB, 256 },
	[PROC_LOOKUP]	= { 1, KEEP, KEEP },
	[PROC_QUEUE]	= { 1, 8192 * MIB, KEEP },
	[PROC_DELIVER]	= { 1, 1024 * MIB, KEEP },
	[PROC_RELAY]	= { 1, 2048 * MIB, KEEP },
	[PROC_CONTROL]	= { 0, 1024 * MIB, 1024 },
	[PROC_KEYS]	= { 0, 256 * MIB, 256 },
	[PROC_SQL]	= { 0, 512 * MIB, 256 },
	[PROC_HASH]	= { 0, 1024 * MIB, 64 },
};

static void
rlimit_lower(int what, const char *name, rlim_t value)
{
	struct rlimit	 rl;

	if (value == KEEP)
		return;
	if (getrlimit(what, &rl) == -1)
		fatal("getrlimit %s", name);
	if (rl.rlim_max != RLIM_INFINITY && rl.rlim_max < value)
		value = rl.rlim_max;
	rl.rlim_cur = rl.rlim_max = value;
	if (setrlimit(what, &rl) == -1)
		fatal("setrlimit %s", name);
}

void
rlimit_enter(enum proc_id id)
{
	rlimit_lower(RLIMIT_CORE, "core", 0);
	rlimit_lower(RLIMIT_DATA, "data", table[id].memory);
	rlimit_lower(RLIMIT_NOFILE, "nofile", table[id].files);
	if (!table[id].threads)
		rlimit_lower(RLIMIT_NPROC, "nproc", 0);
}
