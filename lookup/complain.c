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
 * A log with a limit.
 */

#include <string.h>

#include "lookup/complain.h"
#include "lookup/view.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/smtp/address.h"

#define COMPLAIN_MAX	10		/* lines in each */
#define COMPLAIN_MS	60000

void
complain(const struct view *v, const char *name, const char *what)
{
	static uint64_t		 since;
	static unsigned int	 said;
	uint64_t		 now = clock_mono();
	char			 quoted[ADDRESS_STR_SIZE * 4];

	if (now - since >= COMPLAIN_MS) {
		since = now;
		said = 0;
	}
	if (said++ < COMPLAIN_MAX)
		log_warnx("directory %s: %s: %s", view_name(v),
		    log_quote(name, strlen(name), quoted, sizeof(quoted)),
		    what);
}
