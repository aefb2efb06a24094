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
 * Cursors over the bodies of messages and of stored records.
 *
 * Both remember the first failure: a writer that ran over WIRE_MAX or a
 * reader that met a short, long or out-of-range field is "bad" from then
 * on, its calls do nothing and return zeros, and the last line of a put or
 * get reports it.  Numbers are big endian.
 */

#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

#define WIRE_MAX	(256 * 1024)	/* octets of one body */
#define WIRE_INLINE	512		/* held without a call to malloc */

struct wbuf {
	uint8_t	*data;			/* small, or heap when larger */
	size_t	 len;
	size_t	 size;
	int	 bad;
	int	 secret;		/* is wiped, here and on its way */
	uint8_t	 small[WIRE_INLINE];
};

struct rbuf {
	const uint8_t	*p;
	const uint8_t	*end;
	int		 bad;
};

/* A wbuf must not be moved while in use; wbuf_free may be called twice. */
void	 wbuf_init(struct wbuf *);
void	 wbuf_free(struct wbuf *);

/* What is put from now on is a password or the like: before all puts. */
void	 wbuf_secret(struct wbuf *);

void	 wbuf_u8(struct wbuf *, uint8_t);
void	 wbuf_u16(struct wbuf *, uint16_t);
void	 wbuf_u32(struct wbuf *, uint32_t);
void	 wbuf_u64(struct wbuf *, uint64_t);
void	 wbuf_str(struct wbuf *, const char *);	/* NULL is "" */
void	 wbuf_data(struct wbuf *, const void *, size_t); /* with its length */
void	 wbuf_raw(struct wbuf *, const void *, size_t);	/* without */

void	 rbuf_init(struct rbuf *, const void *, size_t);
uint8_t	 rbuf_u8(struct rbuf *, uint8_t max);
uint16_t rbuf_u16(struct rbuf *);
uint32_t rbuf_u32(struct rbuf *);
uint64_t rbuf_u64(struct rbuf *);

/* A string without NUL that fits dst with its terminator, else bad and "". */
void	 rbuf_str(struct rbuf *, char *dst, size_t size);

/* The same of at most max octets, from the heap; NULL only when bad. */
char	*rbuf_strdup(struct rbuf *, size_t max);

/* Octets with their length; points into the body, NULL when bad. */
const void *rbuf_data(struct rbuf *, size_t *len, size_t max);

/* Exactly len octets; points into the body, NULL when bad. */
const void *rbuf_raw(struct rbuf *, size_t len);

/* The same into dst; zeros when bad. */
void	 rbuf_octets(struct rbuf *, void *dst, size_t len);

size_t	 rbuf_left(const struct rbuf *);
void	 rbuf_skip(struct rbuf *);		/* all that is left */
void	 rbuf_fail(struct rbuf *);		/* a value made no sense */

/* Not bad and read to its very end. */
int	 rbuf_done(const struct rbuf *);

#endif
