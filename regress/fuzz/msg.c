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
 * Fuzz target: bodies of messages.  The first octet says which; what is
 * taken is put again, and must be the same octets: a get refuses whatever
 * its put would not have written.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_auth.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_dns.h"
#include "smtpd/msg/msg_explain.h"
#include "smtpd/msg/msg_greylist.h"
#include "smtpd/msg/msg_harvest.h"
#include "smtpd/msg/msg_keys.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_relay.h"
#include "smtpd/msg/msg_resolve.h"
#include "smtpd/msg/msg_sql.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/msg/msg_throttle.h"
#include "smtpd/msg/msg_tx.h"
#include "smtpd/msg/msg_value.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* suffix of put and get, structure: those that point to nothing. */
#define PLAIN(X)							\
	X(session, session_note)					\
	X(helo_ask, helo_ask)						\
	X(helo_answer, helo_answer)					\
	X(mail_ask, mail_ask)						\
	X(mail_answer, mail_answer)					\
	X(rcpt_ask, rcpt_ask)						\
	X(rcpt_answer, rcpt_answer)					\
	X(vrfy_ask, vrfy_ask)						\
	X(vrfy_answer, vrfy_answer)					\
	X(auth_ask, auth_ask)						\
	X(auth_answer, auth_answer)					\
	X(login_ask, login_ask)						\
	X(login_answer, login_answer)					\
	X(owner_answer, owner_answer)					\
	X(hash_ask, hash_ask)						\
	X(hash_answer, hash_answer)					\
	X(resolve_ask, resolve_ask)					\
	X(names_ask, names_ask)						\
	X(names_answer, names_answer)					\
	X(expand_ask, expand_ask)					\
	X(expand_answer, expand_answer)					\
	X(usage, usage_note)						\
	X(list_ask, list_ask)						\
	X(end, end_answer)						\
	X(deliver_ask, deliver_ask)					\
	X(deliver_answer, deliver_answer)				\
	X(dns_ask, dns_ask)						\
	X(explain_ask, explain_ask)					\
	X(greylist_ask, greylist_ask)					\
	X(greylist_list, greylist_list_ask)				\
	X(harvest_ask, harvest_ask)					\
	X(ban, ban_note)						\
	X(tickets, tickets_note)					\
	X(sign_ask, sign_ask)						\
	X(sign_answer, sign_answer)					\
	X(reload_answer, reload_answer)					\
	X(start, start_note)						\
	X(generation, generation_note)					\
	X(sql_ask, sql_ask)						\
	X(store_ask, store_ask)						\
	X(throttle_ask, throttle_ask)					\
	X(throttle_answer, throttle_answer)				\
	X(data_answer, data_answer)					\
	X(envelope, envelope_note)					\
	X(commit_ask, commit_ask)					\
	X(commit_answer, commit_answer)					\
	X(front_conf, front_conf)					\
	X(listener, listener_conf)					\
	X(queue_conf, queue_conf)					\
	X(deliver_conf, deliver_conf)					\
	X(control_conf, control_conf)					\
	X(sql_conf, sql_conf)						\
	X(relay_conf, relay_conf)

/* 1 when it was taken; then it is in w. */
#define TRY(suffix, type)						\
static int								\
try_##suffix(struct rbuf *r, struct wbuf *w)				\
{									\
	static struct type	 m;					\
									\
	if (msg_get_##suffix(r, &m) == -1)				\
		return (0);						\
	msg_put_##suffix(w, &m);					\
	return (1);							\
}
PLAIN(TRY)

static int
try_resolve_answer(struct rbuf *r, struct wbuf *w)
{
	static struct resolve_answer	 m;

	if (msg_get_resolve_answer(r, &m) == -1)
		return (0);
	msg_put_resolve_answer(w, &m);
	return (1);
}

static int
try_command(struct rbuf *r, struct wbuf *w)
{
	struct command_ask	 m;

	if (msg_get_command(r, &m) == -1)
		return (0);
	msg_put_command(w, &m);
	command_free(&m);
	return (1);
}

static int
try_directory_ask(struct rbuf *r, struct wbuf *w)
{
	struct directory_ask	 m;

	if (msg_get_directory_ask(r, &m) == -1)
		return (0);
	msg_put_directory_ask(w, &m);
	free(m.arg);
	return (1);
}

static int
try_pem(struct rbuf *r, struct wbuf *w)
{
	struct pem_note	 m;

	if (msg_get_pem(r, &m, KEYS_CERT_MAX) == -1)
		return (0);
	msg_put_pem(w, &m);
	free(m.pem);
	return (1);
}

static int
try_relay_ask(struct rbuf *r, struct wbuf *w)
{
	struct relay_ask	 m;

	if (msg_get_relay_ask(r, &m) == -1)
		return (0);
	msg_put_relay_ask(w, &m);
	free(m.rcpts);
	return (1);
}

static int
try_relay_answer(struct rbuf *r, struct wbuf *w)
{
	struct relay_answer	 m;

	if (msg_get_relay_answer(r, &m) == -1)
		return (0);
	msg_put_relay_answer(w, &m);
	free(m.results);
	return (1);
}

static int
try_lookup_conf(struct rbuf *r, struct wbuf *w)
{
	static struct lookup_conf	 m;

	if (msg_get_lookup_conf(r, &m) == -1)
		return (0);
	msg_put_lookup_conf(w, &m);
	lookup_conf_free(&m);
	return (1);
}

static int
try_policy_conf(struct rbuf *r, struct wbuf *w)
{
	static struct policy_conf	 m;

	memset(&m, 0, sizeof(m));
	if (msg_get_policy_conf(r, &m) == -1)
		return (0);
	msg_put_policy_conf(w, &m);
	policy_conf_free(&m);
	return (1);
}

static int
try_value(struct rbuf *r, struct wbuf *w)
{
	static struct value_answer	 m;

	if (msg_get_value(r, &m) == -1)
		return (0);
	msg_put_value(w, m.status, &m.value);
	return (1);
}

static int
try_sql_answer(struct rbuf *r, struct wbuf *w)
{
	static struct sql_answer	 m;
	struct datum			 d;
	uint32_t			 n;

	if (msg_get_sql_answer(r, &m) == -1)
		return (0);
	msg_put_sql_head(w, m.status, m.ncolumns, m.nrows, m.names);
	for (n = (uint32_t)m.ncolumns * m.nrows; n > 0; n--) {
		if (msg_get_sql_value(&m.values, &d) == -1)
			abort();
		msg_put_sql_value(w, &d);
	}
	return (1);
}

static int	(*const tries[])(struct rbuf *, struct wbuf *) = {
#define ROW(suffix, type)	try_##suffix,
	PLAIN(ROW)
	try_resolve_answer, try_command, try_directory_ask, try_pem,
	try_relay_ask, try_relay_answer, try_lookup_conf, try_policy_conf,
	try_value, try_sql_answer
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rbuf	 r;
	struct wbuf	 w;

	if (len == 0 || data[0] >= sizeof(tries) / sizeof(tries[0]))
		return (0);
	rbuf_init(&r, data + 1, len - 1);
	wbuf_init(&w);
	if (tries[data[0]](&r, &w) && (w.bad || w.len != len - 1 ||
	    memcmp(w.data, data + 1, w.len) != 0))
		abort();
	wbuf_free(&w);
	return (0);
}
