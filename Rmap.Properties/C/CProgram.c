//// always
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
//// file
#include <fcntl.h>
//// segment
#include <sys/shm.h>
//// uffd
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
//// mbind
#include <linux/mempolicy.h>
//// memory-merge
#ifndef PR_SET_MEMORY_MERGE /* since Linux 6.4 */
#define PR_SET_MEMORY_MERGE 67
#endif
//// mdwe
#ifndef PR_SET_MDWE /* since Linux 6.3 */
#define PR_SET_MDWE 65
#endif
//// mseal
#ifndef SYS_mseal /* since Linux 6.10 */
#define SYS_mseal 462
#endif
//// rlimit-memlock
#include <linux/capability.h>
#include <sys/resource.h>
//// madvise
#ifndef MADV_DONTNEED_LOCKED /* since Linux 5.18 */
#define MADV_DONTNEED_LOCKED 24
#endif
//// always

#define PAGE 4096UL
#define ARENA 0x100000000000UL	/* page 0 of the scenario: far from all that the program maps for itself */
#define ARENA_PAGES (1L << 32)
#define CONTROL 100		/* descriptor of the memory that all processes share; those of the files follow */
#define SECONDS 60		/* it runs no longer */

//// constants
//// always

/*
 * The hub is the program as it was started. It begins P0, tells each process when it is its turn, and prints what came of it.
 * All go through play(), each doing its own steps only. A fork is a fork; with CLONE_PARENT, so that the hub can wait for everybody.
 */
static struct shared {
	pid_t pid[HUB];		/* 0: there is no such process */
	int turn[HUB];		/* futex: the step that the process is to do */
	int done;		/* futex: the last step that was done */
	long outcome;		/* what came of it: a value, minus an errno, or minus (FAULT + signal) */
	bool exits;		/* whoever did it exits */
	int named[NAMES + 1];	/* files and segments: 0 = there is none, A_FILE, or the segment's id + A_SEGMENT */
} *shared;

enum { FAULT = 10000, A_FILE = 1, A_SEGMENT = 2 };

static void play(int me, int born);

/* The address of a page. Pages behind the arena are where they are: at the end of the address space, or nowhere. */
static inline void *at(long page)
{
	return (void *)((page < ARENA_PAGES ? ARENA : 0) + page * PAGE);
}

static long result(long returned)
{
	return returned == -1 ? -errno : returned;
}

