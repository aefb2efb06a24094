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
 * The grammar of smtpd.conf(5).  Words, ranges and defaults are in
 * conf_word.c; conf_scan.c has found where statements begin and end.
 */

%{
#include <stddef.h>

#include "smtpd/conf_parse.h"
#include "smtpd/conf_relay.h"
#include "smtpd/conf_sieve.h"

/* The run under way: yacc hands no argument around. */
static struct conf_parse	*run;

static struct conf_value *append(struct conf_value *, struct conf_value *);
static struct conf_option *option(enum conf_token, const struct conf_value *,
		    const struct conf_value *);
static int yylex(void);
static void yyerror(const char *);
int yyparse(void);
%}

%union {
	const struct conf_word	*word;
	struct conf_value	*value;
	struct {
		struct conf_value	*first;
		struct conf_value	*last;
	} list;
	struct {
		struct conf_option	*first;
		struct conf_option	*last;
	} options;
}

%token		EOS BAD ON PORT DB MAILDIR INCLUDE DIRECTORY LISTEN
%token		LMTP HOST VIA FOR DOMAIN FILE_ STORE SQL TIMEOUT INSECURE
%token		LIST
%token	<word>	SETTING BLOCK DELIVER RELAY RESOLVER STATEMENT
%token		SIEVE
%token	<value>	ON_ERROR STEPS MEMORY LOOK_UPS WAIT
%token	<value>	MACRO VALUE RULES MX NAME PKI CERT KEY TLS STARTTLS REQUIRE
%token	<value>	SUBMISSION PROXY FROM AUTH
%type	<value>	port auth timeout
%type	<list>	list
%type	<options> options option limits limit

%%

lines
	: /* empty */
	| lines statement
	| lines error EOS {
		yyerrok;
	}
	;

statement
	: SETTING VALUE EOS {
		conf_set(run, $1, $2);
	}
	| SETTING RULES EOS {
		conf_set_rules(run, $1, $2);
	}
	| SETTING '[' list ']' EOS {
		conf_set_list(run, $1, $3.first);
	}
	| BLOCK '{' lines '}' EOS
	| DIRECTORY VALUE DB VALUE EOS {
		conf_directory(run, $2, $4);
	}
	| STORE VALUE DB EOS {
		conf_store(run, $2);
	}
	| DIRECTORY VALUE SQL VALUE timeout {
		conf_directory_sql(run, $2, $4, $5);
	} '{' lines '}' EOS
	| STATEMENT VALUE EOS {
		conf_directory_statement(run, $1, $2);
	}
	| STORE VALUE SQL VALUE timeout EOS {
		conf_store_sql(run, $2, $4, $5);
	}
	| LIST VALUE '[' ']' EOS {
		conf_list(run, $2, NULL);
	}
	| LIST VALUE '[' list ']' EOS {
		conf_list(run, $2, $4.first);
	}
	| LIST VALUE FILE_ VALUE EOS {
		conf_list_file(run, $2, $4);
	}
	| LISTEN ON VALUE PORT VALUE options EOS {
		conf_listen(run, $3, $5, $6.first);
	}
	| PKI VALUE CERT VALUE KEY VALUE EOS {
		conf_pki(run, $2, $4, $6);
	}
	| DELIVER MAILDIR VALUE EOS {
		conf_deliver(run, $1, $3);
	}
	| DELIVER LMTP VALUE EOS {
		conf_deliver_lmtp(run, $1, $3);
	}
	| RELAY MX port EOS {
		conf_relay_mx(run, $1, $2, $3);
	}
	| RELAY HOST VALUE auth EOS {
		conf_relay_host(run, $1, $3, $4);
	}
	| RELAY VIA VALUE FOR DOMAIN VALUE auth EOS {
		conf_relay_via(run, $3, $6, $7);
	}
	| RELAY VIA VALUE FOR DOMAIN '[' list ']' auth EOS {
		conf_relay_via(run, $3, $7.first, $9);
	}
	| RESOLVER VALUE EOS {
		conf_resolver(run, $1, $2);
	}
	| RESOLVER '[' list ']' EOS {
		conf_resolver(run, $1, $3.first);
	}
	| SIEVE VALUE VALUE limits EOS {
		conf_sieve(run, $2, $3, NULL, $4.first);
	}
	| SIEVE VALUE FILE_ VALUE limits EOS {
		conf_sieve(run, $2, NULL, $4, $5.first);
	}
	/*
	 * These two act on the text behind them.  Nothing of it has been read:
	 * yacc needs no token ahead to know that EOS ends a statement.
	 */
	| MACRO '=' VALUE EOS {
		macro_set(run, $1, $3);
	}
	| INCLUDE VALUE EOS {
		conf_include(run, $2);
	}
	;

