// MADV_FREE of one process takes away what another one has stored: as free-clean-shared.c, with a page that ksmd has given up instead of
// one that O_DIRECT has unshared. Uses ksmd, whose settings are put back (ksm.h).
//
//     cc -O2 -Wall -Wextra -o free-clean-shared-ksm free-clean-shared-ksm.c && ./free-clean-shared-ksm        # as root
//
// Exit code 0: nothing was lost; 1: data was lost; 77: it cannot be tried here.
#define _GNU_SOURCE
#include "ksm.h"

enum { STORED = 0x5a };

static int body(void)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || madvise(page, 2 * PAGE, MADV_MERGEABLE))
		cannot("no memory can be merged");
	memset(page, STORED, 2 * PAGE);
	ksm_passes(3);
	if (!is_ksm(getpid(), page))
		cannot("ksmd does not merge");
	if (madvise(page, 2 * PAGE, MADV_UNMERGEABLE))
		cannot("MADV_UNMERGEABLE");

	int go[2];
	if (pipe(go))
		cannot("pipe");
	pid_t child = fork();
	if (child == 0) {
		char end;
		close(go[1]);
		if (read(go[0], &end, 1) < 0)
			_exit(CANNOT);
		page_out(page);
		_exit(told("the child", page, STORED));
	}
	madvise(page, PAGE, MADV_FREE);
	drain();
	munmap(page, 2 * PAGE);
	close(go[1]);
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
}

int main(void)
{
	return ksm_take(body);
}