static void wake(int *word, int value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Waits until the word has this value; false if that takes longer than it may. */
static bool await(int *word, int value, const struct timespec *longest)
{
	int now;

	while ((now = __atomic_load_n(word, __ATOMIC_SEQ_CST)) != value)
		if (syscall(SYS_futex, word, FUTEX_WAIT, now, longest, NULL, 0) && errno == ETIMEDOUT)
			return false;
	return true;
}

static void tell(int step, long outcome)
{
	shared->outcome = outcome;
	wake(&shared->done, step);
}

static void print(const char *line, long outcome)
{
	static const struct { int number; const char *name; } names[] = {
		{ EPERM, "EPERM" }, { ENOENT, "ENOENT" }, { ESRCH, "ESRCH" }, { EINTR, "EINTR" }, { EBADF, "EBADF" },
		{ EAGAIN, "EAGAIN" }, { ENOMEM, "ENOMEM" }, { EACCES, "EACCES" }, { EFAULT, "EFAULT" }, { EBUSY, "EBUSY" },
		{ EEXIST, "EEXIST" }, { EINVAL, "EINVAL" }, { EFBIG, "EFBIG" }, { ENOSPC, "ENOSPC" },
		{ EOVERFLOW, "EOVERFLOW" }, { EIDRM, "EIDRM" },
		{ FAULT + SIGSEGV, "SIGSEGV" }, { FAULT + SIGBUS, "SIGBUS" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (outcome == -names[i].number) {
			printf("%s => %s\n", line, names[i].name);
			return;
		}
	if (outcome < 0)
		printf("# %s: errno %ld\n", line, -outcome);
	else
		printf("%s => %ld\n", line, outcome);
}

/* The hub has a process do a step. */
static void order(int who, int step, const char *line)
{
	const struct timespec tenth_of_a_second = { 0, 100000000 };

	if (!shared->pid[who]) {
		print(line, -ESRCH);
		return;
	}
	wake(&shared->turn[who], step);
	while (!await(&shared->done, step, &tenth_of_a_second))
		if (waitpid(shared->pid[who], NULL, WNOHANG)) {
			printf("# %s: the process ended\n", line);
			shared->pid[who] = 0;
			return;
		}
	if (shared->exits) {
		waitpid(shared->pid[who], NULL, 0);
		shared->pid[who] = 0;
		shared->exits = false;
	}
	print(line, shared->outcome);
}

/* Whether a step is mine to do, now. */
static bool my_turn(int me, int who, int step, int born, const char *line)
{
	if (me == HUB && who != HUB)
		order(who, step, line);
	return me == who && step > born && (me == HUB || await(&shared->turn[me], step, NULL));
}

/* One step of the scenario: who, its line, the system call. What is no system call of a process the hub does. */
#define STEP(who, line, call) \
	do { \
		if (my_turn(me, who, ++step, born, line)) { \
			if (me == HUB) \
				print(line, call); \
			else \
				tell(step, call); \
		} \
	} while (0)
//// seen

#define SEEN(who) \
	do { \
		if (me == HUB) \
			print_vmas(who); \
	} while (0)

static void print_vmas(int who);
//// impossible

/* What no system call does. */
#define NOT_POSSIBLE(line) \
	do { \
		++step; \
		if (me == HUB) \
			printf("# %s: not possible from user space\n", line); \
	} while (0)
//// always

static _Noreturn void live(int me, int born)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* not longer than the hub */
	play(me, born);
	for (;;)
		pause();
}

static long fork_process(int child, int step, unsigned long flags)
{
	long pid;

	if (shared->pid[child])
		return -EEXIST;
	pid = result(syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0));
	if (!pid)
		live(child, step);
	if (pid < 0)
		return pid;
	shared->pid[child] = pid;
	return number[child];
}
//// clone-vm

static int live_in_shared_memory(void *birth)
{
	live(((int *)birth)[0], ((int *)birth)[1]);
}

static long share_memory(int child, int step)
{
	const size_t size = 1 << 18;
	int *stack;
	long pid;

	if (shared->pid[child])
		return -EEXIST;
	stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	stack[0] = child;
	stack[1] = step;
	pid = result(clone(live_in_shared_memory, (char *)stack + size, CLONE_VM | CLONE_PARENT | SIGCHLD, stack));
	if (pid < 0)
		return pid;
	shared->pid[child] = pid;
	return number[child];
}
//// exec

/* The program once more, which goes on where this one was: see main(). */
static long exec_process(int me, int step)
{
	char who[16], when[16];

	snprintf(who, sizeof(who), "%d", me);
	snprintf(when, sizeof(when), "%d", step);
	execl("/proc/self/exe", "scenario", who, when, NULL);
	return -errno;
}
//// mbind

/*
 * A memory policy, which has the one node that every machine has. Where the kernel has no policies, or a container forbids them, the
 * errno is told, and no outcome.
 */
static long bind_memory(void *start, size_t length, int policy)
{
	unsigned long node = 1;
	long error = result(syscall(SYS_mbind, start, length, policy, policy == MPOL_DEFAULT ? NULL : &node, 8 * sizeof(node), 0));

	return error == -EPERM ? -ENOSYS : error;
}
//// exit

static long exit_process(int step)
{
	shared->exits = true;
	tell(step, 0);
	_exit(0);
}
//// mincore

/* How many pages are resident; 64 at a time, so that it needs no memory for the answer. */
static int resident(void *start, size_t length)
{
	unsigned char of[64];
	int count = 0;

	for (size_t at = 0; !at || at < length; at += sizeof(of) * PAGE) {
		size_t part = length - at < sizeof(of) * PAGE ? length - at : sizeof(of) * PAGE;

		if (syscall(SYS_mincore, (char *)start + at, part, of))
			return -1;
		for (size_t i = 0; i < part / PAGE; i++)
			count += of[i] & 1;
	}
	return count;
}
#define mincore(start, length) resident(start, length)
//// rlimit-memlock

/* What may be locked is limited only for whoever has no CAP_IPC_LOCK, and gets none by an exec either. */
static long limit_locked(long pages)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct capabilities[2];
	struct rlimit limit;

	if (pages < 0)
		return -EINVAL;
	prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);
	if (!syscall(SYS_capget, &header, capabilities)) {
		capabilities[0].effective &= ~(1U << CAP_IPC_LOCK);
		capabilities[0].permitted &= ~(1U << CAP_IPC_LOCK);
		syscall(SYS_capset, &header, capabilities);
	}
	getrlimit(RLIMIT_MEMLOCK, &limit);
	limit.rlim_cur = pages < (long)(limit.rlim_max / PAGE) ? pages * PAGE : limit.rlim_max;
	return result(setrlimit(RLIMIT_MEMLOCK, &limit));
}
//// pkey-mprotect

