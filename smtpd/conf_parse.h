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
 * Inside the configuration parser, from characters to struct conf:
 *
 *	conf_file.c	files and includes
 *	conf_lex.c	characters to words and strings
 *	conf_macro.c	macros
 *	conf_scan.c	words to tokens of statements; skipping after errors
 *	parse.y		the grammar
 *	conf_word.c	the table of all words, with ranges and defaults
 *	conf_near.c	what was meant by an unknown word
 *	conf_value.c	numbers, durations and sizes in text
 *	conf_set.c	settings: once each, and their defaults
 *	conf_type.c	what a value of each type may be
 *	conf_limits.c	the same of rates and networks
 *	conf_rules.c	rules and expressions: see conf_expr.h
 *	conf_statement.c  directory, listen, deliver
 *	conf_store.c	store, and what names one
 *	conf_sql.c	store, and directory, with SQL; conf_sqlurl.h
 *	conf_list.c	list, and what names one
 *	conf_throttle.c	throttle
 *	conf_relay.c	relay, resolver, deliver lmtp
 *	conf_sieve.c	sieve; smtpd/script/ compiles
 *	conf_pki.c	pki, options of listen
 *	conf_pki_load.c	certificates and keys from their files, ciphers
 *	conf_check.c	what can be seen only at the end
 *	conf_dump.c	all of it as text
 *	conf.c		one run from start to end
 */

#ifndef CONF_PARSE_H
#define CONF_PARSE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "smtpd/conf.h"

#define CONF_STRING_MAX		4096	/* octets; msg_conf.c reads no more */
#define CONF_RAW_MAX		(1024 * 1024)	/* octets of '''...''' */
#define CONF_SIZE_MAX		(8 * 1024 * 1024) /* of all files */
#define CONF_INCLUDE_DEPTH	16
#define CONF_INCLUDES_MAX	256
#define CONF_MACROS_MAX		1000
#define CONF_ERRORS_MAX		50
#define CONF_BLOCK_DEPTH	3
#define CONF_WORDS_MAX		128	/* entries of the table of words */
#define CONF_TEXT_SIZE		8192	/* of one report */
#define CONF_SQL_TIMEOUT	5000	/* ms of a statement */

struct conf_pos {
	const char	*file;
	int		 line;		/* 0: nothing stands there */
	int		 column;	/* of characters, from 1 */
};

struct conf_value {
	const char		*text;
	int			 quoted;	/* octets of its quote, or 0 */
	struct conf_pos		 pos;
	struct conf_value	*next;	/* in a list */
};

/* Where a word may stand. */
enum conf_block {
	BLOCK_TOP,
	BLOCK_RCPT,
	BLOCK_ERRORS,
	BLOCK_MAIL,
	BLOCK_EXTENSIONS,
	BLOCK_SESSION,
	BLOCK_QUEUE,
	BLOCK_ALIASES,
	BLOCK_TLS,
	BLOCK_HARVEST,
	BLOCK_SQL,		/* of a directory */
	BLOCK_AUTH,
	BLOCK_AUTH_ERRORS,
	BLOCK_THROTTLE,
	BLOCK_GREYLIST,
	BLOCK_COUNT
};

/* Tokens of the grammar; parse.y knows its own numbers for them. */
enum conf_token {
	CONF_END,
	CONF_EOS,		/* end of a statement */
	CONF_BAD,		/* an error that has been reported */
	CONF_VALUE,
	CONF_RULES,		/* rules or an expression, compiled */
	CONF_SETTING,
	CONF_BLOCK,
	CONF_MACRO,
	CONF_INCLUDE,
	CONF_DIRECTORY,
	CONF_DB,
	CONF_LISTEN,
	CONF_ON,
	CONF_PORT,
	CONF_NAME,
	CONF_TLS,
	CONF_STARTTLS,
	CONF_REQUIRE,
	CONF_PKI,
	CONF_PROXY,
	CONF_SUBMISSION,
	CONF_FROM,
	CONF_CERT,
	CONF_KEY,
	CONF_DELIVER,
	CONF_MAILDIR,
	CONF_LMTP,
	CONF_RELAY,
	CONF_MX,
	CONF_HOST,
	CONF_VIA,
	CONF_FOR,
	CONF_DOMAIN,
	CONF_AUTH,
	CONF_INSECURE,
	CONF_FILE,
	CONF_RESOLVER,
	CONF_STORE,
	CONF_SQL,
	CONF_TIMEOUT,
	CONF_STATEMENT,		/* of a directory with SQL */
	CONF_LIST,
	CONF_SIEVE,
	CONF_ON_ERROR,
	CONF_STEPS,
	CONF_MEMORY,
	CONF_LOOK_UPS,
	CONF_WAIT,
	CONF_OPEN,
	CONF_CLOSE,
	CONF_LIST_OPEN,
	CONF_LIST_CLOSE,
	CONF_COMMA,
	CONF_EQUALS,
	CONF_LATER,		/* a word that this version does not know */
	CONF_TOKEN_COUNT
};

