// A fork child is counted its parent's zero pages of KSM, also those in a VMA that it does not get: ksm_zero_pages, its own and that of all.
// Uses ksmd, whose settings are put back (ksm.h); what is counted too much in all stays so until the machine is restarted.
//
//     cc -O2 -Wall -Wextra -o fork-zero-pages fork-zero-pages.c && ./fork-zero-pages        # as root
//
// Exit code 0: counted right; 1: counted wrong; 77: it cannot be tried here.
#define _GNU_SOURCE
#include "ksm.h"

static int body(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || madvise(page, PAGE, MADV_MERGEABLE))
		cannot("no memory can be merged");
	long before = ksm_number("ksm_zero_pages");
	memset(page, 0, PAGE);
	ksm_write("use_zero_pages", "1");
	ksm_passes(4);
	if (!is_zero_page(getpid(), page))
		cannot("ksmd does not merge with the zero page");

	if (madvise(page, PAGE, MADV_DONTFORK))
		cannot("MADV_DONTFORK");
	long own = ksm_number("ksm_zero_pages");
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	long after = ksm_number("ksm_zero_pages");
	printf("ksm_zero_pages is %ld, and %ld once a child that had none has come and gone: %s\n",
	       own - before, after - before, after == own ? "right" : "WRONG");
	return after == own ? HELD : LOST;
}

int main(void)
{
	return ksm_take(body);
}
