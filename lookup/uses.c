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
 * The only file that knows how uses are kept.
 *
 *	directory NUL name	version, count, messages counted last
 */

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "lookup/bdb_env.h"
#include "lookup/state.h"
#include "lookup/uses.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/address.h"

#define USES_VERSION	1
#define USES_LATELY	128		/* messages that queue has at a time */
#define USES_KEY_SIZE	(SESSION_DIRECTORY_MAX + 1 + USES_NAME_SIZE)

struct uses {
	uint64_t	 count;
	uint32_t	 n;
	uint64_t	 messages[USES_LATELY];	/* the newest first */
};

void
uses_name_account(const char *account, char name[USES_NAME_SIZE])
{
	(void)snprintf(name, USES_NAME_SIZE, "p%s", account);
	address_fold_local(name);
}

void
uses_name_address(const char *folded, char name[USES_NAME_SIZE])
{
	(void)snprintf(name, USES_NAME_SIZE, "a%s", folded);
}

static size_t
uses_key(const char *directory, const char *name, char buf[USES_KEY_SIZE])
{
	size_t	 len;

	len = strlcpy(buf, directory, SESSION_DIRECTORY_MAX + 1) + 1;
	return (len + strlcpy(buf + len, name, USES_NAME_SIZE));
}

static enum answer
uses_read(const char *directory, const char *name, struct uses *u)
{
	char		 key[USES_KEY_SIZE];
	struct bdb_item	 item;
	struct rbuf	 r;
	enum answer	 ans;
	uint32_t	 i;

	memset(u, 0, sizeof(*u));
	ans = bdb_store_get(state_uses(), key, uses_key(directory, name, key),
	    &item);
	if (ans != ANSWER_FOUND)
		return (ans);
	rbuf_init(&r, item.value, item.len);
	if (rbuf_u8(&r, USES_VERSION) != USES_VERSION)
		rbuf_fail(&r);
	u->count = rbuf_u64(&r);
	if ((u->n = rbuf_u32(&r)) > USES_LATELY)
		rbuf_fail(&r);
	for (i = 0; i < u->n && !r.bad; i++)
		u->messages[i] = rbuf_u64(&r);
	if (rbuf_done(&r))
		return (ANSWER_FOUND);
	log_warnx("state: the uses of %s are damaged", name + 1);
	return (ANSWER_TEMPFAIL);
}

static void
uses_write(const char *directory, const char *name, const struct uses *u)
{
	char		 key[USES_KEY_SIZE];
	struct wbuf	 w;
	uint32_t	 i;

	wbuf_init(&w);
	wbuf_u8(&w, USES_VERSION);
	wbuf_u64(&w, u->count);
	wbuf_u32(&w, u->n);
	for (i = 0; i < u->n; i++)
		wbuf_u64(&w, u->messages[i]);
	/* a failure shows when the transaction ends */
	(void)bdb_store_put(state_uses(), key, uses_key(directory, name, key),
	    w.data, w.len);
	wbuf_free(&w);
}

enum answer
uses_get(const char *directory, const char *name, uint64_t *n)
{
	struct uses	 u;
	enum answer	 ans;

	ans = uses_read(directory, name, &u);
	*n = u.count;
	return (ans);
}

/* Put the message in front; 0 when it is there already. */
static int
uses_add(struct uses *u, uint64_t message)
{
	uint32_t	 i;

	for (i = 0; i < u->n; i++)
		if (u->messages[i] == message)
			return (0);
	if (u->n < USES_LATELY)
		u->n++;
	memmove(u->messages + 1, u->messages, (u->n - 1) *
	    sizeof(u->messages[0]));
	u->messages[0] = message;
	u->count++;
	return (1);
}

int
uses_count(const char *directory, const char *const *names, size_t nnames,
    uint64_t message)
{
	struct uses	 u;
	size_t		 i;

	bdb_env_begin(state_env());
	for (i = 0; i < nnames; i++)
		if (uses_read(directory, names[i], &u) == ANSWER_TEMPFAIL)
			bdb_env_undo(state_env());
		else if (uses_add(&u, message))
			uses_write(directory, names[i], &u);
	return (bdb_env_commit(state_env()));
}

int
uses_forget(const char *directory, const char *name)
{
	char	 key[USES_KEY_SIZE];

	return (bdb_store_delete(state_uses(), key, uses_key(directory, name,
	    key)));
}

enum answer
uses_next(const char *directory, char name[USES_NAME_SIZE])
{
	char		 key[USES_KEY_SIZE];
	struct bdb_item	 item;
	enum answer	 ans;
	size_t		 len = strlen(directory) + 1, namelen;

	ans = bdb_store_after(state_uses(), key, uses_key(directory, name,
	    key), &item);
	if (ans != ANSWER_FOUND)
		return (ans);
	namelen = item.keylen - len;
	if (item.keylen <= len || memcmp(item.key, key, len) != 0 ||
	    namelen >= USES_NAME_SIZE)
		return (ANSWER_NONE);
	memcpy(name, (const char *)item.key + len, namelen);
	name[namelen] = '\0';
	return (ANSWER_FOUND);
}
