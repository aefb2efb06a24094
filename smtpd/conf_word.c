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
 * The table of all words of smtpd.conf(5).
 */

#include <bsd/string.h>

#include <stddef.h>
#include <string.h>

#include "smtpd/conf_parse.h"

#define AT(member)	offsetof(struct conf, member)
#define TOP(name, type, member, def, form)				\
	{ BLOCK_TOP, name, CONF_SETTING, BLOCK_TOP, type, AT(member),	\
	    0, 0, def, form }
#define SET(block, name, type, member, min, max, def, form)		\
	{ BLOCK_ ## block, name, CONF_SETTING, BLOCK_TOP, type,		\
	    AT(member), min, max, def, form }
#define RULES(block, name, type, set, min, max, def, form)		\
	SET(block, name, type, policy.settings[set], min, max, def, form)
#define OR_RULES	" or rules"
#define STATEMENT(name, token, form)					\
	{ BLOCK_TOP, name, token, BLOCK_TOP, TYPE_NONE, 0, 0, 0, NULL, form }
#define BLOCK(block, name, opens)					\
	{ BLOCK_ ## block, name, CONF_BLOCK, opens, TYPE_NONE, 0, 0, 0,	\
	    NULL, name " { ... }" }
#define SQL(name, statement)						\
	{ BLOCK_SQL, name, CONF_STATEMENT, BLOCK_TOP, TYPE_NONE, statement, \
	    0, 0, NULL, name " \"STATEMENT\"" }
#define LATER(block, name)						\
	{ BLOCK_ ## block, name, CONF_LATER, BLOCK_TOP, TYPE_NONE, 0,	\
	    0, 0, NULL, NULL }

#define SEC	INT64_C(1000)		/* in ms */
#define DAY	(86400 * SEC)
#define KILO	INT64_C(1024)
#define TERA	(KILO * KILO * KILO * KILO)

