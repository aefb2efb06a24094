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
 * Fuzz target: the configuration.  A file is refused with errors, each on a
 * clean line, or accepted; what is accepted passes through every process
 * wall and can be shown.
 */

#include <sys/types.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg_conf.h"

#define ERRORS_MAX	51	/* the last one says that there are more */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char	 path[] = "/tmp/smtpd-fuzz-conf.XXXXXX";
static int	 fd = -1;

static void
forget_file(void)
{
	(void)unlink(path);
}

static void
write_file(const uint8_t *data, size_t len)
{
	if (fd == -1) {
		if ((fd = mkstemp(path)) == -1 || atexit(forget_file) != 0)
			abort();
	}
	if (ftruncate(fd, 0) == -1 ||
	    pwrite(fd, data, len, 0) != (ssize_t)len)
		abort();
}

static void
check_error(void *arg, const char *line)
{
	const char	*p;
	int		*n = arg;

	if (strstr(line, ": ") == NULL || ++*n > ERRORS_MAX)
		abort();
	for (p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7f)
			abort();
}

#define CHECK_SLICE(slice) do {						\
	struct slice ## _conf	*got;					\
	struct wbuf		 w;					\
	struct rbuf		 r;					\
									\
	if ((got = calloc(1, sizeof(*got))) == NULL)			\
		abort();						\
	wbuf_init(&w);							\
	msg_put_ ## slice ## _conf(&w, &c->slice);			\
	rbuf_init(&r, w.data, w.len);					\
	if (w.bad || msg_get_ ## slice ## _conf(&r, got) == -1)		\
		abort();						\
	wbuf_free(&w);							\
	free_ ## slice(got);						\
} while (0)

#define free_front	free
#define free_lookup	free
#define free_queue	free
#define free_deliver	free
#define free_control	free

static void
free_policy(struct policy_conf *p)
{
	policy_conf_free(p);
	free(p);
}

static void
check_conf(const struct conf *c)
{
	FILE	*out;
	char	*text = NULL;
	size_t	 len;

	if (c->nlisteners == 0 || c->policy.hostname[0] == '\0' ||
	    c->policy.postmaster[0] == '\0' || c->prefork == 0 ||
	    c->queue.nretries == 0 || c->front.max_sessions == 0)
		abort();
	CHECK_SLICE(front);
	CHECK_SLICE(policy);
	CHECK_SLICE(lookup);
	CHECK_SLICE(queue);
	CHECK_SLICE(deliver);
	CHECK_SLICE(control);
	if ((out = open_memstream(&text, &len)) == NULL)
		abort();
	conf_dump(c, out);
	if (fclose(out) == EOF || len == 0)
		abort();
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct conf	*c;
	int		 errors = 0;

	write_file(data, len);
	c = conf_load(path, check_error, &errors);
	if ((c == NULL) != (errors > 0))
		abort();
	if (c != NULL)
		check_conf(c);
	conf_free(c);
	return (0);
}