options
	: /* empty */ {
		$$.first = $$.last = NULL;
	}
	| options option {
		$$.first = $1.first == NULL ? $2.first : $1.first;
		$$.last = $2.last;
		if ($1.last != NULL)
			$1.last->next = $2.first;
	}
	;

option
	: NAME VALUE {
		$$.first = $$.last = option(CONF_NAME, $1, $2);
	}
	| NAME SUBMISSION {
		/* a name that everybody gives */
		$$.first = $$.last = option(CONF_NAME, $1, $2);
	}
	| TLS {
		$$.first = $$.last = option(CONF_TLS, $1, NULL);
	}
	| STARTTLS {
		$$.first = $$.last = option(CONF_STARTTLS, $1, NULL);
	}
	| STARTTLS REQUIRE {
		$$.first = $$.last = option(CONF_REQUIRE, $1, NULL);
	}
	| PKI VALUE {
		$$.first = $$.last = option(CONF_PKI, $1, $2);
	}
	| SUBMISSION {
		$$.first = $$.last = option(CONF_SUBMISSION, $1, NULL);
	}
	| PROXY FROM VALUE {
		$$.first = $$.last = option(CONF_PROXY, $1, $3);
	}
	| PROXY FROM '[' list ']' {
		$$.first = $$.last = option(CONF_PROXY, $1, $4.first);
	}
	| AUTH VALUE {
		$$.first = $$.last = option(CONF_AUTH, $1, $2);
	}
	| AUTH VALUE INSECURE {
		$$.first = $$.last = option(CONF_INSECURE, $1, $2);
	}
	;

limits
	: /* empty */ {
		$$.first = $$.last = NULL;
	}
	| limits limit {
		$$.first = $1.first == NULL ? $2.first : $1.first;
		$$.last = $2.last;
		if ($1.last != NULL)
			$1.last->next = $2.first;
	}
	;

limit
	: ON_ERROR VALUE {
		$$.first = $$.last = option(CONF_ON_ERROR, $1, $2);
	}
	| STEPS VALUE {
		$$.first = $$.last = option(CONF_STEPS, $1, $2);
	}
	| MEMORY VALUE {
		$$.first = $$.last = option(CONF_MEMORY, $1, $2);
	}
	| LOOK_UPS VALUE {
		$$.first = $$.last = option(CONF_LOOK_UPS, $1, $2);
	}
	| WAIT VALUE {
		$$.first = $$.last = option(CONF_WAIT, $1, $2);
	}
	;

port
	: /* empty */ {
		$$ = NULL;
	}
	| PORT VALUE {
		$$ = $2;
	}
	;

timeout
	: /* empty */ {
		$$ = NULL;
	}
	| TIMEOUT VALUE {
		$$ = $2;
	}
	;

auth
	: /* empty */ {
		$$ = NULL;
	}
	| AUTH FILE_ VALUE {
		$$ = $3;
	}
	;

list
	: VALUE {
		$$.first = $$.last = $1;
	}
	| list ',' VALUE {
		$$.first = $1.first;
		$$.last = append($1.last, $3);
	}
	;

