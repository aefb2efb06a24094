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
 * The configuration as the processes get it: a slice each, made by the
 * parent and sent as MSG_PARENT_CONF_NOTE.  The parser fills these very
 * structures.
 */

#ifndef MSG_CONF_H
#define MSG_CONF_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/code/code.h"
#include "smtpd/code/name.h"
#include "smtpd/msg/msg_session.h"
#include "smtpd/msg/msg_sql.h"
#include "smtpd/msg/msg_store.h"
#include "smtpd/smtp/nexthop.h"

struct code;
struct list;
struct rbuf;
struct wbuf;

#define CONF_PATH_MAX		1023
#define CONF_HOST_MAX		255
#define CONF_LISTENERS_MAX	64
#define CONF_DIRECTORIES_MAX	64
#define CONF_STORES_MAX		64
#define CONF_LISTS_MAX		64
#define CONF_RETRIES_MAX	32
#define CONF_ROUTES_MAX		64
#define CONF_PKIS_MAX		64
#define CONF_LISTENER_PKIS_MAX	16
#define CONF_CIPHERS_MAX	511
#define CONF_PROXIES_MAX	16	/* networks of one listener */
#define CONF_NETWORKS_MAX	256
#define CONF_SQLS_MAX		16	/* stores and directories with SQL */
#define CONF_STATEMENTS_MAX	(128 * 1024)	/* octets of all of them */
#define CONF_HASHES_MAX		16	/* processes */
#define CONF_SENDERS_MAX	128

/*
 * The value of a setting.  What is known when the configuration is read is
 * a constant; rules and expressions are a program (smtpd/code/code.h).
 * Durations are milliseconds, sizes octets.
 */
enum setting_kind {
	SETTING_NUMBER,		/* true and false are 1 and 0 */
	SETTING_STRING,
	SETTING_AUTHENTICATED,	/* true for clients that logged in */
	SETTING_PROGRAM,
	SETTING_KIND_COUNT
};

struct setting {
	enum setting_kind kind;
	int64_t		 number;
	char		*string;	/* SETTING_STRING, else NULL */
	struct code	*code;		/* SETTING_PROGRAM, else NULL */
	char		*source;	/* of code, in the parent alone */
};

/* The settings of policy: what they are called, when they are evaluated. */
#define POLICY_SETTINGS(X)						\
	X(SET_RCPT_DIRECTORY, "rcpt.directory", STAGE_RCPT)		\
	X(SET_RCPT_RELAY, "rcpt.relay", STAGE_RCPT)			\
	X(SET_RCPT_SUB_ADDRESSING, "rcpt.sub-addressing", STAGE_RCPT)	\
	X(SET_RCPT_CATCH_ALL, "rcpt.catch-all", STAGE_RCPT)		\
	X(SET_RCPT_REWRITE, "rcpt.rewrite", STAGE_RCPT)			\
	X(SET_RCPT_SCRIPT, "rcpt.script", STAGE_RCPT)			\
	X(SET_RCPT_MAX_RECIPIENTS, "rcpt.max-recipients", STAGE_MAIL)	\
	X(SET_RCPT_ERRORS_TOTAL, "rcpt.errors.total", STAGE_MAIL)	\
	X(SET_RCPT_ERRORS_WAIT, "rcpt.errors.wait", STAGE_MAIL)		\
	X(SET_MAIL_IS_ALLOWED, "mail.is-allowed", STAGE_MAIL)		\
	X(SET_MAIL_REWRITE, "mail.rewrite", STAGE_MAIL)			\
	X(SET_MAIL_SCRIPT, "mail.script", STAGE_MAIL)			\
	X(SET_AUTH_DIRECTORY, "auth.directory", STAGE_SESSION)		\
	X(SET_AUTH_MECHANISMS, "auth.mechanisms", STAGE_SESSION)	\
	X(SET_AUTH_REQUIRE, "auth.require", STAGE_MAIL)			\
	X(SET_AUTH_MUST_MATCH_SENDER, "auth.must-match-sender",		\
	    STAGE_MAIL)							\
	X(SET_AUTH_ERRORS_TOTAL, "auth.errors.total", STAGE_SESSION)	\
	X(SET_AUTH_ERRORS_WAIT, "auth.errors.wait", STAGE_SESSION)	\
	X(SET_SESSION_MAX_SIZE, "session.max-size", STAGE_MAIL)		\
	X(SET_GREYLIST_WHEN, "greylist.when", STAGE_RCPT)		\
	X(SET_EXTENSIONS_VRFY, "extensions.vrfy", STAGE_SESSION)	\
	X(SET_EXTENSIONS_EXPN, "extensions.expn", STAGE_SESSION)	\
	X(SET_EXTENSIONS_DSN, "extensions.dsn", STAGE_SESSION)		\
	X(SET_EXTENSIONS_SMTPUTF8, "extensions.smtputf8", STAGE_SESSION) \
	X(SET_EXTENSIONS_PIPELINING, "extensions.pipelining",		\
	    STAGE_SESSION)

