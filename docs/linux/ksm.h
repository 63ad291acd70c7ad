// ksmd for one program: its settings are saved, made, and put back, also after a crash. Root only.
//
// main() calls ksm_take(body): a child of its own runs body(), and what is left behind however that ends is undone here. If this process
// itself is killed, the settings stay in SAVED, and the next program that takes ksmd (or the project's `host`) puts them back first.
#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, HELD = 0, LOST = 1, CANNOT = 77, LONGEST = 40 };

#define KSM "/sys/kernel/mm/ksm/"
#define SAVED "/run/rmap-host-ksm.saved"

// In the order in which they can be written.
static const char *const ksm_names[] = {
	"advisor_mode", "smart_scan", "pages_to_scan", "use_zero_pages", "max_page_sharing", "sleep_millisecs", "run",
};

enum { KSM_SETTINGS = sizeof(ksm_names) / sizeof(ksm_names[0]) };

static void cannot(const char *why)
{
	printf("cannot be tried: %s (%s)\n", why, strerror(errno));
	exit(CANNOT);
}

// A setting; of several words the chosen one, which stands in brackets. Empty if this kernel does not have it.
static void ksm_read(const char *name, char value[32])
{
	char path[128], text[128] = "";
	snprintf(path, sizeof(path), KSM "%s", name);
	int file = open(path, O_RDONLY);
	ssize_t length = file < 0 ? 0 : read(file, text, sizeof(text) - 1);
	close(file);
	text[length > 0 ? length : 0] = 0;
	char *open_bracket = strchr(text, '[');
	char *start = open_bracket ? open_bracket + 1 : text;
	start[strcspn(start, "]\n")] = 0;
	snprintf(value, 32, "%.31s", start);
}

static long ksm_number(const char *name)
{
	char value[32];
	ksm_read(name, value);
	return atol(value);
}

static void ksm_write(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof(path), KSM "%s", name);
	int file = open(path, O_WRONLY);
	if (file >= 0 && write(file, value, strlen(value)) < 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	close(file);
}

// The daemon; what it frees and takes on one processor comes in an order that can be told.
static pid_t ksm_daemon(void)
{
	DIR *all = opendir("/proc");
	pid_t found = -1;
	for (struct dirent *each; all && found < 0 && (each = readdir(all));) {
		char path[300], name[16] = "";
		snprintf(path, sizeof(path), "/proc/%s/comm", each->d_name);
		FILE *comm = atoi(each->d_name) > 0 ? fopen(path, "r") : NULL;
		if (!comm)
			continue;
		if (fscanf(comm, "%15s", name) == 1 && !strcmp(name, "ksmd"))
			found = atoi(each->d_name);
		fclose(comm);
	}
	if (all)
		closedir(all);
	return found;
}

static void ksm_allow(unsigned long processors)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (int i = 0; i < 64; i++)
		if (processors >> i & 1)
			CPU_SET(i, &set);
	sched_setaffinity(ksm_daemon(), sizeof(set), &set);
}

static unsigned long ksm_allowed(void)
{
	cpu_set_t set;
	unsigned long processors = 0;
	if (sched_getaffinity(ksm_daemon(), sizeof(set), &set))
		cannot("there is no ksmd");
	for (int i = 0; i < 64; i++)
		processors |= (unsigned long)!!CPU_ISSET(i, &set) << i;
	return processors;
}

static void ksm_restore(void)
{
	char name[32], value[32];
	FILE *saved = fopen(SAVED, "r");
	if (!saved)
		return;
	ksm_write("run", "2");
	while (fscanf(saved, "%31s %31s", name, value) == 2)
		if (strcmp(name, "processors"))
			ksm_write(name, value);
		else
			ksm_allow(strtoul(value, NULL, 10));
	fclose(saved);
	unlink(SAVED);
}

