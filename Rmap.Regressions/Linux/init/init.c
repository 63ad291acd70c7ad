// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the recorded kernel: executes operations in a tree of real processes and answers with the kernel's own state.
 * README.md beside this folder describes the stream.
 *
 * PID 1 is the hub. Each process of the scenario is a worker: it waits for one order at a time in a page shared with the hub,
 * carries it out by a raw system call and waits again. Workers are forked by workers, so that the anon_vma lineage is real, but
 * with CLONE_PARENT, so that the hub can reap them all. All share one table of file descriptors: every file is open once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../export/rmap_export.h"

#define PAGE 4096UL
#define ARENA (RMAP_ARENA_PAGE * PAGE)
#define MAX_PROCESSES 1024
#define MAX_FILES 64
#define SWAP_DEVICE "/dev/ram0"
#define FILE_DEVICE "/dev/ram1"
#define HANG_SECONDS 20

#ifndef UFFD_FEATURE_MOVE /* since Linux 6.8 */
#define UFFD_FEATURE_MOVE (1 << 16)
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 5, struct uffdio_move)
#endif

static int device = -1; /* /proc/rmap */

static void die(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	exit(1); /* the kernel panics and the host sees why */
}

/* ---- the exporter ---- */

static int ask(enum rmap_ioctl command, struct rmap_request *request)
{
	return ioctl(device, command, request) ? -errno : 0;
}

static int tell(enum rmap_ioctl command, unsigned long a, unsigned long b)
{
	struct rmap_request request = { .a = a, .b = b };

	return ask(command, &request);
}

static void say_bytes(const char *text, size_t length)
{
	if (tell(RMAP_WRITE, (unsigned long)text, length))
		die("answer too long");
}

