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
 * explain rcpt: what policy would say to a client, told by policy itself;
 * explain answers: the same of many recipients, in short; why: what it has
 * said.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_directory.h"
#include "smtpd/msg/msg_explain.h"

/* A client says three things, and each may take as long as front waits. */
#define EXPLAIN_WAIT	(3 * PENDING_FRONT + PENDING_POLICY)

/* Who asks when nothing is said: a stranger (RFC 5737), for a notice. */
#define EXPLAIN_CLIENT	"192.0.2.1"
#define EXPLAIN_HELO	"client.example"
#define EXPLAIN_FROM	"<>"

/* m is NULL when policy did not answer; else its head has been read. */
static void
explain_end(struct client *c, struct proc_msg *m,
    const struct explain_head *head)
{
	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "policy did not answer in time");
		return;
	}
	if (rbuf_left(&m->body) != 0)
		client_rows(c, m->body.p, rbuf_left(&m->body));
	rbuf_skip(&m->body);
	client_end(c, head->status, head->text);
}

static int
explain_answer(void *arg, struct proc_msg *m)
{
	struct explain_head	 head;

	if (m != NULL && msg_get_explain_head(&m->body, &head) == -1)
		return (-1);
	explain_end(arg, m, &head);
	return (0);
}

/* A path as a client writes it: with brackets. */
static int
explain_path(char *to, size_t size, const char *word)
{
	int	 n;

	n = snprintf(to, size, word[0] == '<' ? "%s" : "<%s>", word);
	return (n < 0 || (size_t)n >= size ? -1 : 0);
}

static const struct listener_name *
explain_listener(const char *name)
{
	size_t	 i;

	for (i = 0; i < control_conf.nlisteners; i++)
		if (name[0] == '\0' ||
		    strcmp(control_conf.listeners[i].name, name) == 0)
			return (&control_conf.listeners[i]);
	return (NULL);
}

/* One pair of words; NULL, or what is wrong with it. */
static const char *
explain_pair(struct explain_ask *ask, const char *key, const char *value)
{
	if (strcmp(key, "from") == 0)
		return (explain_path(ask->from, sizeof(ask->from), value) ==
		    -1 ? "that address is too long" : NULL);
	if (strcmp(key, "client") == 0)
		return (ip_parse(value, &ask->remote) == -1 ?
		    "client: expected an IP address" : NULL);
	if (strcmp(key, "helo") == 0)
		return (strlcpy(ask->helo, value, sizeof(ask->helo)) >=
		    sizeof(ask->helo) ? "that name is too long" : NULL);
	if (strcmp(key, "auth") == 0)
		return (strlcpy(ask->login, value, sizeof(ask->login)) >=
		    sizeof(ask->login) || value[0] == '\0' ?
		    "auth: expected the name of a login" : NULL);
	if (strcmp(key, "listener") == 0)
		return (strlcpy(ask->listener, value,
		    sizeof(ask->listener)) >= sizeof(ask->listener) ||
		    value[0] == '\0' ? "listener: expected its name" : NULL);
	return ("expected from, client, helo, auth or listener");
}

/* NULL, or what is wrong with the words. */
static const char *
explain_words(struct explain_ask *ask, const struct command_ask *words,
    const char *rcpt)
{
	const char	*why;
	size_t		 i;

	memset(ask, 0, sizeof(*ask));
	(void)ip_parse(EXPLAIN_CLIENT, &ask->remote);
	(void)strlcpy(ask->helo, EXPLAIN_HELO, sizeof(ask->helo));
	(void)strlcpy(ask->from, EXPLAIN_FROM, sizeof(ask->from));
	if (explain_path(ask->rcpt, sizeof(ask->rcpt), rcpt) == -1)
		return ("that address is too long");
	if (words->n % 2 == 0)
		return ("a value is missing");
	for (i = 3; i < words->n; i += 2)
		if ((why = explain_pair(ask, words->args[i],
		    words->args[i + 1])) != NULL)
			return (why);
	return (NULL);
}

static void
explain_no_listener(struct client *c)
{
	char	 why[256] = "no such listener, expected one of";
	size_t	 i;

	for (i = 0; i < control_conf.nlisteners; i++) {
		(void)strlcat(why, i == 0 ? " " : ", ", sizeof(why));
		(void)strlcat(why, control_conf.listeners[i].name,
		    sizeof(why));
	}
	client_end(c, EX_DATAERR, why);
}

static void	 why_next(struct client *);

static int
why_answer(void *arg, struct proc_msg *m)
{
	struct client		*c = arg;
	struct explain_head	 head = { .status = EX_NOINPUT };

	if (m != NULL && msg_get_explain_head(&m->body, &head) == -1)
		return (-1);
	if (head.status != EX_NOINPUT) {
		explain_end(c, m, &head);
		return (0);
	}
	if (m == NULL)
		c->silent++;
	else
		rbuf_skip(&m->body);
	c->target++;
	why_next(c);
	return (0);
}