/* All keys with all rights, but for one that Linux keeps for what may only be executed. A signal handler loses the rights. */
static void allocate_keys(void)
{
	for (int key = 1; key < 15; key++)
		syscall(SYS_pkey_alloc, 0, 0);
}

#define HAVE_ALL_RIGHTS() __asm__ volatile(".byte 0x0f, 0x01, 0xef" : : "a" (0x40000000), "c" (0), "d" (0)) /* wrpkru */
//// touch

static sigjmp_buf touched;

static void on_fault(int signal)
{
#ifdef HAVE_ALL_RIGHTS
	HAVE_ALL_RIGHTS();
#endif
	siglongjmp(touched, signal);
}
//// load

static long load(long page)
{
	int signal = sigsetjmp(touched, 1);

	return signal ? -FAULT - signal : *(volatile unsigned char *)at(page);
}
//// store

static long store(long page, int byte)
{
	int signal = sigsetjmp(touched, 1);

	if (signal)
		return -FAULT - signal;
	memset(at(page), byte, PAGE);
	return 0;
}
//// map

static long page_of(void *address)
{
	unsigned long start = (unsigned long)address;

	if (address == MAP_FAILED)
		return -errno;
	return (start < ARENA + ARENA_PAGES * PAGE ? start - ARENA : start) / PAGE;
}
//// gap

