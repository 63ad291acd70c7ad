// SPDX-License-Identifier: GPL-2.0
/* Requests and answers. In the guest both go through the exporter, past all of the guest's memory. */
#include "init.h"
#include <stdarg.h>
#include <sys/ioctl.h>

bool on_host;
static int device = -1; /* /proc/rmap */

void die(const char *what)
{
	const char *why = strerror(errno);
	int log = on_host ? -1 : open("/dev/kmsg", O_WRONLY); /* the guest has no other way to the host's stderr */

	dprintf(log < 0 ? STDERR_FILENO : log, "init: %s: %s\n", what, why);
	exit(1); /* the guest's kernel panics and the host sees why */
}

void open_exporter(void)
{
	device = open("/proc/rmap", O_RDWR | O_CLOEXEC);
	if (device < 0)
		die("/proc/rmap");
}

int ask(enum rmap_ioctl command, struct rmap_request *request)
{
	if (on_host)
		return -ENOSYS;
	return ioctl(device, command, request) ? -errno : 0;
}

int tell(enum rmap_ioctl command, unsigned long a, unsigned long b)
{
	struct rmap_request request = { .a = a, .b = b };

	return ask(command, &request);
}

/* What was said since the exporter was last called. A call costs more than anything else here, so it takes the text along. */
static char said[65536];
static size_t said_length;

void say_bytes(const char *text, size_t length)
{
	if (length > sizeof(said) - said_length) {
		if (on_host)
			fwrite(said, 1, said_length, stdout);
		else
			tell(RMAP_WRITE, (unsigned long)said, said_length);
		said_length = 0;
	}
	if (length > sizeof(said))
		die("answer too long");
	memcpy(said + said_length, text, length);
	said_length += length;
}

void say(const char *format, ...)
{
	char text[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_bytes(text, length);
}

void say_state(void)
{
	if (tell(RMAP_STATE, (unsigned long)said, said_length))
		die("state");
	said_length = 0;
}

void flush(void)
{
	if (on_host) {
		fwrite(said, 1, said_length, stdout);
		fflush(stdout);
	} else if (tell(RMAP_FLUSH, (unsigned long)said, said_length)) {
		die("answer");
	}
	said_length = 0;
}

static long read_some(char *to)
{
	struct rmap_request request = { .a = (unsigned long)to, .b = 65536 };
	int error;

	if (on_host)
		return read(STDIN_FILENO, to, 65536);
	error = ask(RMAP_READ, &request);
	return error ? error : request.value[0];
}

/* One line of the host, without its end; null at the end of the stream. */
char *read_line(void)
{
	static char *buffer;
	static size_t size, filled, used;
	char *end;
	long count;

	memmove(buffer, buffer + used, filled -= used);
	used = 0;
	while (!filled || !(end = memchr(buffer, '\n', filled))) {
		if (size - filled < 65537)
			buffer = realloc(buffer, size += 1 << 20);
		count = buffer ? read_some(buffer + filled) : -ENOMEM;
		if (count < 0)
			die("read a request");
		if (!count)
			return NULL;
		filled += count;
	}
	*end = 0;
	used = end + 1 - buffer;
	return buffer;
}
