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
 * Every message that crosses a process wall, in one list.
 *
 * Name: MSG_<FROM>_<SUBJECT>_<KIND>
 *	FROM	 the sender; CHILD is any process but the parent; who may
 *		 receive it is in the route tables
 *	SUBJECT	 what is talked about
 *	KIND	 ASK (wants one answer), ANSWER, NOTE (wants none)
 * An ANSWER carries the id of its ASK and goes back the way it came.
 *
 * Numbers are fixed: smtpctl(8) may be older than smtpd(8).
 */

#ifndef MSG_H
#define MSG_H

#include <stdint.h>

#define MSG_VERSION	1

/* name, number; bodies are in the msg_*.h named at the right */
#define MSG_LIST(X)							\
	/* parent and its children: msg_conf.h, msg_parent.h */		\
	X(MSG_PARENT_PEER_NOTE, 100)	/* a connection, descriptor */	\
	X(MSG_PARENT_CONF_NOTE, 101)	/* the slice of that process */	\
	X(MSG_PARENT_LISTEN_NOTE, 102)	/* a listening socket */	\
	X(MSG_PARENT_START_NOTE, 103)	/* all has been told */		\
	X(MSG_PARENT_VERBOSE_NOTE, 104)					\
	X(MSG_PARENT_TABLES_NOTE, 105)	/* open the tables anew */	\
	X(MSG_PARENT_ALIVE_ASK, 106)	/* does the loop still turn? */	\
	X(MSG_PARENT_CODE_NOTE, 107)	/* the program of a setting */	\
	X(MSG_PARENT_CERT_NOTE, 108)	/* msg_keys.h */		\
	X(MSG_PARENT_KEY_NOTE, 109)	/* msg_keys.h, to keys alone */	\
	X(MSG_CHILD_READY_NOTE, 110)	/* open for business */		\
	X(MSG_CHILD_ALIVE_ANSWER, 111)					\
	X(MSG_CONTROL_RELOAD_ASK, 120)					\
	X(MSG_PARENT_RELOAD_ANSWER, 121)				\
	X(MSG_CONTROL_STOP_NOTE, 122)					\
	X(MSG_CONTROL_VERBOSE_NOTE, 123)				\
	X(MSG_CONTROL_PROCS_ASK, 124)					\
	X(MSG_PARENT_PROCS_ANSWER, 125)					\
	X(MSG_LOOKUP_TABLES_NOTE, 126)	/* how opening them went */	\
	X(MSG_PARENT_TICKETS_NOTE, 127)	/* msg_keys.h */		\
	X(MSG_PARENT_GENERATION_NOTE, 128) /* which policy to ask */	\
	X(MSG_PARENT_LIST_NOTE, 129)	/* values of a list */		\
	X(MSG_FRONT_DRAINED_NOTE, 130)	/* which policy no more */	\
	X(MSG_CONTROL_ROLLBACK_ASK, 131) /* RELOAD_ANSWER */		\
	X(MSG_CONTROL_GENERATIONS_ASK, 132)				\
	X(MSG_PARENT_GENERATIONS_ANSWER, 133)				\
	X(MSG_PARENT_SCRIPT_NOTE, 134)	/* a script of policy */	\
	X(MSG_CONTROL_PREFLIGHT_ASK, 150)				\
	X(MSG_PARENT_PREFLIGHT_ANSWER, 151)				\
	/* front and policy: msg_session.h */				\
	X(MSG_FRONT_SESSION_NOTE, 200)					\
	X(MSG_FRONT_HELO_ASK, 201)					\
	X(MSG_POLICY_HELO_ANSWER, 202)					\
	X(MSG_FRONT_MAIL_ASK, 203)					\
	X(MSG_POLICY_MAIL_ANSWER, 204)					\
	X(MSG_FRONT_RCPT_ASK, 205)	/* may this mailbox receive? */	\
	X(MSG_POLICY_RCPT_ANSWER, 206)					\
	X(MSG_FRONT_VRFY_ASK, 207)	/* VRFY and EXPN */		\
	X(MSG_POLICY_VRFY_ANSWER, 208)					\
	X(MSG_FRONT_RESET_NOTE, 209)	/* the transaction is over */	\
	X(MSG_FRONT_END_NOTE, 210)	/* the session is over */	\
	X(MSG_POLICY_BAN_NOTE, 220)	/* msg_harvest.h */		\
	X(MSG_POLICY_STEPS_NOTE, 221)	/* msg_trace.h */		\
	X(MSG_FRONT_AUTH_ASK, 211)	/* msg_auth.h */		\
	X(MSG_POLICY_AUTH_ANSWER, 212)					\
	/* the directory: msg_resolve.h, msg_directory.h */		\
	X(MSG_POLICY_RESOLVE_ASK, 300)					\
	X(MSG_LOOKUP_RESOLVE_ANSWER, 301)				\
	X(MSG_POLICY_NAMES_ASK, 302)	/* VRFY of a part, EXPN */	\
	X(MSG_LOOKUP_NAMES_ANSWER, 303)					\
	X(MSG_QUEUE_EXPAND_ASK, 304)	/* who gets it, at delivery */	\
	X(MSG_LOOKUP_EXPAND_ANSWER, 305)				\
	X(MSG_DELIVER_USAGE_NOTE, 306)	/* octets in a mailbox */	\
	X(MSG_CONTROL_DIRECTORY_ASK, 307)				\
	X(MSG_LOOKUP_DIRECTORY_ANSWER, 308)				\
	/* what is remembered: msg_store.h; answers: msg_value.h */	\
	X(MSG_POLICY_STORE_ASK, 320)	/* keys and counters */		\
	X(MSG_LOOKUP_VALUE_ANSWER, 321)	/* to any such question */	\
	X(MSG_POLICY_THROTTLE_ASK, 322)	/* msg_throttle.h */		\
	X(MSG_LOOKUP_THROTTLE_ANSWER, 323)				\
	/* the harvest memory: msg_harvest.h */				\
	X(MSG_POLICY_HARVEST_ASK, 340)					\
	X(MSG_LOOKUP_HARVEST_ANSWER, 341)				\
	X(MSG_LOOKUP_BAN_NOTE, 342)					\
	X(MSG_CONTROL_HARVEST_ASK, 343)					\
	X(MSG_LOOKUP_NETWORKS_ANSWER, 344)				\
	/* SQL stores: msg_sql.h */					\
	X(MSG_POLICY_QUERY_ASK, 350)					\
	X(MSG_LOOKUP_QUERY_ANSWER, 351)					\
	X(MSG_LOOKUP_SQL_ASK, 352)					\
	X(MSG_SQL_ROWS_ANSWER, 353)					\
	/* logins: msg_auth.h */					\
	X(MSG_POLICY_LOGIN_ASK, 330)					\
	X(MSG_LOOKUP_LOGIN_ANSWER, 331)					\
	X(MSG_POLICY_OWNER_ASK, 332)	/* may that login send as it? */ \
	X(MSG_LOOKUP_OWNER_ANSWER, 333)					\
	/* the greylist: msg_greylist.h */				\
	X(MSG_POLICY_GREYLIST_ASK, 345)					\
	X(MSG_CONTROL_GREYLIST_ASK, 346)				\
	X(MSG_LOOKUP_GREYLIST_ANSWER, 347)				\
	/* front and queue: msg_tx.h */					\
	X(MSG_FRONT_DATA_ASK, 400)					\
	X(MSG_QUEUE_DATA_ANSWER, 401)	/* with a descriptor */		\
	X(MSG_FRONT_ENVELOPE_NOTE, 402)	/* one recipient of a tx */	\
	X(MSG_FRONT_COMMIT_ASK, 403)					\
	X(MSG_QUEUE_COMMIT_ANSWER, 404)					\
	X(MSG_FRONT_ABORT_NOTE, 405)					\
	/* queue and deliver: msg_deliver.h */				\
	X(MSG_QUEUE_DELIVER_ASK, 500)	/* with a descriptor */		\
	X(MSG_DELIVER_DONE_ANSWER, 501)					\
	/* queue and relay: msg_relay.h */				\
	X(MSG_QUEUE_RELAY_ASK, 600)	/* with a descriptor */		\
	X(MSG_RELAY_DONE_ANSWER, 601)					\
	/* policy and relay: msg_dns.h, the answer msg_value.h */	\
	X(MSG_POLICY_DNS_ASK, 620)					\
	X(MSG_RELAY_DNS_ANSWER, 621)					\
	/* front and keys: msg_keys.h */				\
	X(MSG_FRONT_SIGN_ASK, 700)					\
	X(MSG_KEYS_SIGN_ANSWER, 701)					\
	/* lookup and hash: msg_auth.h */				\
	X(MSG_LOOKUP_HASH_ASK, 750)	/* is it the password? */	\
	X(MSG_HASH_DONE_ANSWER, 751)					\
	/* control and the others: msg_control.h */			\
	X(MSG_CONTROL_STATS_ASK, 800)					\
	X(MSG_CHILD_STATS_ANSWER, 801)					\
	X(MSG_CONTROL_SESSIONS_ASK, 802)				\
	X(MSG_FRONT_SESSIONS_ANSWER, 803)				\
	X(MSG_CONTROL_QUEUE_ASK, 804)					\
	X(MSG_QUEUE_LIST_ANSWER, 805)					\
	X(MSG_CONTROL_EXPLAIN_ASK, 840)	/* msg_explain.h */		\
	X(MSG_POLICY_EXPLAIN_ANSWER, 841)				\
	X(MSG_CONTROL_WHY_ASK, 842)	/* msg_explain.h */		\
	X(MSG_CONTROL_TRACE_ASK, 850)	/* msg_trace.h */		\
	X(MSG_CHILD_TRACE_ANSWER, 851)					\
	X(MSG_CONTROL_TRACE_NOTE, 852)					\
	X(MSG_FRONT_TRACE_NOTE, 853)					\
	X(MSG_CONTROL_ANSWERS_ASK, 860)	/* msg_explain.h */		\
	X(MSG_POLICY_ANSWERS_ANSWER, 861)				\
	/* smtpctl and control: msg_control.h */			\
	X(MSG_SMTPCTL_COMMAND_ASK, 900)					\
	X(MSG_CONTROL_ROW_NOTE, 901)					\
	X(MSG_CONTROL_END_ANSWER, 902)

#define MSG_ENUM(name, number)	name = number,
enum msg_type {
	MSG_NONE = 0,
	MSG_LIST(MSG_ENUM)
};
#undef MSG_ENUM

#endif
