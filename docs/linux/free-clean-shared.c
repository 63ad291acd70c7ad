// MADV_FREE of one process takes away what another one has stored. No KSM, no swap, no privilege.
//
// A page that a fork shares is written out by O_DIRECT: that pins it, and a page that is pinned must be exclusive, so FAULT_FLAG_UNSHARE
// gives the process a copy of its own, clean, in a clean entry. The next fork shares the copy. MADV_FREE of the parent asks for other
// mappings of dirty pages only, so it marks this one lazyfree, and reclaim drops it: the child reads zeroes where it had 0x5a.
//
//     cc -O2 -Wall -Wextra -o free-clean-shared free-clean-shared.c && ./free-clean-shared [FOLDER]
//
// FOLDER is on a file system with O_DIRECT (not tmpfs); the current one by default. Exit code 0: nothing was lost; 1: data was lost;
// 77: it cannot be tried here.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TMPFS = 0x01021994 };
enum { PAGE = 4096, STORED = 0x5a, HELD = 0, LOST = 1, CANNOT = 77, TRIES = 20 };

static void cannot(const char *why)
{
	printf("cannot be tried: %s (%s)\n", why, strerror(errno));
	exit(CANNOT);
}

// Pages wait in a batch of their processor before they are on a list: mlock drains it.
static void drain(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mlock(page, PAGE);
	munmap(page, PAGE);
}

static void write_directly(const char *folder, const void *page)
{
	char name[4096];
	snprintf(name, sizeof(name), "%s/free-clean-shared.XXXXXX", folder);
	int file = mkostemp(name, O_DIRECT);
	if (file < 0)
		cannot("no file can be opened with O_DIRECT");
	unlink(name);
	struct statfs system;
	if (fstatfs(file, &system) || system.f_type == TMPFS)
		cannot("O_DIRECT pins nothing on tmpfs; give another folder");
	if (write(file, page, PAGE) != PAGE)
		cannot("write with O_DIRECT");
	close(file);
}

// The parent is done with the page: the child is the only one to map it, so that MADV_PAGEOUT takes it.
static int child(char *page, int told)
{
	char go;
	if (read(told, &go, 1) != 1)
		return CANNOT;
	for (int i = 0; i < TRIES; i++) {
		unsigned char there = 0;
		drain();
		madvise(page, PAGE, MADV_PAGEOUT);
		if (mincore(page, PAGE, &there) == 0 && !(there & 1))
			break;
		usleep(10000);
	}
	int value = *(volatile unsigned char *)page;
	printf("the child reads 0x%02x where it had 0x%02x: %s\n", value, STORED, value == STORED ? "nothing is lost" : "DATA IS LOST");
	return value == STORED ? HELD : LOST;
}

int main(int argc, char **argv)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	setvbuf(stdout, NULL, _IONBF, 0);
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);

	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		cannot("mmap");
	memset(page, STORED, PAGE);

	int life[2], told[2];
	if (pipe(life) || pipe(told))
		cannot("pipe");
	pid_t sharer = fork();
	if (sharer == 0) {
		char end;
		close(life[1]);
		_exit(read(life[0], &end, 1) > 0);
	}
	write_directly(argc > 1 ? argv[1] : ".", page);
	close(life[1]);
	waitpid(sharer, NULL, 0);

	pid_t reader = fork();
	if (reader == 0) {
		close(told[1]);
		_exit(child(page, told[0]));
	}
	if (madvise(page, PAGE, MADV_FREE))
		cannot("MADV_FREE");
	drain();
	munmap(page, PAGE);
	if (write(told[1], "", 1) != 1)
		cannot("pipe");
	int status;
	waitpid(reader, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
}
