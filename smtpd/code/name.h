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
 * The names that an expression knows: variables and functions.  Compilers
 * look them up, the machine has what they mean.
 */

#ifndef NAME_H
#define NAME_H

#include <stddef.h>

/* Types as a set of bits, 1 << enum datum_type. */
#define KIND_STRING	0x01u
#define KIND_INTEGER	0x02u
#define KIND_FLOAT	0x04u
#define KIND_ARRAY	0x08u
#define KIND_NUMBER	(KIND_INTEGER | KIND_FLOAT)
#define KIND_SCALAR	(KIND_STRING | KIND_NUMBER)
#define KIND_ANY	(KIND_SCALAR | KIND_ARRAY)

/* When an expression is evaluated; each knows what those before it know. */
enum code_stage {
	STAGE_SESSION,		/* client, listener, HELO, login */
	STAGE_MAIL,		/* and the sender */
	STAGE_RCPT,		/* and a recipient */
	STAGE_SCRIPT,		/* never: what scripts alone can see */
	STAGE_COUNT
};

/* variable, name, stage, type */
#define CODE_VARS(X)							\
	X(VAR_RCPT, "rcpt", STAGE_RCPT, KIND_STRING)			\
	X(VAR_RCPT_DOMAIN, "rcpt_domain", STAGE_RCPT, KIND_STRING)	\
	X(VAR_RECIPIENTS, "recipients", STAGE_RCPT, KIND_ARRAY)		\
	X(VAR_SENDER, "sender", STAGE_MAIL, KIND_STRING)		\
	X(VAR_SENDER_DOMAIN, "sender_domain", STAGE_MAIL, KIND_STRING)	\
	X(VAR_PRIORITY, "priority", STAGE_MAIL, KIND_INTEGER)		\
	X(VAR_AUTHENTICATED_AS, "authenticated_as", STAGE_SESSION,	\
	    KIND_STRING)						\
	X(VAR_HELO_DOMAIN, "helo_domain", STAGE_SESSION, KIND_STRING)	\
	X(VAR_REMOTE_IP, "remote_ip", STAGE_SESSION, KIND_STRING)	\
	X(VAR_REMOTE_PORT, "remote_port", STAGE_SESSION, KIND_INTEGER)	\
	X(VAR_LOCAL_IP, "local_ip", STAGE_SESSION, KIND_STRING)		\
	X(VAR_LOCAL_PORT, "local_port", STAGE_SESSION, KIND_INTEGER)	\
	X(VAR_LISTENER, "listener", STAGE_SESSION, KIND_STRING)		\
	X(VAR_PROTOCOL, "protocol", STAGE_SESSION, KIND_STRING)		\
	X(VAR_IS_TLS, "is_tls", STAGE_SESSION, KIND_INTEGER)		\
	X(VAR_TLS_VERSION, "tls.version", STAGE_SESSION, KIND_STRING)	\
	X(VAR_TLS_CIPHER, "tls.cipher", STAGE_SESSION, KIND_STRING)	\
	X(VAR_ENVELOPE_TO, "envelope.to", STAGE_SCRIPT, KIND_STRING)	\
	X(VAR_ENVELOPE_FROM, "envelope.from", STAGE_SCRIPT,		\
	    KIND_STRING)						\
	X(VAR_ENVELOPE_AUTH, "envelope.auth", STAGE_SCRIPT,		\
	    KIND_STRING)						\
	X(VAR_ENVELOPE_ORCPT, "envelope.orcpt", STAGE_SCRIPT,		\
	    KIND_STRING)						\
	X(VAR_ENVELOPE_ENVID, "envelope.envid", STAGE_SCRIPT,		\
	    KIND_STRING)						\
	X(VAR_ENVELOPE_NOTIFY, "envelope.notify", STAGE_SCRIPT,		\
	    KIND_STRING)						\
	X(VAR_ENV_SIZE, "env.size", STAGE_SCRIPT, KIND_INTEGER)		\
	X(VAR_ENV_STAGE, "env.stage", STAGE_SCRIPT, KIND_STRING)	\
	X(VAR_ENV_NOW, "env.now", STAGE_SCRIPT, KIND_INTEGER)		\
	X(VAR_ENV_HOST, "env.host", STAGE_SCRIPT, KIND_STRING)