static __attribute__((format(printf, 1, 2))) void say(const char *format, ...)
{
	char text[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_bytes(text, length);
}

static void say_state(void)
{
	tell(RMAP_STATE, 0, 0);
}

/* ---- requests: one JSON object a line, of a fixed shape ---- */

/* The text of a member's value, or null. Names are unique within an operation, and no string value contains a quote. */
static const char *member(const char *object, const char *name)
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

static long number(const char *object, const char *name)
{
	const char *value = member(object, name);

	return value ? strtol(value, NULL, 10) : 0;
}

static bool truth(const char *object, const char *name)
{
	const char *value = member(object, name);

	return value && !strncmp(value, "true", 4);
}

static bool is_null(const char *object, const char *name)
{
	const char *value = member(object, name);

	return !value || !strncmp(value, "null", 4);
}

/* A string value in a buffer of the caller; empty if it is missing or null. */
static char *word(const char *object, const char *name, char *buffer, size_t size)
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
static const char *end_of(const char *at)
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

/* ---- workers ---- */

enum order { ORDER_SYSCALL, ORDER_READ, ORDER_WRITE, ORDER_FORK, ORDER_EXIT, ORDER_UFFD_MOVE };

struct worker {
	int state; /* futex: WAITS, ORDERED, DONE */
	enum order order;
	long number, argument[6];
	long result; /* a value, or minus an errno */
	int signal;
};

enum { WAITS, ORDERED, DONE };

static struct worker *workers; /* shared with all of them, far from the arena */
static pid_t pids[MAX_PROCESSES];

static long raw(long number, long a, long b, long c, long d, long e, long f)
{
	long result = syscall(number, a, b, c, d, e, f);

	return result == -1 ? -errno : result;
}

static void futex_wake(int *at)
{
	syscall(SYS_futex, at, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void futex_wait(int *at, int while_it_is, const struct timespec *timeout)
{
	syscall(SYS_futex, at, FUTEX_WAIT, while_it_is, timeout, NULL, 0);
}

static sigjmp_buf fault_return;
static volatile sig_atomic_t fault_signal;

static void on_fault(int signal)
{
	fault_signal = signal;
	siglongjmp(fault_return, 1);
}

static void touch(struct worker *me)
{
	unsigned char *at = (unsigned char *)me->argument[0];

	fault_signal = 0;
	if (!sigsetjmp(fault_return, 0)) {
		if (me->order == ORDER_READ)
			me->result = *(volatile unsigned char *)at;
		else
			memset(at, me->argument[1], PAGE);
	}
	me->signal = fault_signal;
}

/* Registers the target for missing pages, moves, unregisters. */
static long uffd_move(unsigned long source, unsigned long target, unsigned long length)
{
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_MOVE };
	struct uffdio_register registered = { .range = { target, length }, .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_move move = { .dst = target, .src = source, .len = length };
	long result, uffd = raw(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0, 0);

	if (uffd < 0)
		return uffd;
	result = raw(SYS_ioctl, uffd, UFFDIO_API, (long)&api, 0, 0, 0);
	if (!result)
		result = raw(SYS_ioctl, uffd, UFFDIO_REGISTER, (long)&registered, 0, 0, 0);
	if (!result) {
		result = raw(SYS_ioctl, uffd, UFFDIO_MOVE, (long)&move, 0, 0, 0);
		raw(SYS_ioctl, uffd, UFFDIO_UNREGISTER, (long)&registered.range, 0, 0, 0);
		if (!result)
			result = move.move / PAGE;
	}
	raw(SYS_close, uffd, 0, 0, 0, 0, 0);
	return result;
}

static void work(struct worker *me);

static long fork_worker(unsigned long flags, struct worker *child)
{
	long pid = raw(SYS_clone, flags | CLONE_FILES | SIGCHLD, 0, 0, 0, 0, 0);

	if (!pid)
		work(child);
	return pid;
}

static void work(struct worker *me)
{
	for (;;) {
		while (__atomic_load_n(&me->state, __ATOMIC_ACQUIRE) != ORDERED)
			futex_wait(&me->state, me->state == DONE ? DONE : WAITS, NULL);
		me->signal = 0;
		switch (me->order) {
		case ORDER_SYSCALL:
			me->result = raw(me->number, me->argument[0], me->argument[1], me->argument[2], me->argument[3],
					 me->argument[4], me->argument[5]);
			break;
		case ORDER_READ:
		case ORDER_WRITE:
			touch(me);
			break;
		case ORDER_FORK:
			me->result = fork_worker(CLONE_PARENT, &workers[me->argument[0]]);
			break;
		case ORDER_EXIT:
			_exit(0);
		case ORDER_UFFD_MOVE:
			me->result = uffd_move(me->argument[0], me->argument[1], me->argument[2]);
			break;
		}
		__atomic_store_n(&me->state, DONE, __ATOMIC_RELEASE);
		futex_wake(&me->state);
	}
}

static void order(struct worker *worker, enum order what)
{
	worker->order = what;
	worker->result = 0;
	__atomic_store_n(&worker->state, ORDERED, __ATOMIC_RELEASE);
	futex_wake(&worker->state);
}

static void await(long p)
{
	struct worker *worker = &workers[p];
	struct timespec second = { 1, 0 };
	int status, seconds = 0;

	while (__atomic_load_n(&worker->state, __ATOMIC_ACQUIRE) != DONE) {
		futex_wait(&worker->state, ORDERED, &second);
		if (waitpid(pids[p], &status, WNOHANG) == pids[p] || ++seconds == HANG_SECONDS) {
			errno = ETIMEDOUT;
			die("a worker died or hangs");
		}
	}
}

/* ---- results ---- */

struct result {
	long value;	/* or minus an errno */
	int signal;
	const char *text; /* instead of the value, if not null */
};

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
	if (result.signal)
		say("{\"signal\":\"%s\"}", result.signal == SIGBUS ? "SIGBUS" : "SIGSEGV");
	else if (result.text)
		say("{\"ok\":%s}", result.text);
	else if (result.value < 0)
		say("{\"errno\":\"%s\"}", errno_name(-result.value));
	else
		say("{\"ok\":%ld}", result.value);
}

static struct result value(long value)
{
	return (struct result){ .value = value };
}

/* ---- operations in a worker ---- */

static bool lives(long p)
{
	return p >= 0 && p < MAX_PROCESSES && pids[p] > 0;
}

static unsigned long address(long page)
{
	return ARENA + page * PAGE;
}

static long page(long address)
{
	return address < 0 ? address : (long)((address - ARENA) / PAGE);
}

static long call(long p, long number, long a, long b, long c, long d, long e, long f)
{
	struct worker *worker = &workers[p];
	const long arguments[6] = { a, b, c, d, e, f };

	worker->number = number;
	memcpy(worker->argument, arguments, sizeof(arguments));
	order(worker, ORDER_SYSCALL);
	await(p);
	return worker->result;
}

static struct result touch_page(long p, enum order how, long number, long value)
{
	struct worker *worker = &workers[p];

	worker->argument[0] = address(number);
	worker->argument[1] = value;
	order(worker, how);
	await(p);
	return (struct result){ .value = how == ORDER_READ ? worker->result : 0, .signal = worker->signal };
}

static long start_process(long p, long parent)
{
	long pid;

	if (p < 0 || p >= MAX_PROCESSES)
		return -EINVAL;
	if (lives(p))
		return -EEXIST;
	memset(&workers[p], 0, sizeof(workers[p]));
	if (parent < 0) {
		pid = fork_worker(0, &workers[p]);
	} else {
		workers[parent].argument[0] = p;
		order(&workers[parent], ORDER_FORK);
		await(parent);
		pid = workers[parent].result;
	}
	if (pid < 0)
		return pid;
	pids[p] = pid;
	if (tell(RMAP_PROCESS, p, pid))
		die("a new process cannot be found");
	return p;
}

static long end_process(long p)
{
	order(&workers[p], ORDER_EXIT);
	if (waitpid(pids[p], NULL, 0) != pids[p])
		die("wait for a worker's end");
	pids[p] = 0;
	return 0;
}

static int protection(const char *word)
{
	return (word[0] == 'r' ? PROT_READ : 0) | (word[0] && word[1] == 'w' ? PROT_WRITE : 0) |
		(word[0] && word[1] && word[2] == 'x' ? PROT_EXEC : 0);
}

static int advice(const char *name)
{
	static const struct {
		const char *name;
		int advice;
	} all[] = {
		{ "dontneed", MADV_DONTNEED }, { "free", MADV_FREE }, { "remove", MADV_REMOVE }, { "dontfork", MADV_DONTFORK },
		{ "dofork", MADV_DOFORK }, { "mergeable", MADV_MERGEABLE }, { "unmergeable", MADV_UNMERGEABLE },
		{ "wipeonfork", MADV_WIPEONFORK }, { "keeponfork", MADV_KEEPONFORK }, { "cold", 20 }, { "pageout", 21 },
		{ "populate_read", 22 }, { "populate_write", 23 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i].name, name))
			return all[i].advice;
	return -1;
}

/* ---- files and segments, kept by the hub ---- */

static struct {
	int descriptor; /* 0 = does not exist */
	char path[32];
} files[MAX_FILES];
static int segments[MAX_FILES]; /* id + 1; 0 = does not exist */

/* F3 or S3 -> 3; -1 if it is no such name. */
static int index_of(const char *name)
{
	long index = name[0] ? strtol(name + 1, NULL, 10) : -1;

	return index < 0 || index >= MAX_FILES ? -1 : (int)index;
}

static int descriptor_of(const char *name)
{
	int index = index_of(name);

	return index < 0 || !files[index].descriptor ? -1 : files[index].descriptor;
}

static long write_page(int descriptor, long page, int fill)
{
	static unsigned char bytes[PAGE];

	memset(bytes, fill, PAGE);
	return pwrite(descriptor, bytes, PAGE, page * PAGE) == (ssize_t)PAGE ? 0 : -errno;
}

static long create_file(const char *op)
{
	char name[16], system[16];
	int index = index_of(word(op, "file", name, sizeof(name))), descriptor;
	long pages = number(op, "pages"), i, error = 0;

	if (index < 0)
		return -EINVAL;
	if (files[index].descriptor)
		return -EEXIST;
	snprintf(files[index].path, sizeof(files[index].path), "/%s/F%d",
		 strcmp(word(op, "fs", system, sizeof(system)), "ext4") ? "tmp" : "ext4", index);
	descriptor = open(files[index].path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (descriptor < 0)
		return -errno;
	files[index].descriptor = descriptor;
	if (tell(RMAP_FILE, index, descriptor))
		die("a new file cannot be found");
	if (is_null(op, "fill"))
		return ftruncate(descriptor, pages * PAGE) ? -errno : 0;
	for (i = 0; i < pages && !error; i++)
		error = write_page(descriptor, i, number(op, "fill"));
	return error;
}

static long create_segment(const char *op)
{
	char name[16];
	int index = index_of(word(op, "seg", name, sizeof(name))), id;
	void *at;

	if (index < 0)
		return -EINVAL;
	if (segments[index])
		return -EEXIST;
	id = shmget(IPC_PRIVATE, number(op, "pages") * PAGE, 0600);
	if (id < 0)
		return -errno;
	segments[index] = id + 1;
	/* Only a mapping leads to the segment's memory: attach it for a moment, untouched. */
	at = shmat(id, NULL, 0);
	if (at == (void *)-1 || tell(RMAP_SEGMENT, index, (unsigned long)at) || shmdt(at))
		die("a new segment cannot be found");
	return 0;
}

static long remove_segment(const char *op)
{
	char name[16];
	int index = index_of(word(op, "seg", name, sizeof(name)));
	long error;

	if (index < 0 || !segments[index])
		return -EINVAL;
	error = shmctl(segments[index] - 1, IPC_RMID, NULL) ? -errno : 0;
	if (!error)
		segments[index] = 0;
	return error;
}

/* ---- the machine's settings ---- */

static void write_setting(const char *path, const char *text)
{
	int descriptor = open(path, O_WRONLY);

	if (descriptor < 0 || write(descriptor, text, strlen(text)) < 0)
		die(path);
	close(descriptor);
}

static void write_number(const char *path, long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", value);
	write_setting(path, text);
}

static bool swap_sync;

static long swap_off_on(void)
{
	if (swapoff(SWAP_DEVICE))
		return -errno;
	if (swapon(SWAP_DEVICE, 0))
		die("swapon");
	return tell(RMAP_SWAP_SYNC, swap_sync, 0);
}

/* ---- one operation ---- */

static struct result mmap_op(long p, const char *op)
{
	char prot[8], how[16], file[16];
	bool anonymous = is_null(op, "file");
	int descriptor = anonymous ? -1 : descriptor_of(word(op, "file", file, sizeof(file)));
	int flags = (truth(op, "shared") ? MAP_SHARED : MAP_PRIVATE) | (anonymous ? MAP_ANONYMOUS : 0);

	flags |= strcmp(word(op, "how", how, sizeof(how)), "noreplace") ? MAP_FIXED : MAP_FIXED_NOREPLACE;
	return value(page(call(p, SYS_mmap, address(number(op, "page")), number(op, "len") * PAGE,
			       protection(word(op, "prot", prot, sizeof(prot))), flags, descriptor, number(op, "off") * PAGE)));
}

static struct result mremap_op(long p, const char *op)
{
	const char *list = member(op, "flags");
	char flags[64] = "";
	long bits, to = is_null(op, "to") ? 0 : (long)address(number(op, "to"));

	if (list)
		snprintf(flags, sizeof(flags), "%.*s", (int)strcspn(list, "]"), list);
	bits = (strstr(flags, "maymove") ? MREMAP_MAYMOVE : 0) | (strstr(flags, "fixed") ? MREMAP_FIXED : 0) |
		(strstr(flags, "dontunmap") ? 4 : 0);
	return value(page(call(p, SYS_mremap, address(number(op, "page")), number(op, "oldLen") * PAGE, number(op, "newLen") * PAGE,
			       bits, to, 0)));
}

static struct result shmat_op(long p, const char *op)
{
	char name[16];
	int index = index_of(word(op, "seg", name, sizeof(name)));

	if (index < 0 || !segments[index])
		return value(-EINVAL);
	return value(page(call(p, SYS_shmat, segments[index] - 1, address(number(op, "page")),
			       truth(op, "readOnly") ? SHM_RDONLY : 0, 0, 0, 0)));
}

static struct result uffd_move_op(long p, const char *op)
{
	struct worker *worker = &workers[p];

	worker->argument[0] = address(number(op, "src"));
	worker->argument[1] = address(number(op, "dst"));
	worker->argument[2] = number(op, "len") * PAGE;
	order(worker, ORDER_UFFD_MOVE);
	await(p);
	return value(worker->result);
}

static struct result in_process(const char *name, const char *op)
{
	char buffer[16];
	long p = number(op, "p"), from = address(number(op, "page")), length = number(op, "len") * PAGE;

	if (!lives(p))
		return value(-ESRCH);
	if (!strcmp(name, "read"))
		return touch_page(p, ORDER_READ, number(op, "page"), 0);
	if (!strcmp(name, "write"))
		return touch_page(p, ORDER_WRITE, number(op, "page"), number(op, "value"));
	if (!strcmp(name, "mmap"))
		return mmap_op(p, op);
	if (!strcmp(name, "munmap"))
		return value(call(p, SYS_munmap, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "mprotect"))
		return value(call(p, SYS_mprotect, from, length, protection(word(op, "prot", buffer, sizeof(buffer))), 0, 0, 0));
	if (!strcmp(name, "mremap"))
		return mremap_op(p, op);
	if (!strcmp(name, "madvise"))
		return value(call(p, SYS_madvise, from, length, advice(word(op, "advice", buffer, sizeof(buffer))), 0, 0, 0));
	if (!strcmp(name, "mlock"))
		return value(call(p, SYS_mlock, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "mlockonfault"))
		return value(call(p, SYS_mlock2, from, length, 1, 0, 0, 0));
	if (!strcmp(name, "munlock"))
		return value(call(p, SYS_munlock, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "msync"))
		return value(call(p, SYS_msync, from, length, MS_SYNC, 0, 0, 0));
	if (!strcmp(name, "shmat"))
		return shmat_op(p, op);
	if (!strcmp(name, "shmdt"))
		return value(call(p, SYS_shmdt, from, 0, 0, 0, 0, 0));
	if (!strcmp(name, "fork"))
		return value(start_process(number(op, "child"), p));
	if (!strcmp(name, "exit"))
		return value(end_process(p));
	if (!strcmp(name, "uffdMove"))
		return uffd_move_op(p, op);
	return value(-ENOSYS);
}

static struct result on_file(const char *name, const char *op)
{
	char file[16];
	int descriptor;

	if (!strcmp(name, "fileCreate"))
		return value(create_file(op));
	descriptor = descriptor_of(word(op, "file", file, sizeof(file)));
	if (descriptor < 0)
		return value(-EBADF);
	if (!strcmp(name, "truncate"))
		return value(ftruncate(descriptor, number(op, "pages") * PAGE) ? -errno : 0);
	if (!strcmp(name, "punch"))
		return value(fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, number(op, "page") * PAGE,
				       number(op, "len") * PAGE) ? -errno : 0);
	if (!strcmp(name, "fileWrite"))
		return value(write_page(descriptor, number(op, "page"), number(op, "value")));
	if (!strcmp(name, "fsync"))
		return value(fsync(descriptor) ? -errno : 0);
	return value(-ENOSYS);
}

/* What only the exporter can do. */
static struct result triggered(const char *name, const char *op)
{
	static char text[64];
	struct rmap_request request = { .a = number(op, "p"), .b = number(op, "page") };
	long error, flags;

	if (!strcmp(name, "ksmScan")) {
		request.a = number(op, "passes");
		error = ask(RMAP_KSM_SCAN, &request);
		return value(error ? error : request.value[0]);
	}
	if (!strcmp(name, "reclaim") || !strcmp(name, "migrate")) {
		error = ask(name[0] == 'r' ? RMAP_RECLAIM : RMAP_MIGRATE, &request);
		return value(error ? error : request.value[0]);
	}
	error = ask(RMAP_REFERENCED, &request);
	if (error)
		return value(error);
	flags = request.value[1];
	snprintf(text, sizeof(text), "{\"count\":%ld,\"vmFlags\":\"%s%s%s%s%s%s\"}", request.value[0], flags & RMAP_VM_READ ? "r" : "",
		 flags & RMAP_VM_WRITE ? "w" : "", flags & RMAP_VM_EXEC ? "x" : "", flags & RMAP_VM_SHARED ? "s" : "",
		 flags & RMAP_VM_LOCKED ? "l" : "", flags & RMAP_VM_MERGEABLE ? "m" : "");
	return (struct result){ .text = text };
}

static bool one_of(const char *name, const char *list)
{
	const char *at = strstr(list, name);

	return at && (at == list || at[-1] == ' ') && (at[strlen(name)] == ' ' || !at[strlen(name)]);
}

static struct result execute(const char *op)
{
	char name[16];

	word(op, "op", name, sizeof(name));
	if (one_of(name, "fileCreate truncate punch fileWrite fsync"))
		return on_file(name, op);
	if (one_of(name, "ksmScan reclaim migrate referenced"))
		return triggered(name, op);
	if (!strcmp(name, "shmget"))
		return value(create_segment(op));
	if (!strcmp(name, "shmrm"))
		return value(remove_segment(op));
	if (!strcmp(name, "swapOffOn"))
		return value(swap_off_on());
	return in_process(name, op);
}

/* ---- sequences ---- */

static void clean(void)
{
	struct rmap_request left = { 0 };

	for (int p = 0; p < MAX_PROCESSES; p++) {
		if (!lives(p))
			continue;
		kill(pids[p], SIGKILL);
		waitpid(pids[p], NULL, 0);
		pids[p] = 0;
	}
	for (int i = 0; i < MAX_FILES; i++) {
		if (files[i].descriptor) {
			close(files[i].descriptor);
			unlink(files[i].path);
			files[i].descriptor = 0;
		}
		if (segments[i]) {
			shmctl(segments[i] - 1, IPC_RMID, NULL);
			segments[i] = 0;
		}
	}
	write_setting("/sys/kernel/mm/ksm/run", "2");
	write_setting("/sys/kernel/mm/ksm/run", "0");
	if (swap_off_on())
		die("swapoff");
	if (tell(RMAP_RESET, 0, 0) || ask(RMAP_LEFTOVERS, &left) || left.value[0] || left.value[1])
		die("the state is not empty between two sequences");
}

static void say_member(const char *object, const char *name, const char *otherwise)
{
	const char *text = member(object, name);
	size_t length = text ? *text == '"' ? strcspn(text + 1, "\"") + 2 : strcspn(text, ",}") : 0;

	say(",\"%s\":", name);
	say_bytes(text ? text : otherwise, text ? length : strlen(otherwise));
}

static bool begun;

static void begin(const char *request)
{
	const char *config = member(request, "config");
	struct utsname kernel;
	long around;

	clean();
	begun = true;
	swap_sync = config && truth(config, "swapSync");
	around = config ? number(config, "faultAround") : 1;
	tell(RMAP_SWAP_SYNC, swap_sync, 0);
	write_number("/sys/kernel/debug/fault_around_bytes", (around > 0 ? around : 1) * PAGE);
	if (start_process(0, -1))
		die("start of the first process");
	uname(&kernel);
	say("{\"kernel\":\"%s %s %s\"", kernel.sysname, kernel.release, kernel.machine);
	say_member(request, "name", "null");
	say_member(request, "seed", "null");
	say(",\"config\":{\"swapSync\":%s,\"faultAround\":%ld},\"start\":", swap_sync ? "true" : "false", around > 0 ? around : 1);
	say_state();
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
	if (!truth(text, "quiet")) {
		say(",\"state\":");
		say_state();
	}
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
		tell(RMAP_FLUSH, 0, 0);
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
	tell(RMAP_FLUSH, 0, 0);
}

/* One line of the host, without its end; null at the end of the stream. */
static char *read_line(void)
{
	static char *buffer;
	static size_t size, filled, used;
	char *end, *line;

	memmove(buffer, buffer + used, filled -= used);
	used = 0;
	while (!filled || !(end = memchr(buffer, '\n', filled))) {
		struct rmap_request request;

		if (size - filled < 65537)
			buffer = realloc(buffer, size += 1 << 20);
		request = (struct rmap_request){ .a = (unsigned long)(buffer + filled), .b = 65536 };
		if (!buffer || ask(RMAP_READ, &request))
			die("read from the host");
		if (!request.value[0])
			return NULL;
		filled += request.value[0];
	}
	*end = 0;
	used = end + 1 - buffer;
	line = buffer;
	return line;
}

/* ---- the guest ---- */

static void format_swap(void)
{
	static unsigned char header[PAGE];
	int descriptor = open(SWAP_DEVICE, O_RDWR);
	off_t size = lseek(descriptor, 0, SEEK_END);
	unsigned int *info = (unsigned int *)(header + 1024);

	info[0] = 1;			/* version */
	info[1] = size / PAGE - 1;	/* last page */
	memcpy(header + PAGE - 10, "SWAPSPACE2", 10);
	if (descriptor < 0 || pwrite(descriptor, header, PAGE, 0) != (ssize_t)PAGE)
		die("format the swap device");
	close(descriptor);
}

static void copy_image(void)
{
	static char bytes[1 << 16];
	int from = open("/ext4.img", O_RDONLY), to = open(FILE_DEVICE, O_WRONLY);
	ssize_t count;

	while ((count = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, count) != count)
			die("copy the file system");
	if (count < 0 || from < 0 || to < 0)
		die("copy the file system");
	close(from);
	close(to);
	unlink("/ext4.img");
}

/*
 * Whether a page that returns from swap counts as recently used depends on how many other pages are in use. Some hundred pages
 * of a file, read twice, make the answer always yes, as it is on a machine that does anything else.
 */
static void fill_page_cache(void)
{
	static char bytes[1 << 16];
	int descriptor = open("/ext4/ballast", O_RDWR | O_CREAT, 0600);

	if (descriptor < 0)
		die("/ext4/ballast");
	for (int i = 0; i < 32; i++)
		if (write(descriptor, bytes, sizeof(bytes)) < 0)
			die("/ext4/ballast");
	fsync(descriptor);
	for (int i = 0; i < 3; i++) {
		lseek(descriptor, 0, SEEK_SET);
		while (read(descriptor, bytes, sizeof(bytes)) > 0)
			;
	}
	close(descriptor);
}

static void must_mount(const char *source, const char *where, const char *type, const char *options)
{
	mkdir(where, 0755);
	if (mount(source, where, type, 0, options))
		die(where);
}

static void set_up(void)
{
	must_mount("proc", "/proc", "proc", NULL);
	must_mount("sys", "/sys", "sysfs", NULL);
	must_mount("debug", "/sys/kernel/debug", "debugfs", NULL);
	must_mount("tmp", "/tmp", "tmpfs", NULL);
	mkdir("/dev", 0755);
	mknod(SWAP_DEVICE, S_IFBLK | 0600, makedev(1, 0));
	mknod(FILE_DEVICE, S_IFBLK | 0600, makedev(1, 1));
	copy_image();
	must_mount(FILE_DEVICE, "/ext4", "ext4", "noinit_itable");
	write_setting("/proc/sys/vm/page-cluster", "0");
	write_setting("/proc/sys/vm/overcommit_memory", "1");
	write_setting("/proc/sys/vm/dirty_writeback_centisecs", "0");
	write_setting("/proc/sys/vm/compaction_proactiveness", "0");
	write_setting("/sys/kernel/mm/ksm/run", "0");
	write_setting("/sys/kernel/mm/ksm/smart_scan", "0");
	write_setting("/sys/kernel/mm/ksm/use_zero_pages", "0");
	write_setting("/sys/kernel/mm/ksm/max_page_sharing", "256");
	fill_page_cache();
	format_swap();
	if (swapon(SWAP_DEVICE, 0))
		die("swapon");
	device = open("/proc/rmap", O_RDWR | O_CLOEXEC);
	if (device < 0)
		die("/proc/rmap");
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };
	char *line;

	set_up();
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	workers = mmap((void *)0x40000000, MAX_PROCESSES * sizeof(*workers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (workers == MAP_FAILED)
		die("memory shared with the workers");
	say("{\"ready\":1}\n");
	tell(RMAP_FLUSH, 0, 0);
	while ((line = read_line()))
		if (line[strspn(line, " \r")])
			serve(line);
	reboot(RB_POWER_OFF);
	return 0;
}
