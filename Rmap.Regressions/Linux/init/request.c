// SPDX-License-Identifier: GPL-2.0
/* Requests: one JSON object a line, of a fixed shape. */
#include "init.h"

/* The text of a member's value, or null. Names are unique within an operation, and no string value contains a quote. */
const char *member(const char *object, const char *name)
{
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\"", name);
	for (at = object; (at = strstr(at, quoted)); at++) {
		const char *value = at + strlen(quoted);

		value += strspn(value, " ");
		if (*value == ':')
			return value + 1 + strspn(value + 1, " ");
	}
	return NULL;
}

long number(const char *object, const char *name)
{
	const char *value = member(object, name);

	return value ? strtol(value, NULL, 10) : 0;
}

bool truth(const char *object, const char *name)
{
	const char *value = member(object, name);

	return value && !strncmp(value, "true", 4);
}

bool is_null(const char *object, const char *name)
{
	const char *value = member(object, name);

	return !value || !strncmp(value, "null", 4);
}

/* A string value in a buffer of the caller; empty if it is missing or null. */
char *word(const char *object, const char *name, char *buffer, size_t size)
{
	const char *value = member(object, name);
	size_t length = 0;

	if (value && *value == '"')
		length = strcspn(value + 1, "\"");
	if (length >= size)
		length = size - 1;
	memcpy(buffer, value ? value + 1 : "", length);
	buffer[length] = 0;
	return buffer;
}

/* The end of the object or list that starts here. */
const char *end_of(const char *at)
{
	int depth = 0;
	bool quoted = false;

	for (; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && (*at == '{' || *at == '['))
			depth++;
		else if (!quoted && (*at == '}' || *at == ']') && !--depth)
			return at + 1;
	}
	return at;
}
