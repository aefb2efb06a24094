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
 * Client connections, shared by the files of this room.
 */

#ifndef SESSION_H
#define SESSION_H

#include <sys/types.h>
#include <bsd/sys/queue.h>

#include <event.h>
#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/lines.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/smtp/reply.h"

struct auth;
struct client;
struct input;
struct output;
struct tls;
struct tx;
struct wbuf;

/* Octets of a command line without CRLF; RFC 5321 4.5.3.1.4 wants 512. */
#define SESSION_LINE_MAX	2048
#define SESSION_DISCARD_MAX	(1024 * 1024)	/* of one overlong line */
#define SESSION_READ_MAX	(64 * 1024)	/* octets of one read */
#define SESSION_HOLD_MAX	(16 * 1024)	/* the same, of commands */
#define SESSION_OUT_MAX		(64 * 1024)	/* unread: input stops */
#define SESSION_ASKED_MAX	64		/* RCPTs in flight */
#define SESSION_BAD_MAX		25		/* bad commands in a row */
#define SESSION_LINGER		2000		/* ms for a client to leave */
#define SESSION_LINGER_MAX	(256 * 1024)	/* octets read meanwhile */

enum session_phase {
	SESSION_OPEN,		/* commands are read */
	SESSION_PROXY,		/* the balancer's header is */
	SESSION_UPGRADING,	/* the reply to STARTTLS is being written */
	SESSION_HANDSHAKE,	/* of TLS */
	SESSION_CLOSING,	/* the last reply is being written */
	SESSION_DRAINING	/* our side is shut; what comes is dropped */
};

/* Of a session that comes through a balancer. */
struct proxied {
	struct ip	 local;		/* where the client came in; or none */
	uint16_t	 local_port;
	uint8_t		*head;		/* of the header, while it comes */
	size_t		 len;
};

/* Small: there may be many thousands, most of them idle. */
struct session {
	uint64_t		 id;
	TAILQ_ENTRY(session)	 entry;		/* all, by id */
	TAILQ_ENTRY(session)	 turn;		/* with queued */
	LIST_ENTRY(session)	 traced;	/* with watched */
	struct event		 io;
	struct event		 timer;
	uint64_t		 armed;		/* when timer fires, or 0 */
	uint64_t		 idle;		/* deadlines, clock_mono */
	uint64_t		 start, end;
	struct lines		 refusals;	/* in the log */
	struct client		*client;
	const struct listener_conf *listener;
	struct input		*in;		/* read, not used yet */
	struct output		*out;		/* not written yet */
	char			*helo;		/* NULL until HELO or EHLO */
	char			*login;		/* NULL until AUTH */
	struct auth		*auth;		/* one under way, or NULL */
	struct tx		*tx;		/* NULL until MAIL */
	struct tls		*tls;		/* NULL in the clear */
	struct proxied		*proxied;	/* NULL: comes by itself */
	int			 fd;
	uint32_t		 policy;	/* generation that knows us */
	uint32_t		 extensions;	/* SMTP_EXT_* */
	uint32_t		 errors;	/* of recipients */
	uint32_t		 auth_errors;
	uint32_t		 discarded;	/* octets of an overlong line */
	struct ip		 remote;
	uint16_t		 remote_port;
	uint8_t			 slot;		/* of its policy */
	uint8_t			 phase;		/* enum session_phase */
	uint8_t			 asking;	/* enum verb, or VERB_NONE */
	uint8_t			 bad;		/* bad commands in a row */
	uint8_t			 events;	/* EV_* that io waits for */
	uint8_t			 parked;	/* input waits for answers */
	uint8_t			 queued;	/* to look at in this turn */
	uint8_t			 eof;		/* the client has said all */
	uint8_t			 esmtp;		/* EHLO */
	uint8_t			 mechanisms;	/* SASL_BIT that EHLO offered */
	uint8_t			 utf8;		/* the VRFY in flight is */
	uint8_t			 recv_wait;	/* EV_* when TLS wants more */
	uint8_t			 send_wait;
	uint8_t			 more;		/* TLS may hold octets read */
	uint8_t			 broken;	/* TLS has no good-bye */
	uint8_t			 watched;	/* bits of base/watch.h */
	uint8_t			 secretive;	/* an AUTH was said */
};

/* Counted since the start, for smtpctl. */
struct front_stats {
	uint64_t	 connections;
	uint64_t	 refused;	/* connections */
	uint64_t	 banned;	/* of those, by the harvest memory */
	uint64_t	 commands;
	uint64_t	 rcpts_accepted;
	uint64_t	 rcpts_refused;
	uint64_t	 rcpts_deferred; /* of those, for now: 4yz */
	uint64_t	 logins;
	uint64_t	 logins_failed;
	uint64_t	 messages;
	uint64_t	 octets;	/* of their texts */
	uint64_t	 tls;		/* handshakes that were completed */
	uint64_t	 tls_resumed;	/* without a full one */
	uint64_t	 tls_failed;
};

extern struct front_conf	 front_conf;
extern struct front_stats	 front_stats;

/*
 * session.c: life and deadlines.
 * session_start takes over fd, which must not block and for which files.h
 * was asked; client is NULL where a balancer has yet to say who it is.
 * session_ready begins with TLS or with the greeting.
 * session_finish says a last reply and then closes; the session itself
 * lives on until the turn ends, so that callers may go on.
 */