#define CODE_VAR(var, name, stage, types)	var,
enum code_var {
	CODE_VARS(CODE_VAR)
	VAR_COUNT
};
#undef CODE_VAR

/*
 * function, name, parameters, types it gives, what it is
 *
 * Parameters, a letter each; those behind '?' may be left out:
 *	a	anything
 *	s	a string; numbers become text
 *	n	a number; strings become one
 *	l	an array
 *	r	a regular expression, constant
 *	c	a network, or an array of them
 *	p	'local' or 'domain'
 *	e	a separator, not empty
 *	h	the name of a digest
 *	d	the name of a directory, '' for the first
 *	k	the name of a store, '' for the default
 *	t	the name of a type of DNS records
 *	b	the name of an SQL store, '' for the default
 *	q	a statement in SQL, constant
 *	i	the name of a list
 */
#define CODE_FUNCS(X)							\
	X(FUNC_MATCHES, "matches", "rs", KIND_INTEGER, FUNC_COMPILED)	\
	X(FUNC_IS_EMPTY, "is_empty", "a", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_IS_NUMBER, "is_number", "a", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_IS_EMAIL, "is_email", "s", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_EMAIL_PART, "email_part", "sp", KIND_STRING, FUNC_PURE)	\
	X(FUNC_IS_IP_ADDR, "is_ip_addr", "s", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_IS_IPV4_ADDR, "is_ipv4_addr", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_IS_IPV6_ADDR, "is_ipv6_addr", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_IP_REVERSE_NAME, "ip_reverse_name", "s", KIND_STRING,	\
	    FUNC_PURE)							\
	X(FUNC_IN_NETWORK, "in_network", "sc", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_CONTAINS, "contains", "as", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_CONTAINS_IGNORE_CASE, "contains_ignore_case", "as",	\
	    KIND_INTEGER, FUNC_PURE)					\
	X(FUNC_EQ_IGNORE_CASE, "eq_ignore_case", "ss", KIND_INTEGER,	\
	    FUNC_PURE)							\
	X(FUNC_STARTS_WITH, "starts_with", "ss", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_ENDS_WITH, "ends_with", "ss", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_LEN, "len", "a", KIND_INTEGER, FUNC_PURE)		\
	X(FUNC_TRIM, "trim", "s", KIND_STRING, FUNC_PURE)		\
	X(FUNC_TRIM_START, "trim_start", "s", KIND_STRING, FUNC_PURE)	\
	X(FUNC_TRIM_END, "trim_end", "s", KIND_STRING, FUNC_PURE)	\
	X(FUNC_TO_LOWERCASE, "to_lowercase", "s", KIND_STRING,		\
	    FUNC_PURE)							\
	X(FUNC_TO_UPPERCASE, "to_uppercase", "s", KIND_STRING,		\
	    FUNC_PURE)							\
	X(FUNC_IS_UPPERCASE, "is_uppercase", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_IS_LOWERCASE, "is_lowercase", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_HAS_DIGITS, "has_digits", "s", KIND_INTEGER, FUNC_PURE)	\
	X(FUNC_COUNT_SPACES, "count_spaces", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_COUNT_UPPERCASE, "count_uppercase", "s", KIND_INTEGER,	\
	    FUNC_PURE)							\
	X(FUNC_COUNT_LOWERCASE, "count_lowercase", "s", KIND_INTEGER,	\
	    FUNC_PURE)							\
	X(FUNC_COUNT_CHARS, "count_chars", "s", KIND_INTEGER,		\
	    FUNC_PURE)							\
	X(FUNC_SUBSTRING, "substring", "snn", KIND_STRING, FUNC_PURE)	\
	X(FUNC_STRIP_PREFIX, "strip_prefix", "ss", KIND_STRING,		\
	    FUNC_PURE)							\
	X(FUNC_STRIP_SUFFIX, "strip_suffix", "ss", KIND_STRING,		\
	    FUNC_PURE)							\
	X(FUNC_SPLIT, "split", "se", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_RSPLIT, "rsplit", "se", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_SPLIT_ONCE, "split_once", "se",				\
	    KIND_ARRAY | KIND_STRING, FUNC_PURE)			\
	X(FUNC_RSPLIT_ONCE, "rsplit_once", "se",			\
	    KIND_ARRAY | KIND_STRING, FUNC_PURE)			\
	X(FUNC_SPLIT_WORDS, "split_words", "s", KIND_ARRAY, FUNC_PURE)	\
	X(FUNC_LINES, "lines", "s", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_ELEMENTS, "count", "a", KIND_INTEGER, FUNC_PURE)		\
	X(FUNC_SORT, "sort", "l?n", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_DEDUP, "dedup", "l", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_WINNOW, "winnow", "l", KIND_ARRAY, FUNC_PURE)		\
	X(FUNC_IS_INTERSECT, "is_intersect", "aa", KIND_INTEGER,	\
	    FUNC_PURE)							\
	X(FUNC_HASH, "hash", "sh", KIND_STRING, FUNC_PURE)		\
	X(FUNC_IS_LOCAL_DOMAIN, "is_local_domain", "ds", KIND_INTEGER,	\
	    FUNC_ASK)							\
	X(FUNC_IS_LOCAL_ADDRESS, "is_local_address", "ds",		\
	    KIND_INTEGER, FUNC_ASK)					\
	X(FUNC_IN_LIST, "in_list", "ia", KIND_INTEGER, FUNC_ASK)	\
	X(FUNC_KEY_GET, "key_get", "ks", KIND_STRING, FUNC_ASK)		\
	X(FUNC_KEY_EXISTS, "key_exists", "ks", KIND_INTEGER, FUNC_ASK)	\
	X(FUNC_KEY_SET, "key_set", "kss?n", KIND_INTEGER, FUNC_CHANGE)	\
	X(FUNC_COUNTER_GET, "counter_get", "ks", KIND_INTEGER,		\
	    FUNC_ASK)							\
	X(FUNC_COUNTER_INCR, "counter_incr", "ksn?n", KIND_INTEGER,	\
	    FUNC_CHANGE)						\
	X(FUNC_SQL_QUERY, "sql_query", "bqa", KIND_ANY, FUNC_CHANGE)	\
	X(FUNC_SQL_ROW, "query", "bqa", KIND_ARRAY, FUNC_SCRIPT)	\
	X(FUNC_GREYLIST, "greylist", "sss", KIND_INTEGER, FUNC_CHANGE)	\
	X(FUNC_GREYLIST_SEE, "greylist_see", "sss", KIND_INTEGER,	\
	    FUNC_SCRIPT)						\
	X(FUNC_REMOTE_HOST, "remote_host", "s", KIND_ARRAY, FUNC_SCRIPT) \
	X(FUNC_DNS_QUERY, "dns_query", "st", KIND_ARRAY, FUNC_ASK)