#define POLICY_SETTING(set, name, stage)	set,
enum policy_setting {
	POLICY_SETTINGS(POLICY_SETTING)
	SET_COUNT
};
#undef POLICY_SETTING

/* So many in a time. */
struct rate_conf {
	uint32_t	 count;
	uint32_t	 period;	/* ms */
};

struct networks_conf {
	uint16_t	 n;
	struct ip_net	 nets[CONF_NETWORKS_MAX];
};

/* The harvest memory, RCPT.md 4. */
struct harvest_conf {
	struct rate_conf budget;	/* of errors */
	uint32_t	 ban;		/* ms */
};

/*
 * A throttle.  Its settings are those behind SET_COUNT: all functions for
 * settings know them.
 */
#define CONF_THROTTLES_MAX	32
#define CONF_THROTTLE_NAME	15	/* octets: "throttle.32" */
#define SET_THROTTLE_MATCH(i)	((enum policy_setting)(SET_COUNT + 2 * (i)))
#define SET_THROTTLE_KEY(i)	((enum policy_setting)(SET_COUNT + 2 * (i) + 1))
#define SET_ALL			(SET_COUNT + 2 * CONF_THROTTLES_MAX)

struct throttle_conf {
	char		 name[CONF_THROTTLE_NAME + 1];	/* for logs */
	uint64_t	 id;		/* made of all that it is */
	struct rate_conf rate;
	struct setting	 match, key;
};

/* PROC_LOOKUP's part of the greylist. */
struct greylist_conf {
	uint32_t	 delay, window, expire;	/* s */
	uint32_t	 pass_after;	/* 0: never */
};

/* Networks and senders: "a@b", "@b", folded. */
struct exempt_conf {
	struct networks_conf networks;
	uint16_t	 nsenders;
	char		 senders[CONF_SENDERS_MAX][ADDRESS_STR_SIZE];
};

/* PROC_FRONT */
struct front_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	uint32_t	 timeout;	/* ms a client may say nothing */
	uint32_t	 duration;	/* ms of a whole session */
	uint32_t	 max_sessions;	/* of this front */
	uint32_t	 max_per_client; /* of one address in this front */
	uint8_t		 tls_13;	/* no version below 1.3 */
	char		 ciphers[CONF_CIPHERS_MAX + 1];	/* of TLS 1.2 */
	struct networks_conf exempt;	/* from bans */
};

enum listener_tls {
	LISTENER_CLEAR,
	LISTENER_STARTTLS,	/* RFC 3207 */
	LISTENER_TLS,		/* from the first octet: RFC 8314 */
	LISTENER_TLS_COUNT
};

/* A listener, MSG_PARENT_LISTEN_NOTE with its socket. */
struct listener_conf {
	struct ip	 ip;
	uint16_t	 port;
	char		 name[SESSION_LISTENER_MAX + 1];
	enum listener_tls tls;
	uint8_t		 require;	/* STARTTLS before any mail */
	char		 auth[SESSION_DIRECTORY_MAX + 1]; /* of logins; "" is
						no AUTH */
	uint8_t		 auth_clear;	/* AUTH also without TLS */
	uint8_t		 npkis;
	uint8_t		 pkis[CONF_LISTENER_PKIS_MAX]; /* by number, the
						default first */
	uint8_t		 submission;	/* for mail of our users: RFC 6409 */
	uint8_t		 nproxies;	/* 0: clients come themselves */
	struct ip_net	 proxies[CONF_PROXIES_MAX]; /* of balancers */
};

#define POLICY_SCRIPT_MAX	63	/* octets of a name */
#define POLICY_SCRIPTS_MAX	1024