void	 session_start(int fd, const struct ip *, uint16_t port,
	    const struct listener_conf *, struct client *);
void	 session_finish(struct session *, enum reply);
void	 session_abandon(struct session *, const char *why);
void	 session_close(struct session *);	/* without a word */
void	 session_ready(struct session *);
void	 session_greet(struct session *);
void	 session_free(struct session *, const char *why);
int	 session_may_log(struct session *);	/* one more refusal */
void	 session_arm(struct session *);
void	 session_touch(struct session *);
int	 session_is_waiting(const struct session *);	/* for our answer */
int	 session_in_commit(const struct session *);	/* queue has it now */
void	 session_finish_all(enum reply);
unsigned int session_count(void);
struct session *session_first(void);
struct session *session_after(uint64_t id);	/* the next in line */

/*
 * session_io.c: octets in and out.
 * session_queue has the session looked at when the turn ends: parked input
 * is resumed, output written.  session_turns is the hook of that.
 */
void	 session_io(int fd, short what, void *arg);	/* of event io */
void	 session_queue(struct session *);
void	 session_turns(void);
void	 session_write(struct session *, const char *, size_t);
void	 session_io_free(struct session *);
size_t	 session_held(const struct session *);	/* read, but not used yet */

/*
 * session_octets.c: as recv(2) and send(2); with EAGAIN recv_wait and
 * send_wait say for which event.  session_early: has input come already?
 * What TLS has of it is lost by the question: whoever finds some must end
 * the session.  session_shutdown: no more from us; 0, -1, or 1 when it is
 * to be called again after send_wait.
 */
ssize_t	 session_recv(struct session *, char *, size_t);
ssize_t	 session_send(struct session *, const char *, size_t);
size_t	 session_early(struct session *);
int	 session_shutdown(struct session *);

/*
 * session_tls.c: begin a handshake, and go on with it; the two halves of
 * STARTTLS behind its command.
 */
void	 session_tls_begin(struct session *);
void	 session_tls_step(struct session *);
void	 session_tls_free(struct session *);
void	 session_starttls(struct session *);
int	 session_offers_tls(const struct session *);

/*
 * session_proxy.c: the header of the PROXY protocol, in front of all else.
 * session_is_balancer: may that address send one there?
 */
int	 session_is_balancer(const struct listener_conf *, const struct ip *);
void	 session_proxy_begin(struct session *);
void	 session_proxy_step(struct session *);
void	 session_proxy_free(struct session *);

/*
 * session_command.c: one line, and every reply.
 * session_command may be called when session_may_run the verb.
 */
void	 session_command(struct session *, const char *line, size_t len);
int	 session_may_run(const struct session *, const char *line, size_t len);
void	 session_overlong(struct session *);	/* instead of a command */
void	 session_reply(struct session *, enum reply, const char *detail);
void	 session_reply_text(struct session *, unsigned int code,
	    const char *enhanced, const char *text);
/*
 * That of MAIL or RCPT, as verdict_write has it; 421 ends the session.
 * Returns its code.
 */
unsigned int session_reply_verdict(struct session *, enum reply,
	    enum verdict, const char *text);
void	 session_reply_line(struct session *, unsigned int code,
	    const char *enhanced, const char *text, unsigned int flags);

/*
 * Verb handlers; they return a reply, or REPLY_NONE when they have seen to
 * it or have asked another process.
 */
enum reply front_helo(struct session *, const char *arg, size_t len);
enum reply front_ehlo(struct session *, const char *arg, size_t len);
enum reply front_mail(struct session *, const char *arg, size_t len);
enum reply front_rcpt(struct session *, const char *arg, size_t len);
enum reply front_data(struct session *, const char *arg, size_t len);
enum reply front_vrfy(struct session *, const char *arg, size_t len);
enum reply front_expn(struct session *, const char *arg, size_t len);
enum reply front_starttls(struct session *, const char *arg, size_t len);
enum reply front_auth(struct session *, const char *arg, size_t len);

/*
 * front_rcpt.c: write the replies that are due, in order; when the next
 * one is (0: not known); and forget all of them.
 */
struct rcpt;
void	 front_rcpt_flush(struct session *);
uint64_t front_rcpt_due(const struct session *);
void	 front_rcpt_free(struct tx *, struct rcpt *);

/*
 * front_auth.c.  While s->auth is there, every line is the client's next
 * message, or too long for one; and when the turn ends, front_auth_turn says
 * what is to be said, unless that has to wait for front_auth_due (0: not
 * known).  front_auth_offered: may EHLO offer AUTH?  A line of a session
 * that has AUTH may hold a password.
 */
void	 front_auth_line(struct session *, const char *, size_t);
void	 front_auth_overlong(struct session *);
void	 front_auth_turn(struct session *);
uint64_t front_auth_due(const struct session *);
void	 front_auth_forget(struct session *);
int	 front_auth_offered(const struct session *);
size_t	 front_auth_line_max(const struct session *, const char *, size_t);

/*
 * front_data.c: is text wanted, not commands?  front_data_text returns how
 * many octets belonged to it; buf is written to.  front_data_forget: the
 * transaction ends, also if queue has not answered yet.
 */
int	 front_data_wanted(const struct session *);
size_t	 front_data_text(struct session *, char *buf, size_t len);
void	 front_data_forget(struct tx *);

#endif
