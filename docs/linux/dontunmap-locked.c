// MREMAP_DONTUNMAP of locked memory unlocks the source and counts the copy: VmLck has both, for as long as the process lives.
//
//     cc -O2 -Wall -Wextra -o dontunmap-locked dontunmap-locked.c && ./dontunmap-locked
//
// Exit code 0: counted right; 1: counted wrong; 77: it cannot be tried here.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SIZE = 4096, KIB = SIZE / 1024, RIGHT = 0, WRONG = 1, CANNOT = 77 };

static void cannot(const char *why)
{
	printf("cannot be tried: %s (%s)\n", why, strerror(errno));
	exit(CANNOT);
}

// VmLck of this process, in KiB.
static long locked(void)
{
	char line[256];
	long number = 0;
	FILE *status = fopen("/proc/self/status", "r");
	if (!status)
		cannot("/proc/self/status");
	while (fgets(line, sizeof(line), status) && sscanf(line, "VmLck: %ld", &number) != 1)
		;
	fclose(status);
	return number;
}

int main(void)
{
	void *page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || mlock(page, SIZE))
		cannot("a page cannot be locked");
	void *copy = mremap(page, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	if (copy == MAP_FAILED)
		cannot("MREMAP_DONTUNMAP");
	long counted = locked();
	printf("VmLck is %ld kB, and %d kB are locked: %s\n", counted, KIB, counted == KIB ? "right" : "WRONG");
	return counted == KIB ? RIGHT : WRONG;
}
