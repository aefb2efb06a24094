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
 * The configuration as one struct: what smtpd.conf(5) says, with all
 * defaults filled in and all checks passed.
 */

#ifndef CONF_H
#define CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_keys.h"
#include "smtpd/msg/msg_relay.h"

/* A certificate and its key, read from their files. */
struct pki_conf {
	char		 name[KEYS_NAME_MAX + 1];
	char		 cert[CONF_PATH_MAX + 1];
	char		 key[CONF_PATH_MAX + 1];
	char		*cert_pem, *key_pem;
	uint8_t		 id[KEYS_ID_SIZE];
	time_t		 expires;
};

struct conf {
	struct front_conf	 front;
	struct policy_conf	 policy;
	struct lookup_conf	 lookup;
	struct queue_conf	 queue;
	struct deliver_conf	 deliver;
	struct relay_conf	 relay;
	struct control_conf	 control;
	size_t			 nlisteners;
	struct listener_conf	 listeners[CONF_LISTENERS_MAX];
	size_t			 npkis;
	struct pki_conf		 pkis[CONF_PKIS_MAX];
	uint32_t		 prefork;	/* pairs of front and policy */
	uint32_t		 hashes;	/* hashing processes, where some
						   listener has AUTH */
	uint32_t		 max_sessions;	/* of all fronts together */
	char			 control_socket[CONF_PATH_MAX + 1];
};

/* One error, "file:line:column: what, expected that", without line end. */
typedef void (*conf_report)(void *arg, const char *line);

/*
 * Define a macro from "name=value".  It holds for every later conf_load
 * and wins over a definition in the file.  0, or -1 when text is not that.
 */
int	 conf_define(const char *text);

/*
 * Read the file.  NULL when anything is wrong with it; all errors have
 * been reported by then, in the order of the file, and behind them those
 * that can be seen only at its end.  Starts nothing and changes nothing: a
 * running server may call it at any time.
 */
struct conf *conf_load(const char *path, conf_report, void *arg);

/* NULL is accepted. */
void	 conf_free(struct conf *);

/* Wipe and free the texts; the rest stays. */
void	 conf_pki_free(struct pki_conf *);

/* As understood: a line "key = value" for each setting. */
void	 conf_dump(const struct conf *, FILE *);

#endif
