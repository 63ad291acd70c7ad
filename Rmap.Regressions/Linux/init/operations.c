// SPDX-License-Identifier: GPL-2.0
/* Operations: from their JSON to system calls of a worker, of the hub, or to the exporter's triggers. */
#include "init.h"
#include <linux/falloc.h>
#include <sys/ipc.h>
#include <sys/shm.h>

static struct result value(long value)
{
	return (struct result){ .outcome = { .value = value } };
}

static unsigned long address(long page)
{
	return ARENA + page * PAGE;
}

static long page(long address)
{
	return address < 0 ? address : (long)((address - ARENA) / PAGE);
}

static int protection(const char *word)
{
	return (word[0] == 'r' ? PROT_READ : 0) | (word[0] && word[1] == 'w' ? PROT_WRITE : 0) |
		(word[0] && word[1] && word[2] == 'x' ? PROT_EXEC : 0);
}

static int advice(const char *name)
{
	static const struct {
		const char *name;
		int advice;
	} all[] = {
		{ "dontneed", MADV_DONTNEED }, { "free", MADV_FREE }, { "remove", MADV_REMOVE }, { "dontfork", MADV_DONTFORK },
		{ "dofork", MADV_DOFORK }, { "mergeable", MADV_MERGEABLE }, { "unmergeable", MADV_UNMERGEABLE },
		{ "wipeonfork", MADV_WIPEONFORK }, { "keeponfork", MADV_KEEPONFORK }, { "cold", 20 }, { "pageout", 21 },
		{ "populate_read", 22 }, { "populate_write", 23 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i].name, name))
			return all[i].advice;
	return -1;
}

static struct result mmap_op(long p, const char *op)
{
	char prot[8], how[16], file[16];
	bool anonymous = is_null(op, "file");
	int descriptor = anonymous ? -1 : opening_of(p, word(op, "file", file, sizeof(file)));
	int flags = (truth(op, "shared") ? MAP_SHARED : MAP_PRIVATE) | (anonymous ? MAP_ANONYMOUS : 0) |
		(truth(op, "noReserve") ? MAP_NORESERVE : 0);

	flags |= strcmp(word(op, "how", how, sizeof(how)), "noreplace") ? MAP_FIXED : MAP_FIXED_NOREPLACE;
	return value(page(call(p, SYS_mmap, address(number(op, "page")), number(op, "len") * PAGE,
			       protection(word(op, "prot", prot, sizeof(prot))), flags, descriptor, number(op, "off") * PAGE)));
}

static struct result mremap_op(long p, const char *op)
{
	const char *list = member(op, "flags");
	char flags[64] = "";
	long bits, to = is_null(op, "to") ? 0 : (long)address(number(op, "to"));

	if (list)
		snprintf(flags, sizeof(flags), "%.*s", (int)strcspn(list, "]"), list);
	bits = (strstr(flags, "maymove") ? MREMAP_MAYMOVE : 0) | (strstr(flags, "fixed") ? MREMAP_FIXED : 0) |
		(strstr(flags, "dontunmap") ? 4 : 0);
	return value(page(call(p, SYS_mremap, address(number(op, "page")), number(op, "oldLen") * PAGE, number(op, "newLen") * PAGE,
			       bits, to, 0)));
}

static struct result shmat_op(long p, const char *op)
{
	char name[16];
	int id = segment_of(word(op, "seg", name, sizeof(name)));

	if (id < 0)
		return value(-EINVAL);
	return value(page(call(p, SYS_shmat, id, address(number(op, "page")),
			       truth(op, "readOnly") ? SHM_RDONLY : 0, 0, 0, 0)));
}

#ifndef PR_SET_MEMORY_MERGE /* since Linux 6.4 */
#define PR_SET_MEMORY_MERGE 67
#endif

/* Process-wide KSM, but for what lies outside the arena: that is none of the scenario's. */
static struct result memory_merge_op(long p, bool on)
{
	const unsigned long end = ARENA + RMAP_ARENA_PAGES * PAGE, top = 1UL << 47;
	long result = call(p, SYS_prctl, PR_SET_MEMORY_MERGE, on, 0, 0, 0, 0);

	if (!result && on) {
		call(p, SYS_madvise, PAGE, ARENA - PAGE, MADV_UNMERGEABLE, 0, 0, 0);
		call(p, SYS_madvise, end, top - end, MADV_UNMERGEABLE, 0, 0, 0);
	}
	return value(result);
}

/* How many pages are resident. */
static struct result mincore_op(long p, long from, long length)
{
	long resident = call(p, SYS_mincore, from, length, (long)answer, 0, 0, 0);

	if (resident)
		return value(resident);
	for (long i = 0; i < length / (long)PAGE; i++)
		resident += answer[i] & 1;
	return value(resident);
}

static struct result in_process(const char *name, const char *op)
{
	char buffer[16];
	long p = number(op, "p"), from = address(number(op, "page")), length = number(op, "len") * PAGE;