static const struct conf_word words[] = {
	TOP("hostname", TYPE_HOSTNAME, policy.hostname, NULL,
	    "hostname NAME"),
	TOP("postmaster", TYPE_ADDRESS, policy.postmaster, NULL,
	    "postmaster \"ADDRESS\""),
	TOP("spool", TYPE_PATH, queue.spool, "/var/spool/smtpd",
	    "spool \"PATH\""),
	TOP("state", TYPE_PATH, lookup.state, "/var/lib/smtpd",
	    "state \"PATH\""),
	TOP("control", TYPE_SOCKET, control_socket, "/run/smtpd.sock",
	    "control \"PATH\""),
	SET(TOP, "prefork", TYPE_COUNT, prefork, 1, 64, "1",
	    "prefork NUMBER"),
	{ BLOCK_TOP, "directory", CONF_DIRECTORY, BLOCK_SQL, TYPE_NONE, 0, 0,
	    0, NULL, "directory NAME db \"PATH\"|sql \"URL\" [timeout "
	    "DURATION] { ... }" },
	STATEMENT("store", CONF_STORE,
	    "store NAME db|sql \"URL\" [timeout DURATION]"),
	STATEMENT("listen", CONF_LISTEN,
	    "listen on ADDRESS port NUMBER [name NAME] [tls|starttls "
	    "[require]] [pki NAME] [auth DIRECTORY [insecure]] "
	    "[submission] "
	    "[proxy from 'NETWORK']"),
	STATEMENT("pki", CONF_PKI, "pki NAME cert \"FILE\" key \"FILE\""),
	STATEMENT("deliver", CONF_DELIVER,
	    "deliver maildir \"TEMPLATE\"|lmtp \"URL\""),
	STATEMENT("relay", CONF_RELAY, "relay mx|host \"URL\"|via \"URL\" for "
	    "domain \"DOMAIN\""),
	STATEMENT("resolver", CONF_RESOLVER, "resolver \"ADDRESS:PORT\""),
	STATEMENT("list", CONF_LIST, "list NAME ['VALUE', ...]|file "
	    "\"FILE\""),
	STATEMENT("sieve", CONF_SIEVE, "sieve NAME '''...'''|file \"FILE\" "
	    "[on-error ACTION] [steps NUMBER] [memory SIZE] [look-ups NUMBER] "
	    "[wait DURATION]"),
	STATEMENT("include", CONF_INCLUDE, "include \"FILE\""),
	BLOCK(TOP, "rcpt", BLOCK_RCPT),
	BLOCK(TOP, "mail", BLOCK_MAIL),
	BLOCK(TOP, "extensions", BLOCK_EXTENSIONS),
	BLOCK(TOP, "session", BLOCK_SESSION),
	BLOCK(TOP, "queue", BLOCK_QUEUE),
	BLOCK(TOP, "tls", BLOCK_TLS),
	BLOCK(TOP, "auth", BLOCK_AUTH),
	BLOCK(TOP, "aliases", BLOCK_ALIASES),
	BLOCK(TOP, "harvest", BLOCK_HARVEST),
	BLOCK(TOP, "throttle", BLOCK_THROTTLE),
	BLOCK(TOP, "greylist", BLOCK_GREYLIST),

	RULES(RCPT, "directory", TYPE_DIRECTORY, SET_RCPT_DIRECTORY, 0, 0,
	    NULL, "directory NAME|false" OR_RULES),
	RULES(RCPT, "relay", TYPE_TRUTH, SET_RCPT_RELAY, 0, 0, "no",
	    "relay yes|no|authenticated" OR_RULES),
	RULES(RCPT, "sub-addressing", TYPE_CANDIDATE,
	    SET_RCPT_SUB_ADDRESSING, 0, 0, "yes",
	    "sub-addressing yes|no" OR_RULES),
	SET(RCPT, "sub-address-delimiters", TYPE_DELIMS, policy.delims, 0, 0,
	    "+", "sub-address-delimiters \"CHARACTERS\""),
	RULES(RCPT, "catch-all", TYPE_CANDIDATE, SET_RCPT_CATCH_ALL, 0, 0,
	    "yes", "catch-all yes|no" OR_RULES),
	RULES(RCPT, "rewrite", TYPE_REWRITE, SET_RCPT_REWRITE, 0, 0, "no",
	    "rewrite RULES"),
	RULES(RCPT, "max-recipients", TYPE_NUMBER, SET_RCPT_MAX_RECIPIENTS,
	    1, 100000, "100", "max-recipients NUMBER" OR_RULES),
	BLOCK(RCPT, "errors", BLOCK_ERRORS),
	RULES(RCPT, "script", TYPE_SCRIPT, SET_RCPT_SCRIPT, 0, 0, "false",
	    "script NAME|false" OR_RULES),

	RULES(ERRORS, "total", TYPE_NUMBER, SET_RCPT_ERRORS_TOTAL, 1,
	    1000000, "5", "total NUMBER" OR_RULES),
	RULES(ERRORS, "wait", TYPE_DURATION, SET_RCPT_ERRORS_WAIT, 0,
	    600 * SEC, "5s", "wait DURATION" OR_RULES),

	RULES(MAIL, "is-allowed", TYPE_LOGIN, SET_MAIL_IS_ALLOWED, 0, 0,
	    "yes", "is-allowed yes|no|authenticated" OR_RULES),
	RULES(MAIL, "rewrite", TYPE_REWRITE, SET_MAIL_REWRITE, 0, 0, "no",
	    "rewrite RULES"),
	RULES(MAIL, "script", TYPE_SCRIPT, SET_MAIL_SCRIPT, 0, 0, "false",
	    "script NAME|false" OR_RULES),

	RULES(AUTH, "directory", TYPE_DIRECTORY, SET_AUTH_DIRECTORY, 0, 0,
	    "false", "directory NAME|false" OR_RULES),
	RULES(AUTH, "mechanisms", TYPE_MECHANISMS, SET_AUTH_MECHANISMS, 0, 0,
	    "PLAIN LOGIN", "mechanisms \"NAME ...\"|false" OR_RULES),
	RULES(AUTH, "require", TYPE_FLAG, SET_AUTH_REQUIRE, 0, 0, "no",
	    "require yes|no" OR_RULES),
	RULES(AUTH, "must-match-sender", TYPE_FLAG,
	    SET_AUTH_MUST_MATCH_SENDER, 0, 0, "yes",
	    "must-match-sender yes|no" OR_RULES),
	SET(AUTH, "processes", TYPE_COUNT, hashes, 1, CONF_HASHES_MAX, "2",
	    "processes NUMBER"),
	BLOCK(AUTH, "errors", BLOCK_AUTH_ERRORS),

	RULES(AUTH_ERRORS, "total", TYPE_NUMBER, SET_AUTH_ERRORS_TOTAL, 1,
	    1000000, "3", "total NUMBER" OR_RULES),
	RULES(AUTH_ERRORS, "wait", TYPE_DURATION, SET_AUTH_ERRORS_WAIT, 0,
	    600 * SEC, "5s", "wait DURATION" OR_RULES),

	RULES(EXTENSIONS, "vrfy", TYPE_LOGIN, SET_EXTENSIONS_VRFY, 0, 0,
	    "authenticated", "vrfy yes|no|authenticated" OR_RULES),
	RULES(EXTENSIONS, "expn", TYPE_LOGIN, SET_EXTENSIONS_EXPN, 0, 0,
	    "authenticated", "expn yes|no|authenticated" OR_RULES),
	RULES(EXTENSIONS, "dsn", TYPE_LOGIN, SET_EXTENSIONS_DSN, 0, 0, "yes",
	    "dsn yes|no|authenticated" OR_RULES),
	RULES(EXTENSIONS, "smtputf8", TYPE_LOGIN, SET_EXTENSIONS_SMTPUTF8,
	    0, 0, "yes", "smtputf8 yes|no|authenticated" OR_RULES),
	RULES(EXTENSIONS, "pipelining", TYPE_LOGIN,
	    SET_EXTENSIONS_PIPELINING, 0, 0, "yes",
	    "pipelining yes|no|authenticated" OR_RULES),

	SET(SESSION, "timeout", TYPE_MSEC, front.timeout, SEC / 10, DAY,
	    "5m", "timeout DURATION"),
	SET(SESSION, "duration", TYPE_MSEC, front.duration, SEC / 10,
	    7 * DAY, "1h", "duration DURATION"),
	RULES(SESSION, "max-size", TYPE_SIZE, SET_SESSION_MAX_SIZE, KILO,
	    TERA, "50M", "max-size SIZE" OR_RULES),
	SET(SESSION, "max-sessions", TYPE_COUNT, max_sessions, 1, 1000000,
	    "10000", "max-sessions NUMBER"),
	SET(SESSION, "max-sessions-per-client", TYPE_COUNT,
	    front.max_per_client, 1, 1000000, "100",
	    "max-sessions-per-client NUMBER"),

	SET(QUEUE, "retry", TYPE_RETRIES, queue.retries, SEC, 30 * DAY,
	    "1m 5m 15m 1h", "retry [DURATION, ...]"),
	SET(QUEUE, "expire", TYPE_SEC, queue.expire, SEC, 365 * DAY, "5d",
	    "expire DURATION"),
	SET(QUEUE, "warn", TYPE_SEC, queue.warn, 0, 365 * DAY, "4h",
	    "warn DURATION"),
	SET(QUEUE, "concurrency", TYPE_COUNT, queue.concurrency, 1, 1000,
	    "20", "concurrency NUMBER"),

	SET(ALIASES, "depth", TYPE_COUNT, lookup.max_depth, 1, 1000, "20",
	    "depth NUMBER"),
	SET(ALIASES, "expansion", TYPE_COUNT, lookup.max_expansion, 1,
	    1000000, "10000", "expansion NUMBER"),

	SET(TLS, "minimum-version", TYPE_TLS_VERSION, front.tls_13, 0, 0,
	    "1.2", "minimum-version 1.2|1.3"),
	SET(TLS, "ciphers", TYPE_CIPHERS, front.ciphers, 0, 0,
	    "ECDHE+AESGCM:ECDHE+CHACHA20", "ciphers \"LIST\""),

	SET(HARVEST, "budget", TYPE_RATE, lookup.harvest.budget, 1, 1000000,
	    "20/10m", "budget NUMBER/DURATION"),
	SET(HARVEST, "ban", TYPE_MSEC, lookup.harvest.ban, SEC, 30 * DAY,
	    "30m", "ban DURATION"),
	SET(HARVEST, "exempt", TYPE_NETWORKS, policy.exempt, 0, 0, NULL,
	    "exempt ['NETWORK', ...]"),
	/* of the first one: type_place finds the others */
	SET(THROTTLE, "match", TYPE_TRUTH, policy.throttles[0].match, 0, 0,
	    NULL, "match EXPRESSION"),
	SET(THROTTLE, "key", TYPE_KEY, policy.throttles[0].key, 0, 0, NULL,
	    "key [EXPRESSION, ...]"),
	SET(THROTTLE, "rate", TYPE_RATE, policy.throttles[0].rate, 1,
	    1000000, NULL, "rate NUMBER/DURATION"),

	SQL("domains", SQLDIR_DOMAINS),
	SQL("recipients", SQLDIR_RECIPIENTS),
	SQL("emails", SQLDIR_EMAILS),
	SQL("names", SQLDIR_NAMES),
	SQL("secret", SQLDIR_SECRET),
	SQL("expand", SQLDIR_EXPAND),
	SQL("verify", SQLDIR_VERIFY),

	RULES(GREYLIST, "when", TYPE_TRUTH, SET_GREYLIST_WHEN, 0, 0, "no",
	    "when yes|no" OR_RULES),
	SET(GREYLIST, "delay", TYPE_SEC, lookup.greylist.delay, SEC,
	    DAY, "5m", "delay DURATION"),
	SET(GREYLIST, "window", TYPE_SEC, lookup.greylist.window, SEC,
	    30 * DAY, "2d", "window DURATION"),
	SET(GREYLIST, "expire", TYPE_SEC, lookup.greylist.expire, SEC,
	    365 * DAY, "35d", "expire DURATION"),
	SET(GREYLIST, "pass-after", TYPE_COUNT, lookup.greylist.pass_after,
	    0, 1000000, "5", "pass-after NUMBER"),
	SET(GREYLIST, "exempt", TYPE_EXEMPT, policy.greylist_exempt, 0, 0,
	    NULL, "exempt ['NETWORK', 'SENDER', ...]"),
};

