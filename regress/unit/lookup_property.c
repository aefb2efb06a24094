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
 * Random directories against a naive model: sub-addressing and catch-all
 * change nothing for an address that resolves without them; RCPT, delivery,
 * EXPN and VRFY never disagree.
 */

#include "regress/unit/lookup_command.h"

#define DIRECTORIES	60
#define THINGS		24		/* aliases, lists and accounts */

static const char *const	 locals[] = { "a", "b", "c", "a+x", "b+y",
				    "a+x+y", "d.e", "c-z" };
static const char *const	 domains[] = { "one.test", "two.test",
				    "alias.test", "out.test" };

#define NLOCALS		(sizeof(locals) / sizeof(locals[0]))
#define NADDRESSES	(NLOCALS * 4)

/* What stands at an address of the model. */
struct thing {
	enum { NOBODY, ACCOUNT, ALIAS, LIST } kind;
	enum record_state	 state;
	int			 account;	/* number */
	int			 targets[4];	/* addresses, as numbers */
	int			 ntargets;
};

static struct thing	 things[NADDRESSES];
static int		 catchalls[2];		/* account, -1: none */
static enum record_state states[THINGS];	/* of accounts */
static int		 primaries[THINGS];
static int		 naccounts;
static uint32_t		 seed = 1;

static unsigned int
any(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return ((seed >> 16) % n);
}

static const char *
address(int i)
{
	static char	 bufs[8][64];
	static int	 n;
	char		*buf = bufs[n++ & 7];

	(void)snprintf(buf, sizeof(bufs[0]), "%s@%s",
	    locals[(size_t)i % NLOCALS], domains[(size_t)i / NLOCALS]);
	return (buf);
}

static const char *
state(enum record_state s)
{
	static const char *const	 words[STATE_COUNT] = { "",
					    " state=reject", " state=defer",
					    " state=discard" };

	return (words[s]);
}

static enum record_state
any_state(void)
{
	return (any(4) != 0 ? STATE_ACTIVE : (enum record_state)any(4));
}

/* Accounts take free addresses of the first three domains. */
static size_t
make_accounts(char *buf, size_t size)
{
	size_t	 len = 0;
	int	 i, n, a, catchall;

	naccounts = 0;
	for (i = 0; i < 8; i++) {
		a = (int)any(NLOCALS * 3);
		if (things[a].kind != NOBODY)
			continue;
		n = naccounts++;
		states[n] = any_state();
		primaries[n] = a;
		things[a].kind = ACCOUNT;
		things[a].account = n;
		len += (size_t)snprintf(buf + len, size - len, "account p%d "
		    "addresses=%s", n, address(a));
		a = (int)any(NLOCALS * 3);
		if (things[a].kind == NOBODY) {
			things[a].kind = ACCOUNT;
			things[a].account = n;
			len += (size_t)snprintf(buf + len, size - len, ",%s",
			    address(a));
		}
		catchall = (int)any(6);
		if (catchall < 2 && catchalls[catchall] == -1) {
			catchalls[catchall] = n;
			len += (size_t)snprintf(buf + len, size - len, ",@%s",
			    domains[catchall == 0 ? 0 : 2]);
		}
		len += (size_t)snprintf(buf + len, size - len, "%s\n",
		    state(states[n]));
	}
	return (len);
}

static size_t
make_groups(char *buf, size_t size)
{
	struct thing	*t;
	size_t		 len = 0;
	int		 i, j, a;

	for (i = 0; i < THINGS / 2; i++) {
		a = (int)any(NLOCALS * 3);
		t = &things[a];
		if (t->kind != NOBODY)
			continue;
		t->kind = any(3) == 0 ? LIST : ALIAS;
		t->state = any_state();
		t->ntargets = 1 + (int)any(4);
		len += (size_t)snprintf(buf + len, size - len, "%s %s %s",
		    t->kind == LIST ? "list" : "alias", address(a),
		    t->kind == LIST ? "members=" : "");
		for (j = 0; j < t->ntargets; j++) {
			t->targets[j] = (int)any(NADDRESSES);
			len += (size_t)snprintf(buf + len, size - len, "%s%s",
			    j == 0 ? "" : ",", address(t->targets[j]));
		}
		len += (size_t)snprintf(buf + len, size - len, "%s\n",
		    state(t->state));
	}
	return (len);
}

