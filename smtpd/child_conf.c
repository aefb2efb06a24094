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
 * What each child is told about the configuration: its slice.
 */

#include <sys/types.h>

#include <sha2.h>

#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/parent.h"

typedef void (*child_emit)(void *arg, uint32_t type, struct wbuf *);

/* The programs of settings, a message each: behind the slice. */
static void
conf_programs(const struct conf *conf, child_emit emit, void *arg)
{
	struct wbuf	 w;
	unsigned int	 i;

	for (i = 0; i < SET_ALL; i++) {
		if (policy_conf_setting(&conf->policy, (enum policy_setting)i)
		    ->kind != SETTING_PROGRAM)
			continue;
		wbuf_init(&w);
		msg_put_policy_code(&w, &conf->policy,
		    (enum policy_setting)i);
		emit(arg, MSG_PARENT_CODE_NOTE, &w);
	}
}

/* The values of lists, as many messages as they need. */
static void
conf_lists(const struct conf *conf, child_emit emit, void *arg)
{
	const char	*value;
	struct wbuf	 w;
	uint32_t	 i;
	int		 more;

	for (i = 0; i < conf->policy.nlists; i++) {
		value = NULL;
		do {
			wbuf_init(&w);
			more = msg_put_policy_list(&w, &conf->policy, i,
			    &value);
			emit(arg, MSG_PARENT_LIST_NOTE, &w);
		} while (more);
	}
}

static void
conf_scripts(const struct conf *conf, child_emit emit, void *arg)
{
	struct wbuf	 w;
	uint32_t	 i;

	for (i = 0; i < conf->policy.nscripts; i++) {
		wbuf_init(&w);
		msg_put_policy_script(&w, &conf->policy, i);
		emit(arg, MSG_PARENT_SCRIPT_NOTE, &w);
	}
}

/* What a process is told of the configuration, as messages. */
static void
child_messages(enum proc_id id, unsigned int inst, const struct conf *conf,
    child_emit emit, void *arg)
{
	struct wbuf	 w;

	wbuf_init(&w);
	switch (id) {
	case PROC_KEYS:
	case PROC_HASH:
		return;			/* these have no settings */
	case PROC_FRONT:
		msg_put_front_conf(&w, &conf->front);
		break;
	case PROC_POLICY:
		msg_put_policy_conf(&w, &conf->policy);
		break;
	case PROC_LOOKUP:
		msg_put_lookup_conf(&w, &conf->lookup);
		break;
	case PROC_QUEUE:
		msg_put_queue_conf(&w, &conf->queue);
		break;
	case PROC_DELIVER:
		msg_put_deliver_conf(&w, &conf->deliver);
		break;
	case PROC_RELAY:
		msg_put_relay_conf(&w, &conf->relay);
		break;
	case PROC_SQL:
		msg_put_sql_conf(&w, &conf->lookup.sqls[inst]);
		break;
	case PROC_CONTROL:
		msg_put_control_conf(&w, &conf->control);
		break;
	default:
		fatalx("child_messages: %s", proc_name(id));
	}
	emit(arg, MSG_PARENT_CONF_NOTE, &w);
	if (id != PROC_POLICY)
		return;
	conf_programs(conf, emit, arg);
	conf_lists(conf, emit, arg);
	conf_scripts(conf, emit, arg);
}

struct addressee {
	enum proc_id	 id;
	unsigned int	 inst;
};

static void
conf_send(void *arg, uint32_t type, struct wbuf *w)
{
	const struct addressee	*to = arg;

	(void)proc_send(to->id, to->inst, type, 0, -1, w);
}

void
child_configure(enum proc_id id, unsigned int inst, const struct conf *conf)
{
	struct addressee	 to = { id, inst };

	child_messages(id, inst, conf, conf_send, &to);
}

/* Of the length too, so that no two rows of messages look the same. */
static void
conf_digest(void *arg, uint32_t type, struct wbuf *w)
{
	uint64_t	 head[2] = { type, w->len };

	if (w->bad)
		fatalx("message %u does not fit", type);
	SHA256Update(arg, (const uint8_t *)head, sizeof(head));
	SHA256Update(arg, w->data, w->len);
	wbuf_free(w);
}

void
child_digest(enum proc_id id, unsigned int inst, const struct conf *conf,
    uint8_t digest[CHILD_DIGEST_SIZE])
{
	SHA2_CTX	 ctx;

	SHA256Init(&ctx);
	child_messages(id, inst, conf, conf_digest, &ctx);
	SHA256Final(digest, &ctx);
}