#define NWORDS	(sizeof(words) / sizeof(words[0]))
_Static_assert(NWORDS <= CONF_WORDS_MAX, "CONF_WORDS_MAX is too small");

/* Words inside of a statement; those of other versions are CONF_LATER. */
static const struct {
	enum conf_token	 statement;
	const char	*name;
	enum conf_token	 token;
} inner[] = {
	{ CONF_LISTEN,		"on",		CONF_ON },
	{ CONF_LISTEN,		"port",		CONF_PORT },
	{ CONF_LISTEN,		"name",		CONF_NAME },
	{ CONF_LISTEN,		"tls",		CONF_TLS },
	{ CONF_LISTEN,		"starttls",	CONF_STARTTLS },
	{ CONF_LISTEN,		"require",	CONF_REQUIRE },
	{ CONF_LISTEN,		"pki",		CONF_PKI },
	{ CONF_LISTEN,		"proxy",	CONF_PROXY },
	{ CONF_LISTEN,		"submission",	CONF_SUBMISSION },
	{ CONF_LISTEN,		"from",		CONF_FROM },
	{ CONF_LISTEN,		"auth",		CONF_AUTH },
	{ CONF_LISTEN,		"insecure",	CONF_INSECURE },
	{ CONF_PKI,		"cert",		CONF_CERT },
	{ CONF_PKI,		"key",		CONF_KEY },
	{ CONF_DIRECTORY,	"db",		CONF_DB },
	{ CONF_DIRECTORY,	"sql",		CONF_SQL },
	{ CONF_DIRECTORY,	"timeout",	CONF_TIMEOUT },
	{ CONF_STORE,		"db",		CONF_DB },
	{ CONF_STORE,		"sql",		CONF_SQL },
	{ CONF_STORE,		"timeout",	CONF_TIMEOUT },
	{ CONF_STORE,		"redis",	CONF_LATER },
	{ CONF_LIST,		"file",		CONF_FILE },
	{ CONF_DELIVER,		"maildir",	CONF_MAILDIR },
	{ CONF_DELIVER,		"lmtp",		CONF_LMTP },
	{ CONF_SIEVE,		"file",		CONF_FILE },
	{ CONF_SIEVE,		"on-error",	CONF_ON_ERROR },
	{ CONF_SIEVE,		"steps",	CONF_STEPS },
	{ CONF_SIEVE,		"memory",	CONF_MEMORY },
	{ CONF_SIEVE,		"look-ups",	CONF_LOOK_UPS },
	{ CONF_SIEVE,		"wait",		CONF_WAIT },
	{ CONF_RELAY,		"mx",		CONF_MX },
	{ CONF_RELAY,		"host",		CONF_HOST },
	{ CONF_RELAY,		"via",		CONF_VIA },
	{ CONF_RELAY,		"for",		CONF_FOR },
	{ CONF_RELAY,		"domain",	CONF_DOMAIN },
	{ CONF_RELAY,		"port",		CONF_PORT },
	{ CONF_RELAY,		"auth",		CONF_AUTH },
	{ CONF_RELAY,		"file",		CONF_FILE },
};

