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
 * Room-private: a PostgreSQL server.
 *
 * A few connections, each with one statement at a time; what they cannot
 * take waits, bounded.  Nothing blocks: a statement that has not ended at
 * its deadline costs its connection.  A server that cannot be reached is
 * tried again with growing pauses, and meanwhile all is broken at once.
 */

#ifndef SQL_SERVER_H
#define SQL_SERVER_H

#include <stddef.h>

#include "smtpd/msg/msg_conf.h"

struct sql_job;

#define SQL_FOLDERS	4

struct sql_folders {
	char	 paths[SQL_FOLDERS][CONF_PATH_MAX + 1];
	size_t	 n;
};

/*
 * Before the sandbox closes; nothing is connected yet.  The folders are
 * those of certificates, and a key, that the address names.
 */
void	 sql_server_init(const struct sql_conf *, struct sql_folders *);

void	 sql_server_run(struct sql_job *);	/* takes it over */

unsigned int sql_server_waiting(void);
unsigned int sql_server_connections(void);

#endif