/* What the value of a setting may be, and what it is kept as. */
enum conf_type {
	TYPE_NONE,
	TYPE_HOSTNAME,		/* char[] */
	TYPE_ADDRESS,		/* char[] */
	TYPE_PATH,		/* char[CONF_PATH_MAX + 1] */
	TYPE_SOCKET,		/* the same, fit for a socket */
	TYPE_DELIMS,		/* char[] */
	TYPE_COUNT,		/* uint32_t */
	TYPE_MSEC,		/* uint32_t */
	TYPE_SEC,		/* uint32_t */
	TYPE_TLS_VERSION,	/* uint8_t */
	TYPE_CIPHERS,		/* char[] */
	TYPE_RETRIES,		/* retries of struct queue_conf */
	TYPE_RATE,		/* struct rate_conf */
	TYPE_NETWORKS,		/* struct networks_conf */
	TYPE_EXEMPT,		/* struct exempt_conf */
	TYPE_NUMBER,		/* the rest: struct setting, also rules */
	TYPE_DURATION,
	TYPE_SIZE,
	TYPE_FLAG,		/* yes, no */
	TYPE_LOGIN,		/* yes, no, authenticated */
	TYPE_TRUTH,		/* the same and strings */
	TYPE_CANDIDATE,		/* yes, no, an address */
	TYPE_REWRITE,		/* an address, or false */
	TYPE_DIRECTORY,		/* a name, or false */
	TYPE_MECHANISMS,	/* "PLAIN LOGIN", or false */
	TYPE_KEY,		/* anything */
	TYPE_SCRIPT,		/* the same */
	TYPE_COUNT_OF
};

struct conf_word {
	enum conf_block	 block;		/* where it stands */
	const char	*name;
	enum conf_token	 token;
	enum conf_block	 opens;		/* CONF_BLOCK */
	enum conf_type	 type;		/* CONF_SETTING, as the rest */
	size_t		 offset;	/* in struct conf */
	int64_t		 min, max;
	const char	*def;		/* as it would be written, or NULL */
	const char	*form;		/* for messages */
};

/* An option of a statement, as it stands there. */
struct conf_option {
	struct conf_option	*next;
	enum conf_token		 what;
	const char		*word;
	const struct conf_value	*value;		/* behind it, or NULL */
	struct conf_pos		 pos;
};

/* A text in a file, of any octets, with a NUL behind it. */
struct conf_text {
	const char	*text;
	size_t		 len;
	struct conf_pos	 pos;		/* of its first octet */
};

struct conf_file;
struct conf_kept;
struct conf_macro;
struct conf_reference;
struct conf_script;
struct conf_wish;

/* Lexical tokens. */
enum lex_kind {
	LEX_END,		/* of the file, until lex_pop */
	LEX_NEWLINE,
	LEX_SEMICOLON,
	LEX_WORD,
	LEX_STRING,
	LEX_PUNCT,		/* one character; in expressions also two */
	LEX_NUMBER,		/* in expressions: digits, fraction, unit */
	LEX_CAPTURE,		/* in expressions: the digits behind '$' */
	LEX_MACRO,		/* in expressions: text without blanks */
	LEX_BAD			/* an error that has been reported */
};

struct lex_token {
	enum lex_kind	 kind;
	int		 quote;		/* octets of it, of a string */
	const char	*text;		/* never NULL; while the run is quiet,
					   valid until the next token */
	struct conf_pos	 pos;
};

/* One run of the parser. */
struct conf_parse {
	struct conf		*conf;
	conf_report		 report;
	void			*arg;
	const char		*name;		/* of the first file */
	int			 nerrors;
	int			 full;		/* too many errors: end */
	struct conf_kept	*kept;		/* all memory of this run */
	struct conf_macro	*macros;
	int			 nmacros;
	struct conf_pos		 seen[CONF_WORDS_MAX];	/* where it was set */
	int			 tried[CONF_WORDS_MAX];	/* how often, well or
							   badly */

	struct conf_wish	*wishes;	/* pki of listeners */

	int			 incomplete;	/* includes not opened */
	struct conf_file	*file;		/* the one being read */
	int			 nincludes;
	size_t			 total;		/* octets of all files */
	int			 quiet;		/* 1 skips, 2 looks ahead */
	char			*buf;		/* token under way */
	size_t			 buflen, bufsize;

