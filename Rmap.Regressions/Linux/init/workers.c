// SPDX-License-Identifier: GPL-2.0
/*
 * The tree of processes. PID 1 is the hub. Each process of the scenario is a worker: it waits for one order at a time in a page
 * shared with the hub, carries it out by a raw system call and waits again. Workers are forked by workers, so that the anon_vma
 * lineage is real, but with CLONE_PARENT, so that the hub can reap them all. All share one table of file descriptors, so
 * that the hub can open files for them.
 */
#include "init.h"
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <setjmp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define HANG_SECONDS 20

#ifndef UFFD_FEATURE_MOVE /* since Linux 6.8 */
#define UFFD_FEATURE_MOVE (1 << 16)
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 5, struct uffdio_move)
#endif

struct worker {
	int state; /* futex: WAITS, ORDERED, DONE */
	enum order order;
	long number, argument[6];
	long result; /* a value, or minus an errno */
	int signal;
};

enum { WAITS, ORDERED, DONE };

static struct worker *workers; /* shared with all of them, far from the arena */
unsigned char *answer; /* behind them */
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

static long futex_wait(int *at, int while_it_is, const struct timespec *timeout)
{
	return syscall(SYS_futex, at, FUTEX_WAIT, while_it_is, timeout, NULL, 0);
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
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* end with the hub */
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
		if (!futex_wait(&worker->state, ORDERED, &second) || errno != ETIMEDOUT)
			continue;
		if (waitpid(pids[p], &status, WNOHANG) == pids[p] || ++seconds == HANG_SECONDS)
			die("a worker died or hangs");
	}
}

struct outcome command(long p, enum order what, long a, long b, long c)
{
	struct worker *worker = &workers[p];

	worker->argument[0] = a;
	worker->argument[1] = b;
	worker->argument[2] = c;
	order(worker, what);
	await(p);
	return (struct outcome){ .value = worker->result, .signal = worker->signal };
}

long call(long p, long number, long a, long b, long c, long d, long e, long f)
{
	struct worker *worker = &workers[p];
	const long arguments[6] = { a, b, c, d, e, f };

	worker->number = number;
	memcpy(worker->argument, arguments, sizeof(arguments));
	order(worker, ORDER_SYSCALL);
	await(p);
	return worker->result;
}

bool lives(long p)
{
	return p >= 0 && p < MAX_PROCESSES && pids[p] > 0;
}

long start_process(long p, long parent)
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
		pid = command(parent, ORDER_FORK, p, 0, 0).value;
	}
	if (pid < 0)
		return pid;
	pids[p] = pid;
	inherit_openings(p, parent);
	if (!on_host && tell(RMAP_PROCESS, p, pid))
		die("a new process cannot be found");
	return p;
}

long end_process(long p)
{
	order(&workers[p], ORDER_EXIT);
	if (waitpid(pids[p], NULL, 0) != pids[p])
		die("wait for a worker's end");
	pids[p] = 0;
	return 0;
}

void end_all_processes(void)
{
	for (int p = 0; p < MAX_PROCESSES; p++) {
		if (!lives(p))
			continue;
		kill(pids[p], SIGKILL);
		waitpid(pids[p], NULL, 0);
		pids[p] = 0;
	}
}

void say_pids(void)
{
	const char *comma = "";

	say("{");
	for (int p = 0; p < MAX_PROCESSES; p++)
		if (lives(p)) {
			say("%s\"%d\":%d", comma, p, pids[p]);
			comma = ",";
		}
	say("}");
}

void prepare_workers(void)
{
	struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	workers = mmap((void *)0x40000000, MAX_PROCESSES * sizeof(*workers) + RMAP_ARENA_PAGES, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (workers == MAP_FAILED)
		die("memory shared with the workers");
	answer = (unsigned char *)(workers + MAX_PROCESSES);
}
