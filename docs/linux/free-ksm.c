// MADV_FREE makes a KSM page lazyfree that is mapped once. It stays in the stable tree, ksmd merges others with it, and reclaim drops it:
// they read zeroes where they had 0x5a. Uses ksmd, whose settings are put back (ksm.h).
//
//     cc -O2 -Wall -Wextra -o free-ksm free-ksm.c && ./free-ksm        # as root
//
// Exit code 0: nothing was lost; 1: data was lost; 77: it cannot be tried here.
#define _GNU_SOURCE
#include "ksm.h"

enum { STORED = 0x5a };

static int body(void)
{
	char *area = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *freed = area, *other = area + PAGE, *later = area + 3 * PAGE;
	if (area == MAP_FAILED || madvise(area, 4 * PAGE, MADV_MERGEABLE))
		cannot("no memory can be merged");
	memset(area, STORED, 2 * PAGE);
	ksm_passes(3);
	if (!is_ksm(getpid(), freed) || !is_ksm(getpid(), other))
		cannot("ksmd does not merge");

	*other = 1;
	drain();
	madvise(freed, PAGE, MADV_FREE);
	drain();
	memset(later, STORED, PAGE);
	ksm_passes(3);
	if (frame_of(getpid(), later) != frame_of(getpid(), freed)) {
		printf("ksmd merges nothing with a page that was freed\n");
		return HELD;
	}
	munmap(freed, PAGE);
	page_out(later);
	return told("the process", later, STORED);
}

int main(void)
{
	return ksm_take(body);
}