static bool is_free(long page, long pages)
{
	void *probe = mmap(at(page), pages * PAGE, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return probe != MAP_FAILED && !munmap(probe, pages * PAGE);
}

#define NOWHERE (1L << 40)	/* a page that no address space has */

/*
 * Without a fixed address Linux would choose a place among what the program maps for itself. The same choice inside the arena: the
 * hinted place, else the top of the highest gap below MMAP_BASE, else the lowest gap; NOWHERE if there is none.
 * What is mapped is asked at once: page by page the arena would take for ever.
 */
static long gap(long hint, long pages)
{
	unsigned long from, to;
	long end = 0, below = -1, lowest = NOWHERE;
	FILE *maps;

	if (pages <= 0) /* refused wherever it is to be */
		return hint;
	if (pages > ARENA_PAGES)
		return NOWHERE;
	if (hint > 0 && is_free(hint, pages))
		return hint;
	maps = fopen("/proc/self/maps", "r");
	while (maps && end < ARENA_PAGES) {
		long start = ARENA_PAGES, top;

		if (fscanf(maps, "%lx-%lx%*[^\n]", &from, &to) != 2)
			from = to = ARENA + ARENA_PAGES * PAGE;
		if (from < ARENA)
			start = to > ARENA ? 0 : end;
		else if (from < ARENA + ARENA_PAGES * PAGE)
			start = (from - ARENA) / PAGE;
		top = start < MMAP_BASE ? start : MMAP_BASE;
		if (top - pages >= end)
			below = top - pages;
		if (lowest == NOWHERE && start - pages >= end)
			lowest = end;
		if (to > ARENA)
			end = (to - ARENA) / PAGE;
	}
	if (maps)
		fclose(maps);
	return below >= 0 ? below : lowest;
}
//// move

static long move_anywhere(long page, long pages, long new_pages, int flags, long hint)
{
	long place;

	if (!(flags & MREMAP_DONTUNMAP)) {
		void *there = mremap(at(page), pages * PAGE, new_pages * PAGE, 0);

		if (there != MAP_FAILED || errno != ENOMEM)
			return page_of(there);
	}
	place = gap(hint, new_pages);
	if (!(flags & MREMAP_DONTUNMAP) && place != NOWHERE)
		flags |= MREMAP_FIXED;
	/* With MREMAP_DONTUNMAP the place is a hint, which Linux takes if it is free, and refuses if it cannot be. */
	if (flags & MREMAP_DONTUNMAP && (hint + new_pages > ARENA_PAGES || (hint < page + pages && page < hint + new_pages)))
		place = hint;
	return page_of(mremap(at(page), pages * PAGE, new_pages * PAGE, flags, at(place)));
}
//// taken

/* Whether there is a file or a segment of this name. */
static bool taken(int name)
{
//// shmget
	struct shmid_ds status;

	if (shared->named[name] >= A_SEGMENT)
		return !shmctl(shared->named[name] - A_SEGMENT, IPC_STAT, &status);
//// taken
	return shared->named[name];
}
//// file

/* All files are there from the beginning, so that every process has them open: in memory, or unnamed in the current folder. */
static void prepare_file(int name, bool on_disk)
{
	int descriptor = on_disk ? open(".", O_TMPFILE | O_RDWR, 0600) : -1;

	if (descriptor < 0)
		descriptor = memfd_create("scenario", 0);
	dup2(descriptor, CONTROL + 1 + name);
	close(descriptor);
}
//// opened

/* The descriptor of a file, once it was created. */
static int file(int name)
{
	return shared->named[name] == A_FILE ? CONTROL + 1 + name : -1;
}

#define IF_THERE(name, call) (file(name) < 0 ? -ENOENT : result(call))
//// write

static long write_page(int descriptor, long page, int byte)
{
	char bytes[PAGE];

	memset(bytes, byte, PAGE);
	return pwrite(descriptor, bytes, PAGE, page * PAGE) == (long)PAGE ? 0 : -1;
}
//// create

/* With a byte to fill it, or SPARSE. */
static long create_file(int name, long pages, int byte)
{
	int descriptor = CONTROL + 1 + name;
	long error = 0;

	if (taken(name))
		return -EEXIST;
	if (byte == SPARSE)
		error = ftruncate(descriptor, pages * PAGE);
	for (long page = 0; byte != SPARSE && page < pages && !error; page++)
		error = write_page(descriptor, page, byte);
	if (!error)
		shared->named[name] = A_FILE;
	return result(error);
}
//// segment

static int segment(int name)
{
	return shared->named[name] - A_SEGMENT;
}

static void remove_segments(void)
{
	for (int name = 0; name < NAMES; name++)
		if (shared->named[name] >= A_SEGMENT)
			shmctl(segment(name), IPC_RMID, NULL);
}
//// shmget

static long create_segment(int name, long pages)
{
	int id;

	if (taken(name))
		return -EEXIST;
	id = shmget(IPC_PRIVATE, pages * PAGE, 0600);
	if (id < 0)
		return -errno;
	shared->named[name] = id + A_SEGMENT;
	return 0;
}
//// uffd

#ifndef UFFD_FEATURE_MOVE /* since Linux 6.8 */
#define UFFD_FEATURE_MOVE (1 << 16)
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 5, struct uffdio_move)
#endif

