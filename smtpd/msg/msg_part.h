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
 * Parts that several conversations share.
 */

#ifndef MSG_PART_H
#define MSG_PART_H

#include <stddef.h>

struct address;
struct exempt_conf;
struct ip;
struct networks_conf;
struct ip_net;
struct policy_conf;
struct rbuf;
struct wbuf;

void	 msg_put_address(struct wbuf *, const struct address *);
void	 msg_get_address(struct rbuf *, struct address *);
/* A string without control octets: it goes into lines of text. */
void	 msg_get_line(struct rbuf *, char *dst, size_t size);
void	 msg_put_ip(struct wbuf *, const struct ip *);
void	 msg_get_ip(struct rbuf *, struct ip *);
void	 msg_put_net(struct wbuf *, const struct ip_net *);
void	 msg_get_net(struct rbuf *, struct ip_net *);	/* IPv4 or IPv6 */

/* The names of lists, msg_list.c; get makes lists without values. */
void	 msg_put_lists(struct wbuf *, const struct policy_conf *);
void	 msg_get_lists(struct rbuf *, struct policy_conf *);
void	 msg_free_lists(struct policy_conf *);
void	 msg_put_networks(struct wbuf *, const struct networks_conf *);
void	 msg_get_networks(struct rbuf *, struct networks_conf *);
void	 msg_put_exempt(struct wbuf *, const struct exempt_conf *);
void	 msg_get_exempt(struct rbuf *, struct exempt_conf *);

#endif