const struct conf_word *
word_at(size_t i)
{
	return (i < NWORDS ? &words[i] : NULL);
}

size_t
word_index(const struct conf_word *w)
{
	return ((size_t)(w - words));
}

int
word_is_rules(const struct conf_word *w)
{
	return (w->type >= TYPE_NUMBER && w->type < TYPE_COUNT_OF);
}

enum policy_setting
word_setting(const struct conf_word *w)
{
	return ((enum policy_setting)((w->offset - AT(policy.settings)) /
	    sizeof(struct setting)));
}

enum code_stage
word_stage(const struct conf_word *w)
{
	return (w->block == BLOCK_THROTTLE ? STAGE_RCPT :
	    policy_setting_stage(word_setting(w)));
}

const struct conf_word *
word_find(enum conf_block block, const char *text)
{
	size_t	 i;

	if (strcmp(text, "subaddressing") == 0)
		text = "sub-addressing";
	for (i = 0; i < NWORDS; i++)
		if (words[i].block == block &&
		    strcmp(words[i].name, text) == 0)
			return (&words[i]);
	return (NULL);
}

enum conf_token
word_inner(const struct conf_word *w, const char *text)
{
	size_t	 i;

	for (i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		if (inner[i].statement == w->token &&
		    strcmp(inner[i].name, text) == 0)
			return (inner[i].token);
	return (CONF_VALUE);
}

const char *
word_block(enum conf_block block)
{
	static const char *const	 names[BLOCK_COUNT] = {
		[BLOCK_TOP]		= "",
		[BLOCK_RCPT]		= "rcpt",
		[BLOCK_ERRORS]		= "rcpt.errors",
		[BLOCK_MAIL]		= "mail",
		[BLOCK_EXTENSIONS]	= "extensions",
		[BLOCK_SESSION]		= "session",
		[BLOCK_QUEUE]		= "queue",
		[BLOCK_ALIASES]		= "aliases",
		[BLOCK_TLS]		= "tls",
		[BLOCK_HARVEST]		= "harvest",
		[BLOCK_SQL]		= "directory",
		[BLOCK_AUTH]		= "auth",
		[BLOCK_AUTH_ERRORS]	= "auth.errors",
		[BLOCK_THROTTLE]	= "throttle",
		[BLOCK_GREYLIST]	= "greylist",
	};

	return (names[block]);
}

const char *
word_list(struct conf_parse *p, enum conf_block block)
{
	char	 buf[1024];
	size_t	 i;

	(void)strlcpy(buf, block == BLOCK_TOP ? "" : "'}', ", sizeof(buf));
	for (i = 0; i < NWORDS; i++) {
		if (words[i].block != block || words[i].token == CONF_LATER)
			continue;
		(void)strlcat(buf, words[i].name, sizeof(buf));
		(void)strlcat(buf, ", ", sizeof(buf));
	}
	return (conf_keep_text(p, buf, strlen(buf) - 2));
}