/* Registers the target, moves, unregisters. */
static long uffd_move(long source, long target, long pages)
{
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_MOVE };
	struct uffdio_register registered = { .range = { (long)at(target), pages * PAGE }, .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_move move = { .dst = (long)at(target), .src = (long)at(source), .len = pages * PAGE };
	int uffd = syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY);
	long error;

	if (uffd < 0)
		return -errno;
	error = result(ioctl(uffd, UFFDIO_API, &api));
	if (!error)
		error = result(ioctl(uffd, UFFDIO_REGISTER, &registered));
	if (!error) {
		error = result(ioctl(uffd, UFFDIO_MOVE, &move));
		ioctl(uffd, UFFDIO_UNREGISTER, &registered.range);
	}
	close(uffd);
	return error ? error : move.move / (long)PAGE;
}
//// play
//// always

static void end(int signal)
{
//// segment
	remove_segments();
//// always
	if (signal)
		_exit(1);
}

//// seen
/* The VMAs of a process, in the arena, as a line of a scenario. */
static void print_vmas(int who)
{
	char path[64], access[5];
	unsigned long from, to;
	bool first = true;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", shared->pid[who]);
	maps = fopen(path, "r");
	if (!maps)
		return;
	printf("expect P%d vma", number[who]);
	while (fscanf(maps, "%lx-%lx %4s%*[^\n]", &from, &to, access) == 3) {
		if (from < ARENA || from >= ARENA + ARENA_PAGES * PAGE)
			continue;
		printf("%s %lu+%lu ", first ? "" : ",", (from - ARENA) / PAGE, (to - from) / PAGE);
		first = false;
		if (access[0] == '-' && access[1] == '-' && access[2] == '-')
			printf("none");
		for (int i = 0; i < 3; i++)
			if (access[i] != '-')
				putchar(access[i]);
	}
	putchar('\n');
	fclose(maps);
}

//// always
static void prepare(void)
{
	struct sigaction on_end = { .sa_handler = end };
//// touch
	struct sigaction to_return = { .sa_handler = on_fault };

	sigaction(SIGSEGV, &to_return, NULL);
	sigaction(SIGBUS, &to_return, NULL);
//// always

//// pkey-mprotect
	allocate_keys();
//// always
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0); /* whatever the system's setting is: huge pages would be resident at once */
	sigaction(SIGALRM, &on_end, NULL);
	sigaction(SIGTERM, &on_end, NULL);
	sigaction(SIGINT, &on_end, NULL);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, CONTROL, 0);
	if (shared == MAP_FAILED) {
		perror("memory shared by the processes");
		exit(1);
	}
}

/* On one processor, where the same happens each time. */
static void stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	sched_setaffinity(0, sizeof(here), &here);
}

int main(int count, char **arguments)
{
	int memory;

//// exec
	if (count == 3) { /* a process of the scenario, after its exec */
		int me = atoi(arguments[1]), step = atoi(arguments[2]);

		prepare();
		tell(step, 0);
		live(me, step);
	}
//// always
	(void)count;
	(void)arguments;
	setvbuf(stdout, NULL, _IOLBF, 0); /* what was printed is not lost with whoever ends it */
	memory = memfd_create("shared", 0);
	dup2(memory, CONTROL);
	close(memory);
	ftruncate(CONTROL, sizeof(*shared));
	prepare();
	alarm(SECONDS);
	stay_here();
//// start
//// always
	fork_process(P0, 0, 0);
	play(HUB, 0);
	for (int who = 0; who < HUB; who++)
		if (shared->pid[who]) {
			kill(shared->pid[who], SIGKILL);
			waitpid(shared->pid[who], NULL, 0);
		}
	end(0);
	return 0;
}
