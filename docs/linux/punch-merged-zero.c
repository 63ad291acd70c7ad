// A hole in a file takes a private copy with it that ksmd has merged with the zero page: who has stored zeroes sees the file again. Uses
// ksmd, whose settings are put back (ksm.h).
//
//     cc -O2 -Wall -Wextra -o punch-merged-zero punch-merged-zero.c && ./punch-merged-zero        # as root
//
// Exit code 0: nothing was lost; 1: data was lost; 77: it cannot be tried here.
#define _GNU_SOURCE
#include "ksm.h"

enum { STORED = 0, BEHIND = 0x77 };

static int body(void)
{
	static char filled[PAGE];
	int file = memfd_create("punch-merged-zero", 0);
	memset(filled, BEHIND, PAGE);
	if (file < 0 || write(file, filled, PAGE) != PAGE)
		cannot("memfd_create");
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (page == MAP_FAILED || madvise(page, PAGE, MADV_MERGEABLE))
		cannot("no memory can be merged");
	memset(page, STORED, PAGE);
	ksm_write("use_zero_pages", "1");
	ksm_passes(4);
	if (!is_zero_page(getpid(), page))
		cannot("ksmd does not merge with the zero page");

	if (fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE))
		cannot("fallocate");
	if (pwrite(file, filled, PAGE, 0) != PAGE)
		cannot("pwrite");
	return told("the process", page, STORED);
}

int main(void)
{
	return ksm_take(body);
}
