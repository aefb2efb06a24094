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
 * The two clocks.  Deadlines use the monotonic one, everything that is
 * stored or shown uses the wall clock.
 */

#ifndef CLOCK_H
#define CLOCK_H

#include <sys/time.h>

#include <stdint.h>
#include <time.h>

/* Milliseconds that never go back; the start is arbitrary. */
uint64_t clock_mono(void);

/* Seconds since the Epoch. */
time_t	 clock_wall(void);

/* The same in microseconds, for what is counted in less than seconds. */
uint64_t clock_wall_us(void);

/* ms as a struct timeval for event timers. */
struct timeval clock_tv(uint64_t ms);

#endif