	struct {
		const struct conf_word	*word;
		struct conf_pos		 pos;
		const struct conf_file	*file;
	} blocks[CONF_BLOCK_DEPTH];
	int			 depth;
	int			 at_start;	/* of a statement */
	int			 may_open;	/* it may have a block */
	int			 in_list;
	int			 went_on;	/* over a line end */
	int			 end_due;	/* CONF_EOS comes next */
	size_t			 throttle;	/* index of the last one */
	const struct conf_word	*word;		/* of this statement */
	const char		*form;		/* how it should look */
	enum conf_token		 last;		/* what the grammar got */
	struct conf_value	*value;		/* and its value */
	struct setting		 rules;		/* of CONF_RULES, until taken */
	struct conf_reference	*references;	/* what has to be there */
	size_t			 directory;	/* the last one + 1; 0: it was
						   refused */
	struct conf_script	*scripts;	/* in their order */
};

/* conf.c: memory that lives as long as the run; never NULL. */
void	*conf_keep(struct conf_parse *, size_t);
char	*conf_keep_text(struct conf_parse *, const char *, size_t len);

/* Report an error; the text may end with ", expected ...". */
void	 conf_error(struct conf_parse *, const struct conf_pos *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));

/* Text of the file made fit for a message; the result is kept. */
const char *conf_show(struct conf_parse *, const char *);
const char *conf_quote(struct conf_parse *, const char *);	/* in '' */

/* conf_lex.c */
int	 lex_push(struct conf_parse *, const char *path,
	    const struct conf_pos *from);	/* NULL: the first file */
void	 lex_pop(struct conf_parse *);
void	 lex_next(struct conf_parse *, struct lex_token *);
void	 lex_expr(struct conf_parse *, struct lex_token *);	/* the next
					   one, where an expression stands */
void	 lex_unget(struct conf_parse *);	/* the last token comes again */
int	 lex_equals_next(struct conf_parse *);	/* is '=' next? */
int	 lex_is_word(const char *);		/* may it stand unquoted? */
void	 conf_include(struct conf_parse *, const struct conf_value *);
/* All of a file, at most max octets; -1 when an error was reported. */
int	 conf_file_text(struct conf_parse *, const struct conf_value *,
	    size_t max, struct conf_text *);

/* conf_macro.c; begin takes those of -D, end warns of unused ones */
const char *macro_find(const struct conf_parse *, const char *name);
void	 macro_set(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *value);
void	 macro_begin(struct conf_parse *), macro_end(const struct conf_parse *);

/* conf_scan.c */
enum conf_token conf_scan(struct conf_parse *);
int	 scan_is_rule_word(const char *);	/* if, then, else */
int	 scan_is_operator(const char *);	/* + - * / begin it */
/*
 * Behind a line end: does the statement go on?  With parens or brackets
 * open, or an operator at the end, it does unless another one begins.
 */
int	 scan_goes_on(struct conf_parse *, int parens, int open_end);
/* The grammar cannot go on with the last token: report it, end the
 * statement. */
void	 conf_unexpected(struct conf_parse *);

/* parse.y: all that lex_push has opened */
void	 conf_parse_files(struct conf_parse *);

/* conf_word.c: words that begin a statement */
const struct conf_word *word_find(enum conf_block, const char *);
const struct conf_word *word_at(size_t index);	/* NULL behind the last */
size_t	 word_index(const struct conf_word *);	/* below CONF_WORDS_MAX */
const char *word_block(enum conf_block);	/* "rcpt.errors"; top: "" */
/* Which token is this text behind the first word of a statement? */
enum conf_token word_inner(const struct conf_word *, const char *);
/* Is its value a setting of policy, which may be rules?  Which one? */
int	 word_is_rules(const struct conf_word *);
enum policy_setting word_setting(const struct conf_word *);
enum code_stage word_stage(const struct conf_word *);	/* of its value */
/* The words of a block for a message; the result is kept. */
const char *word_list(struct conf_parse *, enum conf_block);

/* conf_near.c: a word that is no keyword of this block */
void	 word_unknown(struct conf_parse *, enum conf_block,
	    const struct lex_token *);
/*
 * Is the candidate nearer to text than the nearest so far?  *least is its
 * distance, and NEAR_NONE at first.
 */
#define NEAR_NONE	3	/* two octets wrong are still near */
int	 near_is_nearer(const char *text, const char *candidate,
	    size_t *least);

/*
 * conf_value.c: pure.  0, or -1 when text is no such thing or does not fit.
 * A duration is in milliseconds and has a unit (ms s m h d) unless it is 0;
 * a size is in octets, K M G T are powers of 1024.
 */
int	 value_number(const char *text, int64_t *);
int	 value_duration(const char *text, int64_t *);
int	 value_size(const char *text, int64_t *);
/* The shortest text that reads as that; returns buf. */
const char *value_format_duration(int64_t, char *buf, size_t);
const char *value_format_size(int64_t, char *buf, size_t);