/* A script: SIEVE.  Its program comes behind the slice. */
struct policy_script {
	char		 name[POLICY_SCRIPT_MAX + 1];
	uint8_t		 accept;	/* when it fails, else 451 */
	struct run_budget budget;
	struct code	*code;
	/* in the parent alone */
	char		*path;		/* of its file, or NULL */
};

/* PROC_POLICY */
struct policy_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	char		 postmaster[ADDRESS_STR_SIZE];
	char		 delims[9];	/* sub-address-delimiters */
	struct networks_conf exempt;	/* from the harvest memory */
	struct exempt_conf greylist_exempt;
	struct setting	 settings[SET_COUNT];
	uint32_t	 nthrottles;
	struct throttle_conf throttles[CONF_THROTTLES_MAX];
	uint32_t	 nlists;
	struct list	*lists[CONF_LISTS_MAX];	/* of sieve/list.h */
	struct list	*coming;	/* one under way, or NULL */
	uint32_t	 nscripts;
	struct policy_script **scripts;	/* by name; NULL: still to come */
};

/* Any setting, also of a throttle that is not there. */
const struct setting *policy_conf_setting(const struct policy_conf *,
	    enum policy_setting);

/* PROC_LOOKUP */
struct directory_conf {
	char		 name[SESSION_DIRECTORY_MAX + 1];
	char		 path[CONF_PATH_MAX + 1];	/* absolute; or "" */
	uint8_t		 sql;		/* 0, or 1 + number of its process */
};

/* The statements of a directory with SQL: smtpd-directory(5). */
#define SQLDIR_STATEMENTS(X)						\
	X(SQLDIR_DOMAINS, "domains")					\
	X(SQLDIR_RECIPIENTS, "recipients")				\
	X(SQLDIR_EMAILS, "emails")					\
	X(SQLDIR_NAMES, "names")					\
	X(SQLDIR_SECRET, "secret")					\
	X(SQLDIR_EXPAND, "expand")					\
	X(SQLDIR_VERIFY, "verify")

#define SQLDIR_STATEMENT(statement, name)	statement,
enum sqldir {
	SQLDIR_STATEMENTS(SQLDIR_STATEMENT)
	SQLDIR_COUNT
};
#undef SQLDIR_STATEMENT

/* PROC_SQL, instance by instance */
struct sql_conf {
	char		 name[SQL_STORE_MAX + 1];	/* for logs */
	char		 url[CONF_PATH_MAX + 1];
	uint32_t	 timeout;	/* ms of a statement */
	uint8_t		 is_store;	/* else a directory's */
	uint8_t		 is_read_only;	/* of a trial: nothing may change */
	uint8_t		 is_made;	/* below the state directory: no
					   statement says where */
};

/* Keys and counters by that name. */
struct store_conf {
	char		 name[STORE_NAME_MAX + 1];
};

struct lookup_conf {
	char		 state[CONF_PATH_MAX + 1];	/* a directory */
	size_t		 nstores;
	struct store_conf stores[CONF_STORES_MAX];
	size_t		 ndirectories;
	struct directory_conf directories[CONF_DIRECTORIES_MAX]; /* first is
							the default */
	char		*statements[CONF_DIRECTORIES_MAX][SQLDIR_COUNT];
	size_t		 nsqls;
	struct sql_conf	 sqls[CONF_SQLS_MAX];	/* without url */
	uint32_t	 max_depth;	/* of aliases in aliases */
	uint32_t	 max_expansion;	/* mailboxes behind one address */
	struct harvest_conf harvest;
	struct greylist_conf greylist;
};

/* PROC_QUEUE */
struct relay_route {
	char		 domain[CONF_HOST_MAX + 1];	/* ".d": below d */
	char		 url[NEXTHOP_STR_SIZE];
};

struct queue_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	char		 spool[CONF_PATH_MAX + 1];
	uint32_t	 nretries;
	uint32_t	 retries[CONF_RETRIES_MAX]; /* s between tries; the last
						       goes on */
	uint32_t	 expire;	/* s */
	uint32_t	 warn;		/* s until a delay is told; 0: never */
	uint32_t	 concurrency;	/* to one next hop */
	char		 lmtp[NEXTHOP_STR_SIZE]; /* of the mailboxes, or "" */
	uint16_t	 relay_port;	/* of mail exchangers */
	char		 relay_host[NEXTHOP_STR_SIZE]; /* "": by MX */
	uint32_t	 nroutes;	/* the first that fits wins */
	struct relay_route routes[CONF_ROUTES_MAX];
};