%%

static struct conf_value *
append(struct conf_value *last, struct conf_value *value)
{
	last->next = value;
	return (value);
}

/* It stands where the word at stands. */
static struct conf_option *
option(enum conf_token what, const struct conf_value *at,
    const struct conf_value *value)
{
	struct conf_option	*o = conf_keep(run, sizeof(*o));

	o->what = what;
	o->value = value;
	o->word = at->text;
	o->pos = at->pos;
	return (o);
}

static const int	 numbers[CONF_TOKEN_COUNT] = {
	[CONF_END]		= 0,
	[CONF_EOS]		= EOS,
	[CONF_BAD]		= BAD,
	[CONF_VALUE]		= VALUE,
	[CONF_RULES]		= RULES,
	[CONF_SETTING]		= SETTING,
	[CONF_BLOCK]		= BLOCK,
	[CONF_MACRO]		= MACRO,
	[CONF_INCLUDE]		= INCLUDE,
	[CONF_DIRECTORY]	= DIRECTORY,
	[CONF_DB]		= DB,
	[CONF_LISTEN]		= LISTEN,
	[CONF_ON]		= ON,
	[CONF_PORT]		= PORT,
	[CONF_NAME]		= NAME,
	[CONF_TLS]		= TLS,
	[CONF_STARTTLS]		= STARTTLS,
	[CONF_REQUIRE]		= REQUIRE,
	[CONF_PKI]		= PKI,
	[CONF_PROXY]		= PROXY,
	[CONF_SUBMISSION]	= SUBMISSION,
	[CONF_FROM]		= FROM,
	[CONF_CERT]		= CERT,
	[CONF_KEY]		= KEY,
	[CONF_DELIVER]		= DELIVER,
	[CONF_MAILDIR]		= MAILDIR,
	[CONF_LMTP]		= LMTP,
	[CONF_RELAY]		= RELAY,
	[CONF_MX]		= MX,
	[CONF_HOST]		= HOST,
	[CONF_VIA]		= VIA,
	[CONF_FOR]		= FOR,
	[CONF_DOMAIN]		= DOMAIN,
	[CONF_AUTH]		= AUTH,
	[CONF_INSECURE]		= INSECURE,
	[CONF_FILE]		= FILE_,
	[CONF_RESOLVER]		= RESOLVER,
	[CONF_STORE]		= STORE,
	[CONF_SQL]		= SQL,
	[CONF_TIMEOUT]		= TIMEOUT,
	[CONF_STATEMENT]	= STATEMENT,
	[CONF_LIST]		= LIST,
	[CONF_SIEVE]		= SIEVE,
	[CONF_ON_ERROR]		= ON_ERROR,
	[CONF_STEPS]		= STEPS,
	[CONF_MEMORY]		= MEMORY,
	[CONF_LOOK_UPS]		= LOOK_UPS,
	[CONF_WAIT]		= WAIT,
	[CONF_OPEN]		= '{',
	[CONF_CLOSE]		= '}',
	[CONF_LIST_OPEN]	= '[',
	[CONF_LIST_CLOSE]	= ']',
	[CONF_COMMA]		= ',',
	[CONF_EQUALS]		= '=',
};

static int
yylex(void)
{
	enum conf_token		 token = conf_scan(run);

	if (token == CONF_SETTING || token == CONF_BLOCK ||
	    token == CONF_DELIVER || token == CONF_RELAY ||
	    token == CONF_RESOLVER || token == CONF_STATEMENT)
		yylval.word = run->word;
	else
		yylval.value = run->value;
	return (numbers[token]);
}

static void
yyerror(const char *text)
{
	conf_unexpected(run);
}

void
conf_parse_files(struct conf_parse *p)
{
	run = p;
	/* errors have been counted; END within a block is only after those */
	(void)yyparse();
	run = NULL;
}