static void
make_directory(void)
{
	static char	 buf[16384];
	size_t		 len;

	memset(things, 0, sizeof(things));
	catchalls[0] = catchalls[1] = -1;
	len = (size_t)snprintf(buf, sizeof(buf), "domain one.test\n"
	    "domain two.test\ndomain alias.test alias-of=one.test\n");
	len += make_accounts(buf + len, sizeof(buf) - len);
	(void)make_groups(buf + len, sizeof(buf) - len);
	if (getenv("VERBOSE") != NULL)
		printf("%s\n", buf);
	play_text(buf, play_conf.directories[0].path);
	CHECK(play_reload()[0] == '\0', "reload: %s", play_tables);
}

/* The literal address, or the same in the domain behind its own. */
static int
model_find(int a)
{
	if (things[a].kind == NOBODY && (size_t)a / NLOCALS == 2)
		a = a % (int)NLOCALS;
	return (a);
}

/* What a delivery gathers: who has it, who later, whether it is dropped. */
struct outcome {
	char	 seen[NADDRESSES];
	char	 has[THINGS], later[THINGS], drops[THINGS];
	char	 out[NADDRESSES], groups[NADDRESSES];
	int	 n, nlater, ndrops, discard, disabled, lists;
};

static void
model_account(struct outcome *o, int account)
{
	if (o->has[account] || o->later[account] || o->drops[account])
		return;
	if (states[account] == STATE_ACTIVE) {
		o->has[account] = 1;
		o->n++;
	} else if (states[account] == STATE_DEFER) {
		o->later[account] = 1;
		o->nlater++;
	} else if (states[account] == STATE_DISCARD) {
		o->drops[account] = 1;
		o->ndrops++;
		o->discard = 1;
	} else
		o->disabled = 1;
}

static void
model_walk(struct outcome *o, int a)
{
	struct thing	*t;
	int		 i;

	a = model_find(a);
	t = &things[a];
	if (o->seen[a])
		return;
	o->seen[a] = 1;
	if ((size_t)a / NLOCALS == 3) {
		o->out[a] = 1;
		o->n++;
	} else if (t->kind == ACCOUNT)
		model_account(o, t->account);
	else if (t->kind == NOBODY)
		return;
	else if (t->state == STATE_DEFER) {
		o->groups[a] = 1;
		o->nlater++;
	} else if (t->state == STATE_DISCARD)
		o->discard = 1;
	else if (t->state == STATE_REJECT)
		o->disabled = 1;
	else {
		o->lists |= t->kind == LIST;
		for (i = 0; i < t->ntargets; i++)
			model_walk(o, t->targets[i]);
	}
}

static enum resolve_status
model_status(const struct outcome *o)
{
	if (o->n != 0)
		return (RESOLVE_FOUND);
	if (o->nlater != 0)
		return (RESOLVE_DEFERRED);
	if (o->discard)
		return (RESOLVE_DISCARD);
	return (o->disabled ? RESOLVE_DISABLED : RESOLVE_NONE);
}

static long
number(const char *account)
{
	return (strtol(account + 1, NULL, 10));
}

/* Is this item one that the model has? */
static int
model_has(const struct outcome *o, const struct expand_item *it)
{
	int	 i;

	if (it->account[0] != '\0' && it->kind == EXPAND_LATER)
		return (o->later[number(it->account)]);
	if (it->kind == EXPAND_ACCOUNT)
		return (o->has[number(it->account)]);
	for (i = 0; i < (int)NADDRESSES; i++)
		if (strcmp(it->address, address(i)) == 0)
			return (it->kind == EXPAND_REMOTE ? o->out[i] :
			    o->groups[i]);
	return (0);
}

static const struct resolve_answer *
ask(int a, enum candidate sub, enum candidate catchall)
{
	struct resolve_ask	 q;

	play_question(&q, address(a));
	q.sub = sub;
	q.catchall = catchall;
	(void)strlcpy(q.sub_given, address((int)any(NADDRESSES)),
	    sizeof(q.sub_given));
	(void)strlcpy(q.catchall_given, address((int)any(NADDRESSES)),
	    sizeof(q.catchall_given));
	(void)play_resolve_ask(&q);
	return (&play_found);
}