enum code_func_kind {
	FUNC_PURE,		/* the machine has it */
	FUNC_ASK,		/* another process is asked */
	FUNC_CHANGE,		/* and something changes by that */
	FUNC_SCRIPT,		/* FUNC_CHANGE for scripts: no expression
				   finds it by its name */
	FUNC_COMPILED		/* becomes an instruction of its own */
};

#define CODE_FUNC(func, name, params, gives, kind)	func,
enum code_func {
	CODE_FUNCS(CODE_FUNC)
	FUNC_COUNT
};
#undef CODE_FUNC

struct name_var {
	const char	*name;
	enum code_stage	 stage;
	unsigned int	 types;
};

struct name_func {
	const char		*name;
	const char		*params;
	unsigned int		 gives;
	enum code_func_kind	 kind;
};

/* FUNC_COUNT and VAR_COUNT: no such name. */
enum code_var name_find_var(const char *);

/* The variable of a part of the envelope, "from", whatever the case. */
enum code_var name_envelope(const char *, size_t len);
int	 name_is_envelope(enum code_var);
enum code_func name_find_func(const char *);

/* Below their count. */
const struct name_var *name_var(enum code_var);
const struct name_func *name_func(enum code_func);

/* How many arguments it takes, and the letter of the nth, from 0. */
unsigned int name_func_min(enum code_func);
unsigned int name_func_max(enum code_func);
char	 name_func_param(enum code_func, unsigned int n);

/* "at EHLO", "at MAIL", "at RCPT": for messages. */
const char *name_stage(enum code_stage);

#endif
