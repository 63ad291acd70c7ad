// ksmd believes that an rmap_item is in the list of a stable node in which it is not: the node that it was in has been freed, the pointer
// to it has stayed, and the new node has its memory. The place is then mapped, mergeable, a KSM page, and found by no walk: it cannot be
// reclaimed or migrated, and ksm_merging_pages leaves it out, however many passes ksmd makes. Uses ksmd, whose settings are put back (ksm.h).
//
//     cc -O2 -Wall -Wextra -o freed-node freed-node.c && ./freed-node        # as root
//
// Which memory a node gets is up to the allocator: on one processor, that which was freed last. Exit code 0: all places are known; 1: one
// is not; 77: it cannot be tried here.
#define _GNU_SOURCE
#include "ksm.h"

enum { FIRST = 0x11, SECOND = 0x22, THIRD = 0x33, FOURTH = 0x44, SETTLED = 12 };

static char *area;

static char *page(int number)
{
	return area + (size_t)number * PAGE;
}

static long merging_pages(pid_t process)
{
	char path[64], name[64];
	long value, found = -1;
	snprintf(path, sizeof(path), "/proc/%d/ksm_stat", process);
	FILE *stat = fopen(path, "r");
	if (!stat)
		cannot(path);
	while (fscanf(stat, "%63s %ld", name, &value) == 2)
		if (!strcmp(name, "ksm_merging_pages"))
			found = value;
	fclose(stat);
	return found;
}

// What the child does when it is told to.
static void merge_two(void)
{
	memset(page(8), FIRST, PAGE);
	memset(page(9), FIRST, PAGE);
}

// Both go, and their node is stale. 8 is filled anew, so that ksmd looks at its item and frees the node. 9 gets the page that it shares with
// the parent. 10 is new, so that its item takes the memory of the one that 4 had.
static void leave_node(void)
{
	madvise(page(8), 2 * PAGE, MADV_DONTNEED);
	memset(page(8), THIRD, PAGE);
	if (mremap(page(4), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(9)) == MAP_FAILED)
		cannot("mremap");
	memset(page(10), FOURTH, PAGE);
}

static void child(int told, int done)
{
	void (*const all[])(void) = { merge_two, leave_node };
	char go;
	for (int next = 0; read(told, &go, 1) == 1; next++) {
		all[next]();
		if (write(done, "", 1) != 1)
			break;
	}
	_exit(0);
}

static int body(void)
{
	area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || madvise(area, 16 * PAGE, MADV_MERGEABLE))
		cannot("no memory can be merged");
	memset(page(4), SECOND, PAGE);

	int told[2], done[2];
	char answer;
	if (pipe(told) || pipe(done))
		cannot("pipe");
	pid_t other = fork();
	if (other == 0) {
		close(told[1]);
		child(told[0], done[1]);
	}

	if (write(told[1], "", 1) != 1 || read(done[0], &answer, 1) != 1)
		cannot("the child");
	ksm_passes(5);
	if (!is_ksm(other, page(8)) || !is_ksm(other, page(9)))
		cannot("ksmd does not merge");

	if (write(told[1], "", 1) != 1 || read(done[0], &answer, 1) != 1)
		cannot("the child");
	memset(page(2), SECOND, PAGE);
	ksm_passes(SETTLED);

	int is_shared = is_ksm(other, page(9)) && frame_of(other, page(9)) == frame_of(getpid(), page(4));
	long known = merging_pages(other);
	printf("page 9 of the child is %s, its ksm_merging_pages %ld after %d passes: %s\n",
	       is_shared ? "a KSM page" : "no KSM page", known, SETTLED,
	       is_shared && known == 0 ? "ONE PLACE IS NOT KNOWN" : "all places are known");
	return is_shared && known == 0 ? LOST : HELD;
}

int main(void)
{
	return ksm_take(body);
}