/* PROC_DELIVER */
struct deliver_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	char		 maildir[CONF_PATH_MAX + 1]; /* with %{domain} … */
};

/* A listener, for those who ask about its clients. */
struct listener_name {
	struct ip	 ip;
	uint16_t	 port;
	char		 name[SESSION_LISTENER_MAX + 1];
	uint8_t		 tls;		/* no mail without it */
};

/* PROC_CONTROL; its socket comes as MSG_PARENT_LISTEN_NOTE */
struct control_conf {
	char		 hostname[CONF_HOST_MAX + 1];
	uint32_t	 prefork;
	size_t		 ndirectories;
	struct directory_conf directories[CONF_DIRECTORIES_MAX];
	size_t		 nlisteners;
	struct listener_name listeners[CONF_LISTENERS_MAX];
};

/* Is the address in one of them? */
int	 networks_have(const struct networks_conf *, const struct ip *);

void	 msg_put_front_conf(struct wbuf *, const struct front_conf *);
int	 msg_get_front_conf(struct rbuf *, struct front_conf *);
void	 msg_put_listener(struct wbuf *, const struct listener_conf *);
int	 msg_get_listener(struct rbuf *, struct listener_conf *);
void	 msg_put_policy_conf(struct wbuf *, const struct policy_conf *);
int	 msg_get_policy_conf(struct rbuf *, struct policy_conf *);
/* What they point to. */
void	 policy_conf_free(struct policy_conf *);
void	 setting_free(struct setting *);
void	 policy_script_free(struct policy_script *);

/*
 * The program of a setting, MSG_PARENT_CODE_NOTE: they come one by one
 * behind the slice that says which settings have one.  get refuses one
 * that is not waited for.
 */
void	 msg_put_policy_code(struct wbuf *, const struct policy_conf *,
	    enum policy_setting);
int	 msg_get_policy_code(struct rbuf *, struct policy_conf *);

/* For the slices that have them. */
void	 msg_put_directories(struct wbuf *, const struct directory_conf *,
	    size_t n);
size_t	 msg_get_directories(struct rbuf *, struct directory_conf *);
/*
 * The values of lists, MSG_PARENT_LIST_NOTE: behind the slice, which names
 * them, and again when they have changed.  put writes as many as fit from
 * behind *value on, which is NULL before the first, and then the last one
 * written; it returns 1 when there are more.  get returns 1 when that was
 * the last of a list: lists[*index] is then the new one; 0 before, and -1.
 */
int	 msg_put_policy_list(struct wbuf *, const struct policy_conf *,
	    uint32_t index, const char **value);
int	 msg_get_policy_list(struct rbuf *, struct policy_conf *,
	    uint32_t *index);

/*
 * A script, MSG_PARENT_SCRIPT_NOTE, by its index: they come as the programs
 * of settings do, all of them and in their order.
 */
void	 msg_put_policy_script(struct wbuf *, const struct policy_conf *,
	    uint32_t);
int	 msg_get_policy_script(struct rbuf *, struct policy_conf *);

/* "rcpt.relay", and when it is evaluated. */
const char *policy_setting_name(enum policy_setting);
enum code_stage policy_setting_stage(enum policy_setting);
void	 msg_put_lookup_conf(struct wbuf *, const struct lookup_conf *);
int	 msg_get_lookup_conf(struct rbuf *, struct lookup_conf *);
void	 lookup_conf_free(struct lookup_conf *);	/* what it points to */
void	 msg_put_sql_conf(struct wbuf *, const struct sql_conf *);
int	 msg_get_sql_conf(struct rbuf *, struct sql_conf *);
const char *sqldir_name(enum sqldir);
void	 msg_put_queue_conf(struct wbuf *, const struct queue_conf *);
int	 msg_get_queue_conf(struct rbuf *, struct queue_conf *);
void	 msg_put_deliver_conf(struct wbuf *, const struct deliver_conf *);
int	 msg_get_deliver_conf(struct rbuf *, struct deliver_conf *);
void	 msg_put_control_conf(struct wbuf *, const struct control_conf *);
int	 msg_get_control_conf(struct rbuf *, struct control_conf *);

#endif