	if (!lives(p))
		return value(-ESRCH);
	if (!strcmp(name, "read"))
		return (struct result){ command(p, ORDER_READ, from, 0, 0), NULL };
	if (!strcmp(name, "write"))
		return (struct result){ command(p, ORDER_WRITE, from, number(op, "value"), 0), NULL };
	if (!strcmp(name, "mmap"))
		return mmap_op(p, op);
	if (!strcmp(name, "munmap"))
		return value(call(p, SYS_munmap, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "mprotect"))
		return value(call(p, SYS_mprotect, from, length, protection(word(op, "prot", buffer, sizeof(buffer))), 0, 0, 0));
	if (!strcmp(name, "mremap"))
		return mremap_op(p, op);
	if (!strcmp(name, "madvise"))
		return value(call(p, SYS_madvise, from, length, advice(word(op, "advice", buffer, sizeof(buffer))), 0, 0, 0));
	if (!strcmp(name, "mlock"))
		return value(call(p, SYS_mlock, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "mlockonfault"))
		return value(call(p, SYS_mlock2, from, length, 1, 0, 0, 0));
	if (!strcmp(name, "munlock"))
		return value(call(p, SYS_munlock, from, length, 0, 0, 0, 0));
	if (!strcmp(name, "mincore"))
		return mincore_op(p, from, length);
	if (!strcmp(name, "msync"))
		return value(call(p, SYS_msync, from, length, MS_SYNC, 0, 0, 0));
	if (!strcmp(name, "shmat"))
		return shmat_op(p, op);
	if (!strcmp(name, "shmdt"))
		return value(call(p, SYS_shmdt, from, 0, 0, 0, 0, 0));
	if (!strcmp(name, "memoryMerge"))
		return memory_merge_op(p, truth(op, "on"));
	if (!strcmp(name, "fork"))
		return value(start_process(number(op, "child"), p));
	if (!strcmp(name, "exit"))
		return value(end_process(p));
	if (!strcmp(name, "uffdMove"))
		return (struct result){ command(p, ORDER_UFFD_MOVE, address(number(op, "src")), address(number(op, "dst")), length), NULL };
	return value(-ENOSYS);
}

static struct result on_file(const char *name, const char *op)
{
	char file[16];
	int descriptor;

	if (!strcmp(name, "fileCreate"))
		return value(create_file(op));
	descriptor = descriptor_of(word(op, "file", file, sizeof(file)));
	if (descriptor < 0)
		return value(-ENOENT);
	if (!strcmp(name, "truncate"))
		return value(ftruncate(descriptor, number(op, "pages") * PAGE) ? -errno : 0);
	if (!strcmp(name, "punch"))
		return value(fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, number(op, "page") * PAGE,
				       number(op, "len") * PAGE) ? -errno : 0);
	if (!strcmp(name, "fileWrite"))
		return value(write_page(descriptor, number(op, "page"), number(op, "value")));
	if (!strcmp(name, "fsync"))
		return value(fsync(descriptor) ? -errno : 0);
	return value(-ENOSYS);
}

/* What only the exporter can do. */
static struct result triggered(const char *name, const char *op)
{
	static char text[64];
	struct rmap_request request = { .a = number(op, "p"), .b = number(op, "page") };
	long error, flags;

	if (!strcmp(name, "ksmScan")) {
		if (on_host)
			return value(-ENOSYS);
		if (ksm_is_unmerging())
			return value(0); /* ksmd does not run then */
		request.a = number(op, "passes");
		error = ask(RMAP_KSM_SCAN, &request);
		return value(error ? error : request.value[0]);
	}
	if (!strcmp(name, "reclaim") || !strcmp(name, "migrate")) {
		error = ask(name[0] == 'r' ? RMAP_RECLAIM : RMAP_MIGRATE, &request);
		return value(error ? error : request.value[0]);
	}
	error = ask(RMAP_REFERENCED, &request);
	if (error)
		return value(error);
	flags = request.value[1];
	snprintf(text, sizeof(text), "{\"count\":%ld,\"vmFlags\":\"%s%s%s%s%s%s\"}", request.value[0], flags & RMAP_VM_READ ? "r" : "",
		 flags & RMAP_VM_WRITE ? "w" : "", flags & RMAP_VM_EXEC ? "x" : "", flags & RMAP_VM_SHARED ? "s" : "",
		 flags & RMAP_VM_LOCKED ? "l" : "", flags & RMAP_VM_MERGEABLE ? "m" : "");
	return (struct result){ .text = text };
}

static bool one_of(const char *name, const char *list)
{
	const char *at = strstr(list, name);

	return at && (at == list || at[-1] == ' ') && (at[strlen(name)] == ' ' || !at[strlen(name)]);
}

struct result execute(const char *op)
{
	char name[16];

	word(op, "op", name, sizeof(name));
	if (one_of(name, "fileCreate truncate punch fileWrite fsync"))
		return on_file(name, op);
	if (one_of(name, "ksmScan reclaim migrate referenced"))
		return triggered(name, op);
	if (!strcmp(name, "shmget"))
		return value(create_segment(op));
	if (!strcmp(name, "shmrm"))
		return value(remove_segment(op));
	if (!strcmp(name, "ksmRun"))
		return value(on_host ? -ENOSYS : ksm_run(number(op, "run")));
	if (!strcmp(name, "ksmMaxSharing"))
		return value(on_host ? -ENOSYS : ksm_max_sharing(number(op, "items")));
	if (!strcmp(name, "swapOffOn"))
		return value(on_host ? -ENOSYS : swap_off_on());
	return in_process(name, op);
}