static void ksm_save(void)
{
	FILE *saved = fopen(SAVED, "w");
	if (!saved)
		cannot(SAVED);
	fprintf(saved, "processors %lu\n", ksm_allowed());
	for (int i = 0; i < KSM_SETTINGS; i++) {
		char value[32];
		ksm_read(ksm_names[i], value);
		if (value[0])
			fprintf(saved, "%s %s\n", ksm_names[i], value);
	}
	if (fclose(saved))
		cannot(SAVED);
}

static pid_t ksm_body;

static void ksm_stop(int number)
{
	(void)number;
	kill(ksm_body, SIGKILL);
}

// Runs body() with ksmd at its disposal, stopped, and returns what it returned.
static int ksm_take(int (*body)(void))
{
	setvbuf(stdout, NULL, _IONBF, 0);
	int lock = open(SAVED ".lock", O_RDWR | O_CREAT, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB))
		cannot("ksmd cannot be had: root only, and one at a time");
	ksm_restore();
	if (access(KSM "run", W_OK) || ksm_number("run") == 1)
		cannot("there is no ksmd, or it runs already");
	ksm_save();
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	ksm_body = fork();
	if (ksm_body == 0) {
		close(lock);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET(0, &one);
		sched_setaffinity(0, sizeof(one), &one);
		ksm_allow(1);
		ksm_write("run", "2");
		ksm_write("run", "0");
		ksm_write("advisor_mode", "none");
		ksm_write("smart_scan", "0");
		ksm_write("pages_to_scan", "100000");
		ksm_write("use_zero_pages", "0");
		ksm_write("sleep_millisecs", "20");
		exit(body());
	}
	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], ksm_stop);
	alarm(LONGEST);
	int status;
	while (waitpid(ksm_body, &status, 0) < 0 && errno == EINTR)
		;
	ksm_restore();
	return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
}

// At least so many whole passes; ksmd does nothing before and after.
static void ksm_passes(int passes)
{
	long until = ksm_number("full_scans") + passes;
	ksm_write("run", "1");
	while (ksm_number("full_scans") < until)
		usleep(1000);
	ksm_write("run", "0");
}

static uint64_t entry_of(pid_t process, const volatile void *address)
{
	char path[64];
	uint64_t entry = 0;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", process);
	int file = open(path, O_RDONLY);
	if (pread(file, &entry, sizeof(entry), (uintptr_t)address / PAGE * sizeof(entry)) != sizeof(entry))
		cannot(path);
	close(file);
	return entry;
}

static int is_present(pid_t process, const volatile void *address)
{
	return entry_of(process, address) >> 63;
}

static uint64_t frame_of(pid_t process, const volatile void *address)
{
	uint64_t entry = entry_of(process, address);
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

// A bit of /proc/kpageflags, of the page that is mapped there.
static int has_flag(pid_t process, const volatile void *address, int bit)
{
	uint64_t flags = 0, frame = frame_of(process, address);
	int file = open("/proc/kpageflags", O_RDONLY);
	if (frame && pread(file, &flags, sizeof(flags), frame * sizeof(flags)) != sizeof(flags))
		cannot("/proc/kpageflags");
	close(file);
	return flags >> bit & 1;
}

static inline int is_ksm(pid_t process, const volatile void *address)
{
	return has_flag(process, address, 21);
}

static inline int is_zero_page(pid_t process, const volatile void *address)
{
	return has_flag(process, address, 24);
}

// Pages wait in a batch of their processor before they are on a list: mlock drains it.
static inline void drain(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mlock(page, PAGE);
	munmap(page, PAGE);
}

// MADV_PAGEOUT until the page is gone, or will not go. It takes only what is mapped once.
static inline void page_out(char *page)
{
	for (int tries = 0; tries < 20 && is_present(getpid(), page); tries++) {
		drain();
		madvise(page, PAGE, MADV_PAGEOUT);
		usleep(10000);
	}
}

static inline int told(const char *who, const char *page, int stored)
{
	int value = *(const volatile unsigned char *)page;
	printf("%s reads 0x%02x where it had 0x%02x: %s\n", who, value, stored, value == stored ? "nothing is lost" : "DATA IS LOST");
	return value == stored ? HELD : LOST;
}
