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
 * Commands over lists: the sessions of the fronts, and the queue.  Lists
 * come in parts, and the next part is asked for when smtpctl has read.
 */

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/log.h"
#include "smtpd/base/network.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/smtp/address.h"

#define NOT_MESSAGES	"expected a message id, all, or some of: " \
			    "from ADDRESS, to ADDRESS, older AGE"

static int
list_answer(void *arg, struct proc_msg *m)
{
	struct client		*c = arg;
	struct list_head	 head;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "no answer in time");
		return (0);
	}
	if (msg_get_list_head(&m->body, &head) == -1)
		return (-1);
	if (rbuf_left(&m->body) != 0) {
		client_rows(c, m->body.p, rbuf_left(&m->body));
		c->nrows++;
	}
	rbuf_skip(&m->body);
	c->changed += head.changed;
	c->list.after = head.next;
	c->list.part = head.part;
	if (head.next == 0)
		c->target++;
	if (!client_busy(c, c->next))
		c->next(c);
	return (0);
}

static void
list_end(struct client *c)
{
	if (c->list.what == LIST_SHOW) {
		if (c->nrows == 0 && c->list.id != 0)
			client_end(c, EX_DATAERR, "no such message");
		else
			client_end(c, EX_OK, NULL);
		return;
	}
	if (c->changed == 0 && c->list.id != 0) {
		client_end(c, EX_DATAERR, "no such message in a state for "
		    "that");
		return;
	}
	client_end_changed(c);
}

static void
list_ask(struct client *c, enum proc_id id, unsigned int inst, uint32_t type)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_list_ask(&w, &c->list);
	(void)pending_ask(id, inst, type, -1, &w, PENDING_LOOKUP,
	    list_answer, c);
}

static void
queue_next(struct client *c)
{
	if (c->list.after == 0 && c->target != 0)
		list_end(c);
	else
		list_ask(c, PROC_QUEUE, 0, MSG_CONTROL_QUEUE_ASK);
}

/* A message id as shown: 16 hex digits; "all" is 0.  -1: neither. */
static int
queue_id(const char *word, uint64_t *id)
{
	char	*end;

	*id = 0;
	if (strcmp(word, "all") == 0)
		return (0);
	if (strlen(word) != 16 || strspn(word, "0123456789abcdef") != 16)
		return (-1);
	*id = strtoull(word, &end, 16);
	return (*id == 0 ? -1 : 0);
}

/* "90", "15m", "2d" in seconds; 0 when it is no such age. */
static uint32_t
queue_age(const char *word)
{
	static const struct {
		char	 unit;
		long	 seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	char	*end;
	long	 n = strtol(word, &end, 10);
	size_t	 i;

	if (end == word || *word < '0' || *word > '9' || n > 36500)
		return (0);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end[0] == units[i].unit && end[1] == '\0')
			return ((uint32_t)(n * units[i].seconds));
	return (0);
}

static int
queue_address(char *to, const char *word)
{
	struct address	 a;

	if (to[0] != '\0' || strlen(word) >= ADDRESS_STR_SIZE)
		return (-1);
	memcpy(to, word, strlen(word) + 1);
	if (strcmp(word, "<>") == 0)
		return (0);
	return ((word[0] == '@' ? address_check_domain(word + 1,
	    strlen(word + 1), ADDRESS_UTF8_OK) : address_parse(word,
	    strlen(word), ADDRESS_UTF8_OK, &a)) == ADDRESS_OK ? 0 : -1);
}

/* An id, "all", or pairs: from ADDRESS, to ADDRESS, older AGE. */
static int
queue_words(struct client *c, const struct command_ask *ask)
{
	struct list_ask	*l = &c->list;
	const char	*word, *value;
	size_t		 i;

	if (ask->n == 3)
		return (queue_id(ask->args[2], &l->id));
	for (i = 2; i + 1 < ask->n; i += 2) {
		word = ask->args[i];
		value = ask->args[i + 1];
		if (strcmp(word, "from") == 0) {
			if (queue_address(l->from, value) == -1)
				return (-1);
		} else if (strcmp(word, "to") == 0) {
			if (queue_address(l->to, value) == -1)
				return (-1);
		} else if (strcmp(word, "older") != 0 || l->older != 0 ||
		    (l->older = queue_age(value)) == 0)
			return (-1);
	}
	return (i == ask->n ? 0 : -1);
}

void
command_queue(struct client *c, struct command_ask *ask)
{
	if (queue_words(c, ask) == -1) {
		client_end(c, EX_USAGE, NOT_MESSAGES);
		return;
	}
	c->next = queue_next;
	queue_next(c);
}

void
command_queue_change(struct client *c, struct command_ask *ask)
{
	static const struct {
		const char	*word;
		enum list_what	 what;
	} words[] = {
		{ "retry",	LIST_RETRY },
		{ "hold",	LIST_HOLD },
		{ "release",	LIST_RELEASE },
		{ "remove",	LIST_REMOVE },
	};
	size_t	 i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(ask->args[1], words[i].word) == 0)
			c->list.what = words[i].what;
	if (queue_words(c, ask) == -1) {
		client_end(c, EX_USAGE, NOT_MESSAGES);
		return;
	}
	log_info("queue %s %s by uid %u", ask->args[1], ask->args[2],
	    (unsigned int)c->uid);
	c->next = queue_next;
	queue_next(c);
}

static void
harvest_next(struct client *c)
{
	if (c->list.after != 0 || c->target == 0)
		list_ask(c, PROC_LOOKUP, 0, MSG_CONTROL_HARVEST_ASK);
	else if (c->list.what == LIST_SHOW)
		client_end(c, EX_OK, NULL);
	else if (c->changed == 0)
		client_end(c, EX_DATAERR, "no errors are remembered of that");
	else
		client_end_changed(c);
}

void
command_harvest(struct client *c, struct command_ask *ask)
{
	c->next = harvest_next;
	harvest_next(c);
}

void
command_pardon(struct client *c, struct command_ask *ask)
{
	struct network	 n = { 0, 0 };

	if (strcmp(ask->args[1], "all") != 0 &&
	    network_parse(ask->args[1], &n) == -1) {
		client_end(c, EX_USAGE, "expected all, an address, or a "
		    "network as 'show harvest' has it");
		return;
	}
	log_info("pardon %s by uid %u", ask->args[1], (unsigned int)c->uid);
	c->list.what = LIST_REMOVE;
	c->list.part = n.family;
	c->list.after = n.prefix;
	c->next = harvest_next;
	harvest_next(c);
}

static void
sessions_next(struct client *c)
{
	if (c->target >= control_conf.prefork)
		client_end(c, EX_OK, NULL);
	else
		list_ask(c, PROC_FRONT, (unsigned int)c->target,
		    MSG_CONTROL_SESSIONS_ASK);
}

void
command_sessions(struct client *c, struct command_ask *ask)
{
	c->next = sessions_next;
	sessions_next(c);
}