/* Each policy remembers what it has said itself. */
static void
why_next(struct client *c)
{
	struct wbuf	 w;

	while (c->target < PROC_INST_MAX &&
	    !proc_peer_up(PROC_POLICY, (unsigned int)c->target))
		c->target++;
	if (c->target == PROC_INST_MAX) {
		if (c->silent != 0)
			client_end(c, EX_TEMPFAIL, "policy did not answer in "
			    "time");
		else
			client_end(c, EX_NOINPUT, "no such refusal is "
			    "remembered");
		return;
	}
	wbuf_init(&w);
	msg_put_session_id(&w, c->list.id);
	(void)pending_ask(PROC_POLICY, (unsigned int)c->target,
	    MSG_CONTROL_WHY_ASK, -1, &w, EXPLAIN_WAIT, why_answer, c);
}

void
command_why(struct client *c, struct command_ask *words)
{
	const char	*word = words->args[1];

	if (strlen(word) != 16 || strspn(word, "0123456789abcdef") != 16) {
		client_end(c, EX_USAGE, "expected the id of a refusal, as "
		    "the log has it");
		return;
	}
	c->list.id = strtoull(word, NULL, 16);
	why_next(c);
}

/* The addresses, a line each; NULL, or what is wrong with them. */
static const char *
answers_lines(struct answers_ask *ask, char *lines)
{
	char	*line, *lf;

	for (line = lines; line != NULL; line = lf) {
		if ((lf = strchr(line, '\n')) != NULL)
			*lf++ = '\0';
		if (ask->n == ANSWERS_MAX)
			return ("too many addresses");
		if (explain_path(ask->rcpts[ask->n++],
		    sizeof(ask->rcpts[0]), line) == -1)
			return ("that address is too long");
	}
	return (NULL);
}

static void
answers_put(struct client *c)
{
	static struct answers_ask	 ask;
	const char			*why;
	struct wbuf			 w;

	ask.client = *c->explain;
	ask.client.rcpt[0] = '\0';
	ask.n = 0;
	if ((why = answers_lines(&ask, c->answers)) != NULL) {
		client_end(c, EX_USAGE, why);
		return;
	}
	wbuf_init(&w);
	msg_put_answers_ask(&w, &ask);
	(void)pending_ask(PROC_POLICY, command_policy(),
	    MSG_CONTROL_ANSWERS_ASK, -1, &w, EXPLAIN_WAIT, explain_answer, c);
}

static void
explain_put(struct client *c)
{
	struct wbuf	 w;

	if (c->answers != NULL) {
		answers_put(c);
		return;
	}
	wbuf_init(&w);
	msg_put_explain_ask(&w, c->explain);
	(void)pending_ask(PROC_POLICY, command_policy(),
	    MSG_CONTROL_EXPLAIN_ASK, -1, &w, EXPLAIN_WAIT, explain_answer, c);
}

static void	 explain_login(struct client *);

/* One directory has said whether it has the login. */
static int
explain_login_answer(void *arg, struct proc_msg *m)
{
	struct client			*c = arg;
	struct directory_answer		 a;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "lookup did not answer in time");
		return (0);
	}
	if (msg_get_directory_answer(&m->body, &a) == -1)
		return (-1);
	rbuf_skip(&m->body);
	if (a.status == EX_OK)
		explain_put(c);
	else if (a.status == EX_NOINPUT && ++c->target <
	    control_conf.ndirectories)
		explain_login(c);
	else
		client_end(c, a.status == EX_NOINPUT ? EX_DATAERR : a.status,
		    a.text);
	return (0);
}

/* Is it a login of the directory whose turn it is? */
static void
explain_login(struct client *c)
{
	struct directory_ask	 ask = { .what = DIRECTORY_LOGIN };
	struct wbuf		 w;

	(void)strlcpy(ask.directory, control_conf.directories[c->target].name,
	    sizeof(ask.directory));
	ask.arg = c->explain->login;
	wbuf_init(&w);
	msg_put_directory_ask(&w, &ask);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_CONTROL_DIRECTORY_ASK, -1, &w,
	    PENDING_LOOKUP, explain_login_answer, c);
}

/* The words behind the address; -1: the command has ended. */
static int
explain_client(struct client *c, struct command_ask *words, const char *rcpt)
{
	const struct listener_name	*l;
	struct explain_ask		*ask;
	const char			*why;

	if ((ask = c->explain = malloc(sizeof(*ask))) == NULL) {
		client_end(c, EX_OSERR, "out of memory");
		return (-1);
	}
	if ((why = explain_words(ask, words, rcpt)) != NULL) {
		client_end(c, EX_USAGE, why);
		return (-1);
	}
	if ((l = explain_listener(ask->listener)) == NULL) {
		explain_no_listener(c);
		return (-1);
	}
	(void)strlcpy(ask->listener, l->name, sizeof(ask->listener));
	ask->local = l->ip;
	ask->local_port = l->port;
	ask->tls = l->tls;
	return (0);
}

/* Ask policy, when the login is one. */
static void
explain_begin(struct client *c)
{
	if (c->explain->login[0] == '\0')
		explain_put(c);
	else if (control_conf.ndirectories == 0)
		client_end(c, EX_DATAERR, "no such login");
	else
		explain_login(c);
}

void
command_explain(struct client *c, struct command_ask *words)
{
	if (explain_client(c, words, words->args[2]) == 0)
		explain_begin(c);
}

void
command_answers(struct client *c, struct command_ask *words)
{
	if ((c->answers = strdup(words->args[2])) == NULL)
		client_end(c, EX_OSERR, "out of memory");
	else if (explain_client(c, words, "") == 0)
		explain_begin(c);
}
