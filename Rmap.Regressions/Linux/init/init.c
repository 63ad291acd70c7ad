// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the recorded kernel: executes operations in a tree of real processes and answers with the kernel's own state.
 * README.md describes the stream.
 *
 * Started as an ordinary program, it does the same on the running kernel: without a state, and without what would change the system.
 */
#include "init.h"
#include <sched.h>
#include <sys/utsname.h>

#define USUAL_SHARING 256 /* max_page_sharing */

static const char *errno_name(int number)
{
	static char text[16];

#define NAME(e) case e: return #e;
	switch (number) {
	NAME(EPERM) NAME(ENOENT) NAME(ESRCH) NAME(EINTR) NAME(EIO) NAME(EBADF) NAME(EAGAIN) NAME(ENOMEM) NAME(EACCES) NAME(EFAULT)
	NAME(EBUSY) NAME(EEXIST) NAME(ENODEV) NAME(EINVAL) NAME(ENFILE) NAME(EMFILE) NAME(ETXTBSY) NAME(EFBIG) NAME(ENOSPC)
	NAME(ERANGE) NAME(ENOSYS) NAME(EIDRM) NAME(EOVERFLOW) NAME(EOPNOTSUPP) NAME(ENOTTY)
	}
	snprintf(text, sizeof(text), "E%d", number);
	return text;
}

static void say_result(struct result result)
{
	if (result.outcome.signal)
		say("{\"signal\":\"%s\"}", result.outcome.signal == SIGBUS ? "SIGBUS" : "SIGSEGV");
	else if (result.text)
		say("{\"ok\":%s}", result.text);
	else if (result.outcome.value < 0)
		say("{\"errno\":\"%s\"}", errno_name(-result.outcome.value));
	else
		say("{\"ok\":%ld}", result.outcome.value);
}

static void clean(void)
{
	end_all_processes();
	remove_files();
	if (!on_host)
		clean_guest();
}

static void say_member(const char *object, const char *name, const char *otherwise)
{
	const char *text = member(object, name);
	size_t length = text ? *text == '"' ? strcspn(text + 1, "\"") + 2 : strcspn(text, ",}") : 0;

	say(",\"%s\":", name);
	say_bytes(text ? text : otherwise, text ? length : strlen(otherwise));
}

/*
 * Pages that wait in this processor's batches go where they belong, as they do before each state of the guest. A hint about any page
 * does that first.
 */
static void drain_batches(void)
{
	static char pages[2 * PAGE];

	madvise(pages + PAGE - (unsigned long)pages % PAGE, PAGE, MADV_COLD);
}

/* What there is to see: the state; on the host only where to look. */
static void say_seen(const char *name)
{
	say(",\"%s\":", on_host ? "pids" : name);
	if (on_host) {
		drain_batches();
		say_pids();
	} else {
		say_state();
	}
}

static bool begun;

static void begin(const char *request)
{
	const char *config = member(request, "config");
	struct utsname kernel;
	bool synchronous, zero_pages;
	long around, sharing;

	clean();
	begun = true;
	synchronous = config && truth(config, "swapSync");
	around = config ? number(config, "faultAround") : 1;
	if (around < 1)
		around = 1;
	zero_pages = config && truth(config, "ksmUseZeroPages");
	sharing = config && member(config, "ksmMaxSharing") ? number(config, "ksmMaxSharing") : USUAL_SHARING;
	if (!on_host)
		configure(synchronous, around, zero_pages, sharing);
	if (start_process(0, -1))
		die("start of the first process");
	uname(&kernel);
	say("{\"kernel\":\"%s %s %s\"", kernel.sysname, kernel.release, kernel.machine);
	say_member(request, "name", "null");
	say_member(request, "seed", "null");
	say(",\"config\":{\"swapSync\":%s,\"faultAround\":%ld", synchronous ? "true" : "false", around);
	if (zero_pages)
		say(",\"ksmUseZeroPages\":true");
	if (sharing != USUAL_SHARING)
		say(",\"ksmMaxSharing\":%ld", sharing);
	say("}");
	say_seen("start");
}

static void step(const char *op, size_t length)
{
	char text[1024];

	if (length >= sizeof(text))
		length = sizeof(text) - 1;
	memcpy(text, op, length);
	text[length] = 0;
	say("{\"op\":");
	say_bytes(text, length);
	say(",\"result\":");
	say_result(execute(text));
	if (!truth(text, "quiet"))
		say_seen("state");
	say("}");
}

static void record(const char *request, const char *ops)
{
	const char *at, *end;
	bool first = true;

	begin(request);
	say(",\"steps\":[");
	for (at = ops + 1; (at += strspn(at, " ,\t")), *at == '{'; at = end) {
		end = end_of(at);
		say(first ? "\n" : ",\n");
		first = false;
		step(at, end - at);
		flush();
	}
	say("\n]}\n");
}

static void serve(const char *request)
{
	const char *ops = member(request, "ops");

	if (ops && *ops == '[') {
		record(request, ops);
	} else if (member(request, "config")) {
		begin(request);
		say("}\n");
	} else if (!member(request, "op")) {
		say("{\"error\":\"neither an operation nor a sequence\"}\n");
	} else if (!begun) {
		say("{\"error\":\"an operation before any sequence\"}\n");
	} else {
		step(request, strcspn(request, "\n"));
		say("\n");
	}
	flush();
}

/* One processor only: per-CPU batches of pages hold references that change what happens. */
static void pin(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("stay on one processor");
}

int main(void)
{
	char *line;

	on_host = getpid() != 1;
	if (on_host) {
		signal(SIGINT, SIG_IGN); /* Ctrl-C is for who asks: the end of stdin is the end */
		pin();
	} else {
		set_up_guest();
	}
	prepare_workers();
	say("{\"ready\":1}\n");
	flush();
	while ((line = read_line()))
		if (line[strspn(line, " \r")])
			serve(line);
	if (on_host)
		clean();
	else
		power_off();
	return 0;
}
