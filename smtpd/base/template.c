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
 * Pure text: templates of mailbox paths and what their slots may hold.
 */

#include <bsd/string.h>

#include <string.h>

#include "smtpd/base/template.h"

enum slot {
	SLOT_DOMAIN,
	SLOT_LOCAL,
	SLOT_ACCOUNT,
	SLOT_COUNT
};

static const char *const names[SLOT_COUNT] = {
	[SLOT_DOMAIN]	= "%{domain}",
	[SLOT_LOCAL]	= "%{local}",
	[SLOT_ACCOUNT]	= "%{account}",
};

struct output {
	char	*buf;
	size_t	 size;
	size_t	 len;
	size_t	 namelen;	/* of the component under way */
	int	 bad;
};

/* The slot that text begins with, or SLOT_COUNT. */
static enum slot
slot_at(const char *text)
{
	int	 i;

	for (i = 0; i < SLOT_COUNT; i++)
		if (strncmp(text, names[i], strlen(names[i])) == 0)
			break;
	return ((enum slot)i);
}

/*
 * May the slot at p[i] stand behind the one before, at p[last]?  Only what
 * has no '@' of its own, the domain, can be told from the rest behind one.
 */
static int
slot_may_follow(const char *p, size_t last, size_t i)
{
	return (memchr(p + last, '@', i - last) != NULL &&
	    (slot_at(p + last) == SLOT_DOMAIN ||
	    slot_at(p + i) == SLOT_DOMAIN));
}

/* What is wrong with one component of a template, len octets, or NULL. */
static const char *
component_fault(const char *p, size_t len)
{
	size_t	 i, last = len;		/* slot */

	if (len == 0)
		return ("has an empty component");
	if (len > TEMPLATE_NAME_MAX)
		return ("has a component of more than 255 octets");
	if ((len == 1 && p[0] == '.') || (len == 2 && p[0] == '.' &&
	    p[1] == '.'))
		return ("has a component '.' or '..'");
	for (i = 0; i < len; i++) {
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
			return ("has a control character");
		if (p[i] != '%')
			continue;
		if (slot_at(p + i) == SLOT_COUNT)
			return ("has an unknown slot, expected %{domain}, "
			    "%{local} or %{account}");
		if (last != len && !slot_may_follow(p, last, i))
			return ("has two slots that run together, expected "
			    "'/' between them, or '@' beside %{domain}");
		last = i;
	}
	return (NULL);
}

/* All components, from the first slash on. */
static const char *
path_fault(const char *template)
{
	const char	*p, *slash, *fault;
	size_t		 depth = 0;

	for (p = template; p != NULL; p = slash) {
		slash = strchr(++p, '/');
		fault = component_fault(p, slash == NULL ? strlen(p) :
		    (size_t)(slash - p));
		if (fault != NULL)
			return (fault);
		if (++depth > TEMPLATE_DEPTH_MAX)
			return ("has more than 32 components");
	}
	return (NULL);
}

static const char *
slots_fault(const char *template)
{
	const char	*slot;

	if (strstr(template, names[SLOT_ACCOUNT]) == NULL &&
	    (strstr(template, names[SLOT_LOCAL]) == NULL ||
	    strstr(template, names[SLOT_DOMAIN]) == NULL))
		return ("would put the mail of several accounts into one "
		    "mailbox, expected %{account}, or %{domain} and %{local}");
	slot = strchr(template, '%');
	if (memchr(template + 1, '/', (size_t)(slot - template - 1)) == NULL)
		return ("has no directory in front of its first slot");
	return (NULL);
}

int
template_check(const char *template, char *why, size_t size)
{
	const char	*fault;

	if (template[0] != '/')
		fault = "is not an absolute path";
	else if ((fault = path_fault(template)) == NULL)
		fault = slots_fault(template);
	if (fault == NULL)
		return (0);
	(void)strlcpy(why, fault, size);
	return (-1);
}

/* Where the part below the root begins. */
static const char *
template_rest(const char *template)
{
	const char	*p = strchr(template, '%');

	while (p[-1] != '/')
		p--;
	return (p);
}

int
template_root(const char *template, char *buf, size_t size)
{
	size_t	 len = (size_t)(template_rest(template) - template) - 1;

	if (len >= size)
		return (-1);
	memcpy(buf, template, len);
	buf[len] = '\0';
	return (0);
}

static void
output_octet(struct output *o, char c)
{
	o->namelen = c == '/' ? 0 : o->namelen + 1;
	if (o->namelen > TEMPLATE_NAME_MAX || o->size - o->len < 2) {
		o->bad = 1;
		return;
	}
	o->buf[o->len++] = c;
	o->buf[o->len] = '\0';
}

/* The encoder of all that the administrator did not write. */
static void
output_value(struct output *o, const char *value, int lower)
{
	static const char	 hex[] = "0123456789abcdef";
	const char		*p;
	unsigned char		 c;

	if (value == NULL || value[0] == '\0') {
		o->bad = 1;
		return;
	}
	for (p = value; *p != '\0'; p++) {
		c = (unsigned char)*p;
		if (c < ' ' || c == 0x7f || c == '/' || c == '%' ||
		    (c == '.' && p == value)) {
			output_octet(o, '%');
			output_octet(o, hex[c >> 4]);
			output_octet(o, hex[c & 15]);
		} else if (lower && c >= 'A' && c <= 'Z')
			output_octet(o, (char)(c + ('a' - 'A')));
		else
			output_octet(o, (char)c);
	}
}

int
template_expand(const char *template, const struct template_values *v,
    char *buf, size_t size)
{
	struct output	 o = { .buf = buf, .size = size };
	const char	*p;
	enum slot	 slot;

	for (p = template_rest(template); *p != '\0';) {
		switch (slot = slot_at(p)) {
		case SLOT_DOMAIN:
			output_value(&o, v->domain, 1);
			break;
		case SLOT_LOCAL:
			output_value(&o, v->local, 1);
			break;
		case SLOT_ACCOUNT:
			output_value(&o, v->account, 0);
			break;
		default:
			output_octet(&o, *p++);
			continue;
		}
		p += strlen(names[slot]);
	}
	return (o.bad ? -1 : 0);
}
