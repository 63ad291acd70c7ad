// mlock counts the pages of a VMA in an int: 8 TiB are 2^31 of them, which makes VmLck smaller by 8 TiB instead of larger.
//
//     cc -O2 -Wall -Wextra -o mlock-int mlock-int.c && ./mlock-int        # as root, or with CAP_IPC_LOCK
//
// No memory is used: nothing may be accessed there, and pages would be locked on fault only. Exit code 0: counted right; 1: counted wrong;
// 77: it cannot be tried here.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { RIGHT = 0, WRONG = 1, CANNOT = 77 };

static void cannot(const char *why)
{
	printf("cannot be tried: %s (%s)\n", why, strerror(errno));
	exit(CANNOT);
}

// VmLck of this process, in KiB.
static long long locked(void)
{
	char line[256];
	unsigned long long number = 0;
	FILE *status = fopen("/proc/self/status", "r");
	if (!status)
		cannot("/proc/self/status");
	while (fgets(line, sizeof(line), status) && sscanf(line, "VmLck: %llu", &number) != 1)
		;
	fclose(status);
	return (long long)number;
}

int main(void)
{
	size_t size = 1ULL << 43;
	void *area = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		cannot("there is no room for 8 TiB");
	if (mlock2(area, size, MLOCK_ONFAULT))
		cannot("mlock2");
	long long expected = (long long)(size >> 10), counted = locked();
	printf("VmLck is %lld kB, and %lld kB are locked: %s\n", counted, expected, counted == expected ? "right" : "WRONG");
	return counted == expected ? RIGHT : WRONG;
}