/* No setting changes the answer for one that resolves without them. */
static void
check_settings(int a, const struct resolve_answer *plain)
{
	const struct resolve_answer	*ans;
	int				 sub, catchall;

	if (plain->status == RESOLVE_NONE || plain->status ==
	    RESOLVE_NOT_LOCAL)
		return;
	for (sub = 0; sub < CANDIDATE_COUNT; sub++)
		for (catchall = 0; catchall < CANDIDATE_COUNT; catchall++) {
			ans = ask(a, (enum candidate)sub,
			    (enum candidate)catchall);
			CHECK(ans->status == plain->status &&
			    strcmp(ans->via, plain->via) == 0 &&
			    strcmp(ans->primary, plain->primary) == 0 &&
			    strcmp(ans->account, plain->account) == 0,
			    "seed %u: %s: %d %s with sub %d catch-all %d, not "
			    "%d %s", seed, address(a), (int)ans->status,
			    ans->via, sub, catchall, (int)plain->status,
			    plain->via);
		}
}

static void
check_expand(int a, const struct outcome *o, const char *via)
{
	enum resolve_status	 status = model_status(o);
	unsigned int		 i;

	CHECK(play_expand(address(a), via, 0) == status, "seed %u: %s: "
	    "expands to %d, not %d", seed, address(a),
	    (int)play_expanded.status, (int)status);
	if (status != RESOLVE_FOUND)
		return;
	CHECK(play_expanded.n == o->n + o->nlater && play_expanded.total ==
	    play_expanded.n, "seed %u: %s: %u mailboxes, not %d", seed,
	    address(a), play_expanded.n, o->n + o->nlater);
	for (i = 0; i < play_expanded.n; i++)
		CHECK(model_has(o, &play_expanded.items[i]), "seed %u: %s: "
		    "brings to %s", seed, address(a),
		    play_expanded.items[i].address);
}

static void
check_names(int a, const struct outcome *o)
{
	int	 n = o->n + o->nlater + o->ndrops;

	(void)play_name(address(a), 1, SESSION_NAMES_MAX);
	CHECK(play_names.n == n && play_names.status == (n == 0 ?
	    RESOLVE_NONE : RESOLVE_FOUND), "seed %u: EXPN %s: %u names, not "
	    "%d", seed, address(a), play_names.n, n);
}

static void
check_address(int a)
{
	struct resolve_answer	 plain = *ask(a, CANDIDATE_NONE,
				    CANDIDATE_NONE);
	struct outcome		 o;
	struct thing		*t = &things[model_find(a)];

	memset(&o, 0, sizeof(o));
	model_walk(&o, a);
	if ((size_t)a / NLOCALS == 3) {
		CHECK(plain.status == RESOLVE_NOT_LOCAL, "%s is local",
		    address(a));
		return;
	}
	/* lists are expanded at delivery */
	CHECK(plain.status == (o.lists ? RESOLVE_FOUND : model_status(&o)),
	    "seed %u: %s: %d, not %d", seed, address(a), (int)plain.status,
	    (int)model_status(&o));
	check_settings(a, &plain);
	if (t->kind == NOBODY)
		return;
	check_expand(a, &o, plain.via);
	if (t->kind == ACCOUNT)
		CHECK(strcmp(plain.primary, address(primaries[t->account])) ==
		    0, "seed %u: %s is %s", seed, address(a), plain.primary);
	else
		check_names(a, &o);
}

/* VRFY of a part shows the primary addresses that resolve. */
static void
check_prefixes(void)
{
	static const char *const	 prefixes[] = { "a", "A+", "b", "d.",
					    "c-z", "z" };
	size_t				 i, len;
	int				 j, n;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		len = strlen(prefixes[i]);
		for (n = j = 0; j < naccounts; j++)
			n += states[j] != STATE_REJECT &&
			    strncasecmp(address(primaries[j]), prefixes[i],
			    len) == 0;
		(void)play_name(prefixes[i], 0, SESSION_NAMES_MAX);
		CHECK(play_names.n == n, "seed %u: VRFY %s: %u, not %d", seed,
		    prefixes[i], play_names.n, n);
		for (j = 1; j < play_names.n; j++)
			CHECK(strcmp(play_names.names[j - 1],
			    play_names.names[j]) < 0, "not sorted");
	}
}

static void
body(void)
{
	int	 i, a;

	play_begin(0);
	for (i = 0; i < DIRECTORIES; i++) {
		make_directory();
		for (a = 0; a < (int)NADDRESSES; a++)
			check_address(a);
		check_prefixes();
	}
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		seed = (uint32_t)strtoul(argv[1], NULL, 10);
	play_open();
	(void)play_directory_add("accounts", "domain one.test\n");
	play_run(body);
	play_close();
	return (check_done("lookup_property"));
}
