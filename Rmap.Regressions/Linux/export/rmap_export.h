/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rmap exporter: what its parts and the guest's init program share.
 *
 * mm/rmap_export.c      the device /proc/rmap, the triggers and the state text
 * mm/rmap_export_ksm.h  appended to mm/ksm.c, whose structures are private to that file
 */
#ifndef RMAP_EXPORT_H
#define RMAP_EXPORT_H

#define RMAP_ARENA_PAGE		0x10000UL	/* first page of the arena: 0x10000000 */
#define RMAP_ARENA_PAGES	4096UL

/* Argument of every ioctl of /proc/rmap. Results come back in value[]; a failure is an errno. */
struct rmap_request {
	unsigned long a, b, c;
	long value[2];
};

enum rmap_ioctl {
	RMAP_READ = 0x5201,	/* a buffer, b size: bytes from the host's stdin; value 0 at its end */
	RMAP_WRITE,		/* a text, b length: appended to the answer */
	RMAP_STATE,		/* the same, then the whole state as JSON */
	RMAP_FLUSH,		/* the same, then the answer goes to the host's stdout */
	RMAP_RESET,		/* a new sequence: forget all names, processes and files */
	RMAP_PROCESS,		/* process number a has pid b */
	RMAP_FILE,		/* the file behind descriptor b is F<a> */
	RMAP_SEGMENT,		/* the file behind the caller's mapping at address b is S<a> */
	RMAP_SWAP_SYNC,		/* a: is the swap device synchronous (as zram) or not (as a disk)? */
	RMAP_KSM_SCAN,		/* a whole passes; 0 = until nothing changes. value: passes done */
	RMAP_RECLAIM,		/* process a, page b. value: folios reclaimed */
	RMAP_MIGRATE,		/* process a, page b. value: folios moved */
	RMAP_REFERENCED,	/* process a, page b. value: count, VM flags */
	RMAP_LEFTOVERS,		/* value: swap slots in use, KSM structures alive */
};

enum rmap_vm_flag {
	RMAP_VM_READ = 1,
	RMAP_VM_WRITE = 2,
	RMAP_VM_EXEC = 4,
	RMAP_VM_SHARED = 8,
	RMAP_VM_LOCKED = 16,
	RMAP_VM_MERGEABLE = 32,
};

#ifdef __KERNEL__
struct mm_struct;
struct anon_vma;
struct folio;

struct rmap_ksm_counters {
	long shared, sharing, unshared, items, zero_pages;
};

/* What a walk over KSM's structures tells about each of them, in their own order. A null callback is not called. */
struct rmap_ksm_visitor {
	void (*stable_node)(const void *node, struct folio *folio);
	void (*stable_item)(struct mm_struct *mm, unsigned long address, struct anon_vma *anon_vma);
	void (*slot)(struct mm_struct *mm, bool exited);
	void (*slot_item)(unsigned long address, const char *state);
};

void rmap_ksm_visit(const struct rmap_ksm_visitor *visitor);
void rmap_ksm_forget_zero_pages(void);
void rmap_ksm_count(struct rmap_ksm_counters *counters);
long rmap_ksm_pass(void);
#endif
#endif