/* conf_set.c */
void	 conf_defaults(struct conf_parse *);
void	 conf_set(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
void	 conf_set_list(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
void	 conf_set_rules(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);		/* takes p->rules */
int	 conf_once(struct conf_parse *, const struct conf_word *,
	    const struct conf_pos *);		/* -1: was there before */

/* conf_type.c: check and store; -1 when an error has been reported. */
int	 type_is_hostname(const char *);
int	 type_is_answer(const char *);	/* a word that in quotes is an error */
int	 type_is_flag(const struct conf_value *, struct setting *);
int	 type_is_path(const char *);	/* absolute, of printable characters */
int	 type_set(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
int	 type_error(struct conf_parse *, const struct conf_value *,
	    const char *expected);		/* reports; -1 */
void	*type_place(struct conf_parse *, const struct conf_word *);
int	 type_retries(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);

/*
 * conf_rules.c: rules or an expression at the start of what is read next,
 * for this setting.  Fills in *setting, which is the caller's; -1 when
 * errors have been reported and the statement has to be skipped.
 */
int	 rules_parse(struct conf_parse *, const struct conf_word *,
	    struct setting *);
/* Does one stand there, and not a single constant? */
int	 rules_ahead(struct conf_parse *, const struct conf_word *);

/* conf_limits.c */
int	 type_rate(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
int	 type_networks(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
int	 type_exempt(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);

/* conf_throttle.c: each block is a throttle of its own */
int	 type_key(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);
void	 throttle_begin(struct conf_parse *);
void	 throttle_end(struct conf_parse *);
void	 throttle_check(struct conf_parse *);	/* when all has been read */

/* conf_statement.c; conf_directory_add: NULL when it was refused */
struct directory_conf *conf_directory_add(struct conf_parse *,
	    const struct conf_value *name);
void	 conf_directory(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *path);
void	 conf_listen(struct conf_parse *, const struct conf_value *address,
	    const struct conf_value *port, const struct conf_option *);
int	 conf_name(struct conf_parse *, const struct conf_value *,
	    size_t max);			/* -1: is none, reported */
void	 conf_deliver(struct conf_parse *, const struct conf_word *,
	    const struct conf_value *);

/* conf_store.c */
void	 conf_store(struct conf_parse *, const struct conf_value *name);

/* conf_pki.c */
void	 conf_pki(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *cert, const struct conf_value *key);
int	 conf_listen_options(struct conf_parse *, const struct conf_option *,
	    struct listener_conf *);
/* The n listeners from first on want the certificates that are named. */
void	 conf_listen_pkis(struct conf_parse *, const struct conf_option *,
	    size_t first, size_t n);
void	 conf_pki_check(struct conf_parse *);	/* when all has been read */

/*
 * conf_sql.c: stores and directories with SQL; timeout may be NULL.  The
 * statements of a directory follow it one by one.
 */
void	 conf_store_sql(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *url, const struct conf_value *timeout);
void	 conf_directory_sql(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *url, const struct conf_value *timeout);
void	 conf_directory_statement(struct conf_parse *,
	    const struct conf_word *, const struct conf_value *);
void	 conf_sql_check(struct conf_parse *);	/* at the end */
/* conf_list.c */
void	 conf_list(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *values);		/* or NULL */
void	 conf_list_file(struct conf_parse *, const struct conf_value *name,
	    const struct conf_value *file);
void	 conf_want_list(struct conf_parse *, const char *,
	    const struct conf_pos *);		/* for conf_refer */

/* conf_check.c: what is seen when all has been read */
void	 conf_check(struct conf_parse *);
/*
 * Something is named that has to be there then: check says so if it is not.
 */
typedef void (*conf_checker)(struct conf_parse *, const char *name,
	    const struct conf_pos *);
void	 conf_refer(struct conf_parse *, conf_checker, const char *,
	    const struct conf_pos *);
void	 conf_want_directory(struct conf_parse *, const char *,
	    const struct conf_pos *);	/* '' is the first */
void	 conf_want_logins(struct conf_parse *, const char *,
	    const struct conf_pos *);	/* that can be; conf_sql.c */
void	 conf_want_store(struct conf_parse *, const char *,
	    const struct conf_pos *);	/* '' is the default; conf_store.c */
int	 conf_store_name(struct conf_parse *, const struct conf_value *,
	    size_t max);		/* -1: is none or known, reported */
/*
 * An SQL store.  Without any, '' is one that smtpd makes; one that only a
 * run will name counts as ''.  conf_sql.c.
 */
void	 conf_want_sql(struct conf_parse *, const char *,
	    const struct conf_pos *);

#endif
