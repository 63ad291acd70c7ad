// SPDX-License-Identifier: GPL-2.0
/*
 * The reverse mapping of a few processes as JSON, after every operation, and the operations that no system call offers.
 *
 * For a User-Mode Linux kernel with one CPU. All work is done by ioctls of /proc/rmap, called by the guest's init while every
 * process of the scenario sleeps: nothing moves underneath, so locks are taken only where the kernel's functions expect them.
 * The host's stdin and stdout are read and written directly; no page of the guest carries the text.
 *
 * Names (A1, f1, s1, K1, shmem1) count up in the order in which things first appear in a sequence. The allocators tell when memory
 * is used anew (rmap_export_hooks.h), so that a reused page, anon_vma or stable node gets a new name.
 */
#include <linux/console.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/ksm.h>
#include <linux/memblock.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/pagemap.h>
#include <linux/proc_fs.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>
#include <linux/sort.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <os.h>
#include "internal.h"
#include "slab.h"
#include "swap.h"
#if __has_include("swap_table.h")
#include "swap_table.h"
#endif
#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
#endif
#include "rmap_export.h"

#define ARENA_START	(RMAP_ARENA_PAGE << PAGE_SHIFT)
#define ARENA_END	(ARENA_START + (RMAP_ARENA_PAGES << PAGE_SHIFT))

#define MAX_PROCESSES	1024
#define MAX_FILES	512
#define MAX_OBJECTS	65536	/* addresses of anon_vmas and stable nodes ever seen; a power of two */
#define MAX_LISTED	65536	/* frames or anon_vmas in one state */
#define MAX_WALK	65536	/* PTEs found by one rmap walk */

/* ---- text ---- */

#define TEXT_SIZE	(8UL << 20)

struct text {
	char *start;
	size_t length;
};

/* The parts of a state. They are written in the order in which things are named and printed in the order of the format. */
static struct text answer, procs_text, files_text, swap_text, ksm_text, frames_text, anon_vmas_text;
static struct text *now;	/* where put() writes */

static __printf(1, 2) void put(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	now->length += vsnprintf(now->start + now->length, TEXT_SIZE - now->length, format, args);
	va_end(args);
	if (now->length >= TEXT_SIZE)
		panic("rmap export: a state has more than %lu bytes; use a smaller scenario", TEXT_SIZE);
}

/* A comma, unless this is the first in its list or object. */
static void next(void)
{
	char last = now->length ? now->start[now->length - 1] : '[';

	if (last != '[' && last != '{' && last != ':')
		put(",");
}

static void put_flag(const char *name, bool value)
{
	put(",\"%s\":%s", name, value ? "true" : "false");
}

/* For flags that are printed only in their unusual state. */
static void put_if(const char *name, bool value, bool unusual)
{
	if (value == unusual)
		put_flag(name, value);
}

/* Page numbers count from the arena; what lies below it is an offset into a file. */
static long arena_page(unsigned long page)
{
	return page >= RMAP_ARENA_PAGE ? page - RMAP_ARENA_PAGE : page;
}

static long page_of(unsigned long address)
{
	return (address >> PAGE_SHIFT) - RMAP_ARENA_PAGE;
}

/* ---- identities ---- */

static unsigned int epoch = 1;		/* of the running sequence */
static unsigned int allocations;	/* serial number of the youngest object */
static unsigned int anon_vma_names, frame_names, slot_names, stable_names, shmem_names;

/* One allocation of a page frame. */
struct frame_identity {
	unsigned int name, epoch;
	unsigned int state;			/* the last state that listed it */
	const struct anon_vma *anon_vma;	/* what its mapping pointed to when it was last seen, */
	unsigned int anon_vma_serial;		/* and which allocation that was */
};

/* One allocation of an anon_vma or of a stable node. */
struct object_identity {
	const void *address;
	unsigned int serial, name, epoch, state;
	bool alive;
};

static struct frame_identity *frames;	/* by page frame number */
static struct object_identity *objects;	/* hashed by address */
static unsigned int object_count;
static const struct kmem_cache *anon_vma_cache, *stable_cache;
static unsigned int state_number;

static struct object_identity *object_of(const void *address)
{
	unsigned int i = ((unsigned long)address >> 3) * 2654435761U % MAX_OBJECTS;

	while (objects[i].address && objects[i].address != address)
		i = (i + 1) % MAX_OBJECTS;
	if (!objects[i].address) {
		if (++object_count > MAX_OBJECTS / 2)
			panic("rmap export: more than %d anon_vmas; boot anew between sequences", MAX_OBJECTS / 2);
		objects[i].address = address;
	}
	return &objects[i];
}

void rmap_saw_page_alloc(struct page *page, unsigned int order)
{
	if (page && frames)
		memset(&frames[page_to_pfn(page)], 0, sizeof(*frames) << order);
}

void rmap_saw_object_alloc(const void *address, const struct kmem_cache *cache)
{
	struct object_identity *object;

	if (!address || (cache != anon_vma_cache && cache != stable_cache))
		return;
	object = object_of(address);
	object->serial = ++allocations;
	object->epoch = 0;
	object->alive = true;
}

void rmap_saw_object_free(const void *address, const struct kmem_cache *cache)
{
	if (address && (cache == anon_vma_cache || cache == stable_cache))
		object_of(address)->alive = false;
}

static unsigned int name_object(struct object_identity *object, unsigned int *names)
{
	if (object->epoch != epoch) {
		object->epoch = epoch;
		object->name = ++*names;
		object->state = 0;
	}
	return object->name;
}

/* ---- what the state lists, collected while naming ---- */

struct listed_frame {
	struct page *page;
	unsigned int name;
};
static struct listed_frame *listed_frames;
static unsigned int listed_frame_count;
static const struct anon_vma **listed_anon_vmas;	/* by name */
static unsigned int last_anon_vma, listed_anon_vma_count;

static unsigned int name_frame(struct page *page)
{
	struct frame_identity *frame = &frames[page_to_pfn(page)];

	if (frame->epoch != epoch) {
		frame->epoch = epoch;
		frame->name = ++frame_names;
		frame->state = 0;
	}
	if (frame->state != state_number) {
		frame->state = state_number;
		if (listed_frame_count == MAX_LISTED)
			panic("rmap export: more than %d frames", MAX_LISTED);
		listed_frames[listed_frame_count].page = page;
		listed_frames[listed_frame_count++].name = frame->name;
	}
	return frame->name;
}

static unsigned int name_anon_vma(const struct anon_vma *anon_vma)
{
	struct object_identity *object = object_of(anon_vma);
	unsigned int name = name_object(object, &anon_vma_names);

	if (object->state != state_number) {
		object->state = state_number;
		if (name >= MAX_LISTED)
			panic("rmap export: more than %d anon_vmas", MAX_LISTED);
		while (last_anon_vma < name)
			listed_anon_vmas[++last_anon_vma] = NULL;
		listed_anon_vmas[name] = anon_vma;
		listed_anon_vma_count++;
	}
	return name;
}

static unsigned int name_stable_node(const void *node)
{
	return name_object(object_of(node), &stable_names);
}

/* ---- swap ---- */

static struct {
	unsigned int name, state;
} *slots;	/* by offset: a slot keeps its name while states list it */
static unsigned long slot_capacity;

static struct swap_info_struct *swap_device(void)
{
#if __has_include("swap_table.h")
	struct swap_info_struct *device = swap_info[0];
#else
	struct swap_info_struct *device = swp_swap_info(swp_entry(0, 1));
#endif
	return device && (device->flags & SWP_USED) && (device->flags & SWP_WRITEOK) ? device : NULL;
}

#ifdef RMAP_HAVE_SWAP_MAP
static bool slot_in_use(struct swap_info_struct *device, unsigned long offset)
{
	unsigned char map = device->swap_map[offset];

	return map && map != SWAP_MAP_BAD;
}

static int slot_users(struct swap_info_struct *device, unsigned long offset)
{
	/* Slots of shmem are not counted: they have one user, the file. */
	if ((device->swap_map[offset] & ~SWAP_HAS_CACHE) == (SWAP_MAP_SHMEM & ~SWAP_HAS_CACHE))
		return 1;
	return swp_swapcount(swp_entry(0, offset));
}
#else
static unsigned long slot_entry(struct swap_info_struct *device, unsigned long offset)
{
	return swap_table_get(&device->cluster_info[offset / SWAPFILE_CLUSTER], offset % SWAPFILE_CLUSTER);
}

static bool slot_in_use(struct swap_info_struct *device, unsigned long offset)
{
	unsigned long entry = slot_entry(device, offset);

	return !swp_tb_is_null(entry) && !swp_tb_is_bad(entry);
}

static int slot_users(struct swap_info_struct *device, unsigned long offset)
{
	return swp_swapcount(swp_entry(0, offset));
}
#endif

static struct page *slot_page(unsigned long offset)
{
#if __has_include("swap_table.h")
	struct folio *folio = swap_cache_get_folio(swp_entry(0, offset));
#else
	swp_entry_t entry = swp_entry(0, offset);
	struct folio *folio = filemap_get_folio(swap_address_space(entry), swap_cache_index(entry));
#endif
	if (IS_ERR_OR_NULL(folio))
		return NULL;
	folio_put(folio);	/* nothing can take it away before this state is written */
	return folio_page(folio, 0);
}

static unsigned int name_slot(unsigned long offset)
{
	if (offset >= slot_capacity)
		panic("rmap export: swap slot %lu of %lu", offset, slot_capacity);
	if (!slots[offset].name)
		slots[offset].name = ++slot_names;
	slots[offset].state = state_number;
	return slots[offset].name;
}

static int by_slot_name(const void *a, const void *b)
{
	return (int)slots[*(const unsigned long *)a].name - (int)slots[*(const unsigned long *)b].name;
}

static void put_swap(void)
{
	static unsigned long used[4096];
	struct swap_info_struct *device = swap_device();
	unsigned long offset, count = 0, i;

	now = &swap_text;
	for (offset = 1; device && offset < device->max; offset++) {
		if (!slot_in_use(device, offset) || count == ARRAY_SIZE(used))
			continue;
		name_slot(offset);
		used[count++] = offset;
	}
	sort(used, count, sizeof(*used), by_slot_name, NULL);
	for (i = 0; i < count; i++) {
		struct page *page = slot_page(used[i]);

		next();
		put("{\"slot\":\"s%u\",\"count\":%d", slots[used[i]].name, slot_users(device, used[i]));
		put_flag("cached", page);
		if (page)
			put(",\"frame\":\"f%u\"", name_frame(page));
		put("}");
	}
	for (offset = 1; offset < slot_capacity; offset++)
		if (slots[offset].name && slots[offset].state != state_number)
			slots[offset].name = 0;
}

/* ---- processes and files ---- */

static struct mm_struct *processes[MAX_PROCESSES];	/* by number; kept until the sequence ends, so that none is reused */
static unsigned int process_count;

struct file_name {
	struct address_space *mapping;
	char kind;		/* F a file, S a segment, a shared anonymous memory */
	unsigned int number;
	unsigned int state;	/* the last state that came across it */
};
static struct file_name file_names[MAX_FILES];
static unsigned int file_count;

static int process_of(struct mm_struct *mm)
{
	unsigned int p;

	for (p = 0; p < process_count; p++)
		if (processes[p] == mm)
			return p;
	return -1;
}

static bool process_lives(unsigned int p)
{
	return processes[p] && atomic_read(&processes[p]->mm_users);
}

static struct file_name *file_name_of(struct address_space *mapping)
{
	unsigned int i;

	for (i = 0; i < file_count; i++)
		if (file_names[i].mapping == mapping)
			return &file_names[i];
	return NULL;
}

static int add_file(struct address_space *mapping, char kind, unsigned int number)
{
	struct file_name *name = file_name_of(mapping);

	if (!name) {
		if (file_count == MAX_FILES)
			return -ENFILE;
		name = &file_names[file_count++];
	}
	*name = (struct file_name){ mapping, kind, number, 0 };
	return 0;
}

static void put_file_name(struct address_space *mapping)
{
	struct file_name *name = file_name_of(mapping);

	if (!name && !add_file(mapping, 'a', ++shmem_names))
		name = &file_names[file_count - 1];
	if (!name)
		panic("rmap export: more than %d files", MAX_FILES);
	name->state = state_number;
	put(name->kind == 'a' ? "\"shmem%u\"" : name->kind == 'S' ? "\"S%u\"" : "\"F%u\"", name->number);
}

static bool inode_lives(struct super_block *sb, struct address_space *mapping)
{
	struct inode *inode;

	list_for_each_entry(inode, &sb->s_inodes, i_sb_list)
		if (inode->i_mapping == mapping)
			return true;
	return false;
}

/* Files stay as long as init holds them open. Other memory is gone when its inode is: a removed segment after the last detach. */
static struct super_block *shmem_sb;

static void forget_dead_files(void)
{
	unsigned int i, kept = 0;

	for (i = 0; i < file_count; i++)
		if (file_names[i].kind == 'F' || inode_lives(shmem_sb, file_names[i].mapping))
			file_names[kept++] = file_names[i];
	file_count = kept;
}

static int by_file_name(const void *a, const void *b)
{
	const struct file_name *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : (int)x->number - (int)y->number;
}

static void put_cached(struct address_space *mapping)
{
	XA_STATE(xas, &mapping->i_pages, 0);
	bool shmem = shmem_mapping(mapping), any = false;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, ULONG_MAX) {
		put(any ? "," : ",\"cached\":[");
		any = true;
		put("{\"index\":%lu,", xas.xa_index);
		if (!xa_is_value(entry))
			put("\"frame\":\"f%u\"}", name_frame(folio_file_page(entry, xas.xa_index)));
		else if (shmem)
			put("\"slot\":\"s%u\"}", name_slot(swp_offset(radix_to_swp_entry(entry))));
		else
			put("\"shadow\":true}");
	}
	rcu_read_unlock();
	if (any)
		put("]");
}

static void put_files(void)
{
	unsigned int i;

	now = &files_text;
	forget_dead_files();
	sort(file_names, file_count, sizeof(*file_names), by_file_name, NULL);
	for (i = 0; i < file_count; i++) {
		struct address_space *mapping = file_names[i].mapping;
		struct vm_area_struct *vma;
		bool any = false;

		next();
		put("{\"id\":");
		put_file_name(mapping);
		put(",\"pages\":%llu", (u64)DIV_ROUND_UP(i_size_read(mapping->host), PAGE_SIZE));
		vma_interval_tree_foreach(vma, &mapping->i_mmap, 0, ULONG_MAX) {
			int p = process_of(vma->vm_mm);

			if (p < 0)
				continue;
			put("%s{\"p\":%d,\"start\":%ld}", any ? "," : ",\"iMmap\":[", p, page_of(vma->vm_start));
			any = true;
		}
		if (any)
			put("]");
		put_cached(mapping);
		put("}");
	}
}

/* ---- page tables ---- */

enum pte_kind { PTE_NONE, PTE_PRESENT, PTE_ZERO, PTE_SWAP, PTE_MIGRATION, PTE_OTHER };

static enum pte_kind pte_kind(pte_t pte, struct page **page, unsigned long *slot)
{
	if (pte_none(pte))
		return PTE_NONE;
	if (pte_present(pte)) {
		if (is_zero_pfn(pte_pfn(pte)))
			return PTE_ZERO;
		if (!pfn_valid(pte_pfn(pte)))
			return PTE_OTHER;
		*page = pte_page(pte);
		return PTE_PRESENT;
	}
#if __has_include(<linux/leafops.h>)
	{
		softleaf_t entry = softleaf_from_pte(pte);

		if (softleaf_is_migration(entry)) {
			*page = softleaf_to_page(entry);
			return PTE_MIGRATION;
		}
		if (!softleaf_is_swap(entry))
			return PTE_OTHER;
		*slot = swp_offset(entry);
		return PTE_SWAP;
	}
#else
	{
		swp_entry_t entry = pte_to_swp_entry(pte);

		if (is_migration_entry(entry)) {
			*page = pfn_swap_entry_to_page(entry);
			return PTE_MIGRATION;
		}
		if (non_swap_entry(entry))
			return PTE_OTHER;
		*slot = swp_offset(entry);
		return PTE_SWAP;
	}
#endif
}

/* The page-table entry of an address: a copy, nothing moves meanwhile. */
static pte_t pte_at(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *at, pte = __pte(0);
	spinlock_t *lock;

	if (pgd_none_or_clear_bad(pgd))
		return pte;
	p4d = p4d_offset(pgd, address);
	if (p4d_none_or_clear_bad(p4d))
		return pte;
	pud = pud_offset(p4d, address);
	if (pud_none_or_clear_bad(pud))
		return pte;
	pmd = pmd_offset(pud, address);
	if (pmd_none(*pmd))
		return pte;
	at = pte_offset_map_lock(mm, pmd, address, &lock);
	if (!at)
		return pte;
	pte = ptep_get(at);
	pte_unmap_unlock(at, lock);
	return pte;
}

static void put_pte(unsigned long address, pte_t pte)
{
	static const char *const words[] = { "none", "present", "zero", "swap", "migration", "other" };
	struct page *page = NULL;
	unsigned long slot = 0;
	enum pte_kind kind = pte_kind(pte, &page, &slot);

	if (kind == PTE_NONE)
		return;
	next();
	put("{\"page\":%ld,\"pte\":\"%s\"", page_of(address), words[kind]);
	if (page)
		put(",\"frame\":\"f%u\"", name_frame(page));
	if (kind == PTE_SWAP) {
		put(",\"slot\":\"s%u\"", name_slot(slot));
		put_flag("exclusive", pte_swp_exclusive(pte));
	}
	if (kind == PTE_PRESENT || kind == PTE_ZERO) {
		put_flag("writable", pte_write(pte));
		put_flag("dirty", pte_dirty(pte));
		put_flag("young", pte_young(pte));
	}
	put("}");
}

/* ---- VMAs ---- */

static void put_vma_flags(unsigned long flags)
{
	static const struct {
		unsigned long flag;
		const char *name;
	} all[] = {
		{ VM_LOCKED, "locked" }, { VM_LOCKONFAULT, "lockonfault" }, { VM_MERGEABLE, "mergeable" }, { VM_DONTCOPY, "dontcopy" },
		{ VM_WIPEONFORK, "wipeonfork" }, { VM_ACCOUNT, "account" }, { VM_NORESERVE, "noreserve" },
		{ VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR, "uffd" },
	};
	bool any = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (!(flags & all[i].flag))
			continue;
		put("%s\"%s\"", any ? "," : ",\"flags\":[", all[i].name);
		any = true;
	}
	if (any)
		put("]");
}

static void put_vma(struct vm_area_struct *vma)
{
	struct anon_vma_chain *avc;
	unsigned long flags = vma->vm_flags;

	next();
	put("{\"start\":%ld,\"end\":%ld,\"prot\":\"%c%c%c\"", page_of(vma->vm_start), page_of(vma->vm_end),
	    flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-', flags & VM_EXEC ? 'x' : '-');
	put_flag("shared", flags & VM_SHARED);
	put(",\"pgoff\":%ld", arena_page(vma->vm_pgoff));
	put_vma_flags(flags);
	put(",\"file\":");
	if (vma->vm_file)
		put_file_name(vma->vm_file->f_mapping);
	else
		put("null");
	if (vma->anon_vma)
		put(",\"anonVma\":\"A%u\"", name_anon_vma(vma->anon_vma));
	else
		put(",\"anonVma\":null");
	if (!list_empty(&vma->anon_vma_chain)) {
		put(",\"chain\":[");
		list_for_each_entry(avc, &vma->anon_vma_chain, same_vma) {
			next();
			put("\"A%u\"", name_anon_vma(avc->anon_vma));
		}
		put("]");
	}
	put("}");
}

static void put_process(unsigned int p)
{
	struct mm_struct *mm = processes[p];
	struct vm_area_struct *vma;
	unsigned long address;
	size_t empty;

	next();
	put("{\"p\":%u", p);
	mmap_read_lock(mm);
	empty = now->length;
	put(",\"vmas\":[");
	{
		VMA_ITERATOR(vmi, mm, ARENA_START);

		for_each_vma_range(vmi, vma, ARENA_END)
			put_vma(vma);
	}
	if (now->start[now->length - 1] == '[')
		now->length = empty;
	else
		put("]");
	empty = now->length;
	put(",\"pages\":[");
	{
		VMA_ITERATOR(vmi, mm, ARENA_START);

		for_each_vma_range(vmi, vma, ARENA_END)
			for (address = max(vma->vm_start, ARENA_START); address < min(vma->vm_end, ARENA_END); address += PAGE_SIZE)
				put_pte(address, pte_at(mm, address));
	}
	if (now->start[now->length - 1] == '[')
		now->length = empty;
	else
		put("]");
	mmap_read_unlock(mm);
	put("}");
}

static void put_processes(void)
{
	unsigned int p;

	now = &procs_text;
	for (p = 0; p < process_count; p++)
		if (process_lives(p))
			put_process(p);
}

/* ---- KSM ---- */

static bool ksm_list_open;	/* the items of a stable node or slot */

static void close_ksm_entry(void)
{
	if (now->start[now->length - 1] == '[')
		return;
	put(ksm_list_open ? "]}" : "}");
	ksm_list_open = false;
}

static void open_ksm_item(void)
{
	put(ksm_list_open ? "," : ",\"items\":[");
	ksm_list_open = true;
}

static void put_stable_node(const void *node, struct folio *folio)
{
	close_ksm_entry();
	next();
	put("{\"id\":\"K%u\",\"frame\":", name_stable_node(node));
	if (folio)
		put("\"f%u\"", name_frame(folio_page(folio, 0)));
	else
		put("null");
}

static void put_stable_item(struct mm_struct *mm, unsigned long address, struct anon_vma *anon_vma)
{
	open_ksm_item();
	put("{\"p\":%d,\"page\":%ld,\"anonVma\":\"A%u\"}", process_of(mm), page_of(address), name_anon_vma(anon_vma));
}

static void put_ksm_slot(struct mm_struct *mm, bool exited)
{
	close_ksm_entry();
	next();
	put("{\"p\":%d", process_of(mm));
	put_flag("exited", exited);
}

static void put_ksm_slot_item(unsigned long address, const char *state)
{
	open_ksm_item();
	put("[%ld,\"%s\"]", page_of(address), state);
}

static void put_ksm_list(const char *name, const struct rmap_ksm_visitor *visitor)
{
	size_t empty = now->length;

	put(",\"%s\":[", name);
	rmap_ksm_visit(visitor);
	if (now->start[now->length - 1] == '[') {
		now->length = empty;
		return;
	}
	close_ksm_entry();
	put("]");
}

static void put_ksm(void)
{
	static const struct rmap_ksm_visitor stable = { .stable_node = put_stable_node, .stable_item = put_stable_item };
	static const struct rmap_ksm_visitor slot = { .slot = put_ksm_slot, .slot_item = put_ksm_slot_item };
	struct rmap_ksm_counters count;

	now = &ksm_text;
	rmap_ksm_count(&count);
	put("{\"shared\":%ld,\"sharing\":%ld,\"unshared\":%ld,\"volatile\":%ld,\"zeroPages\":%ld", count.shared, count.sharing,
	    count.unshared, max(0L, count.items - count.shared - count.sharing - count.unshared), count.zero_pages);
	put_ksm_list("stable", &stable);
	put_ksm_list("slots", &slot);
	put("}");
}

/* ---- frames ---- */

struct found {
	int p;
	long page;
};
static struct found *found, *found_sorted;
static unsigned int found_count, visited;

static bool visit_vma(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(walk, folio, vma, address, 0);

	visited++;
	while (page_vma_mapped_walk(&walk)) {
		if (found_count == MAX_WALK)
			panic("rmap export: a walk found more than %d PTEs", MAX_WALK);
		found[found_count].p = process_of(vma->vm_mm);
		found[found_count++].page = page_of(walk.address);
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->p != y->p ? x->p - y->p : x->page < y->page ? -1 : x->page > y->page;
}

static void put_found(const char *name, const struct found *list, unsigned int count)
{
	unsigned int i;

	if (!count)
		return;
	put(",\"%s\":[", name);
	for (i = 0; i < count; i++)
		put("%s{\"p\":%d,\"page\":%ld}", i ? "," : "", list[i].p, list[i].page);
	put("]");
}

/* The kernel's own walk. It wants the folio locked. */
static void put_walk(struct folio *folio)
{
	struct rmap_walk_control control = { .rmap_one = visit_vma };
	unsigned int i, count = 0;

	found_count = visited = 0;
	if (folio_trylock(folio)) {
		rmap_walk(folio, &control);
		folio_unlock(folio);
	}
	memcpy(found_sorted, found, found_count * sizeof(*found));
	sort(found_sorted, found_count, sizeof(*found), by_place, NULL);
	for (i = 0; i < found_count; i++)
		if (!i || by_place(&found_sorted[i], &found_sorted[count - 1]))
			found_sorted[count++] = found_sorted[i];
	put_found("rmap", found_sorted, count);
	if (count != found_count || memcmp(found, found_sorted, count * sizeof(*found)))
		put_found("rmapOrder", found, found_count);
	put(",\"rmapVisited\":%u", visited);
}

/* What folio->mapping points to, without its low bits. */
static void *mapping_target(struct folio *folio)
{
	return (void *)((unsigned long)folio->mapping & ~3UL);
}

/*
 * An unmapped folio keeps its pointer to an anon_vma that may be freed, and whose memory may even serve another one now. A
 * mapped folio's anon_vma is alive, so its allocation is noted then and compared later.
 */
static bool mapping_is_stale(struct page *page, struct folio *folio)
{
	struct frame_identity *frame = &frames[page_to_pfn(page)];
	const struct anon_vma *anon_vma = mapping_target(folio);
	struct object_identity *object = object_of(anon_vma);

	if (!folio_mapped(folio))
		return !object->alive || (frame->anon_vma == anon_vma && frame->anon_vma_serial != object->serial);
	frame->anon_vma = anon_vma;
	frame->anon_vma_serial = object->serial;
	return false;
}

static void put_frame(struct page *page, unsigned int name)
{
	struct folio *folio = page_folio(page);
	bool ksm = folio_test_ksm(folio), anon = folio_test_anon(folio), stale = false;
	bool locked = folio_test_locked(folio);
	unsigned long index = folio->index;

	next();
	put("{\"frame\":\"f%u\",\"kind\":", name);
	if (ksm) {
		put(mapping_target(folio) ? "\"ksm\",\"mapping\":\"K%u\"" : "\"ksm\",\"mapping\":null",
		    mapping_target(folio) ? name_stable_node(mapping_target(folio)) : 0);
	} else if (anon) {
		stale = mapping_is_stale(page, folio);
		if (stale)
			put("\"anon\",\"mapping\":\"stale\"");
		else
			put("\"anon\",\"mapping\":\"A%u\"", name_anon_vma(mapping_target(folio)));
	} else if (folio->mapping) {
		put("\"%s\",\"mapping\":", shmem_mapping(folio->mapping) ? "shmem" : "file");
		put_file_name(folio->mapping);
	} else {
		put("\"swapcache\",\"mapping\":null");
	}
	put(",\"index\":%ld,\"mapcount\":%d,\"refcount\":%d", arena_page(index), folio_mapcount(folio), folio_ref_count(folio));
	put_flag("anonExclusive", anon && PageAnonExclusive(page));
	if (folio_test_swapcache(folio))
		put(",\"swapCache\":\"s%u\"", name_slot(swp_offset(folio->swap)));
	else
		put(",\"swapCache\":null");
	put_flag("dirty", folio_test_dirty(folio));
	put_flag("swapBacked", folio_test_swapbacked(folio));
	put_flag("referenced", folio_test_referenced(folio));
	put_flag("mlocked", folio_test_mlocked(folio));
	put_if("unevictable", folio_test_unevictable(folio), true);
	put_if("active", folio_test_active(folio), true);
	put_if("writeback", folio_test_writeback(folio), true);
	put_if("locked", locked, true);
	put_if("lru", folio_test_lru(folio), false);
	put_if("uptodate", folio_test_uptodate(folio), false);
	put(",\"value\":%u", *(unsigned char *)page_address(page));
	if (!stale && (anon || folio->mapping))
		put_walk(folio);
	put("}");
}

static int by_frame_name(const void *a, const void *b)
{
	const struct listed_frame *x = a, *y = b;

	return (int)x->name - (int)y->name;
}

static void put_frames(void)
{
	unsigned int i;

	now = &frames_text;
	sort(listed_frames, listed_frame_count, sizeof(*listed_frames), by_frame_name, NULL);
	for (i = 0; i < listed_frame_count; i++)
		put_frame(listed_frames[i].page, listed_frames[i].name);
}

/* ---- anon_vmas ---- */

static void put_one_anon_vma(const struct anon_vma *anon_vma, unsigned int name)
{
	const struct object_identity *object = object_of(anon_vma), *parent = object_of(anon_vma->parent);
	struct anon_vma_chain *avc;
	bool any = false;

	next();
	put("{\"id\":\"A%u\",\"root\":\"A%u\",\"parent\":", name, name_anon_vma(anon_vma->root));
	/* A parent is older than its child: a younger one only uses its memory. */
	if (parent->alive && parent->serial <= object->serial)
		put("\"A%u\"", name_anon_vma(anon_vma->parent));
	else
		put("\"stale\"");
	put(",\"numChildren\":%lu,\"numActiveVmas\":%lu,\"refcount\":%d", anon_vma->num_children, anon_vma->num_active_vmas,
	    atomic_read(&anon_vma->refcount));
	anon_vma_interval_tree_foreach(avc, (struct rb_root_cached *)&anon_vma->rb_root, 0, ULONG_MAX) {
		put("%s{\"p\":%d,\"start\":%ld,\"pgoff\":%ld}", any ? "," : ",\"tree\":[", process_of(avc->vma->vm_mm),
		    page_of(avc->vma->vm_start), arena_page(avc->vma->vm_pgoff));
		any = true;
	}
	put(any ? "]}" : "}");
}

/*
 * Roots and parents that nothing else leads to join the list on the way: new ones at its end; one that an earlier state named
 * may come before those already printed, then print again.
 */
static void put_anon_vmas(void)
{
	unsigned int name, before, after = listed_anon_vma_count;

	now = &anon_vmas_text;
	do {
		before = after;
		now->length = 0;
		for (name = 1; name <= last_anon_vma; name++)
			if (listed_anon_vmas[name])
				put_one_anon_vma(listed_anon_vmas[name], name);
		after = listed_anon_vma_count;
	} while (before != after);
}

/* ---- the state ---- */

static void put_part(const char *name, const struct text *part, bool list)
{
	if (!part->length)
		return;
	next();
	put(list ? "\"%s\":[" : "\"%s\":", name);
	memcpy(now->start + now->length, part->start, min(part->length, TEXT_SIZE - now->length - 1));
	now->length += part->length;
	if (list)
		put("]");
}

static void put_state(void)
{
	state_number++;
	listed_frame_count = last_anon_vma = listed_anon_vma_count = 0;
	procs_text.length = files_text.length = swap_text.length = ksm_text.length = frames_text.length = 0;
	lru_add_drain_all();
	put_processes();
	put_files();
	put_swap();
	put_ksm();
	put_frames();
	put_anon_vmas();
	now = &answer;
	put("{");
	put_part("procs", &procs_text, true);
	put_part("frames", &frames_text, true);
	put_part("anonVmas", &anon_vmas_text, true);
	put_part("files", &files_text, true);
	put_part("swap", &swap_text, true);
	put_part("ksm", &ksm_text, false);
	put("}");
}

/* ---- triggers ---- */

/* The folio of a page of a process, with a reference: mapped, or still in the swap cache. */
static struct folio *folio_of(unsigned long p, unsigned long number)
{
	unsigned long address = ARENA_START + (number << PAGE_SHIFT), slot;
	struct page *page = NULL;
	struct mm_struct *mm;
	enum pte_kind kind = PTE_NONE;
	pte_t pte;

	if (p >= process_count || !process_lives(p))
		return ERR_PTR(-ESRCH);
	mm = processes[p];
	mmap_read_lock(mm);
	if (number >= RMAP_ARENA_PAGES || !vma_lookup(mm, address)) {
		mmap_read_unlock(mm);
		return ERR_PTR(-EFAULT);
	}
	pte = pte_at(mm, address);
	kind = pte_kind(pte, &page, &slot);
	mmap_read_unlock(mm);
	if (kind == PTE_ZERO)
		return ERR_PTR(-EINVAL);
	if (kind == PTE_SWAP)
		page = slot_page(slot);
	if (!page)
		return ERR_PTR(-ENOENT);
	folio_get(page_folio(page));
	return page_folio(page);
}

/* The same, off the LRU, in a list of its own. */
static struct folio *isolate(unsigned long p, unsigned long number, struct list_head *list)
{
	struct folio *folio;
	bool isolated;

	lru_add_drain_all();
	folio = folio_of(p, number);
	if (IS_ERR(folio))
		return folio;
	isolated = folio_isolate_lru(folio);	/* holds a reference of its own */
	folio_put(folio);
	if (!isolated)
		return ERR_PTR(-EBUSY);
	list_add(&folio->lru, list);
	return folio;
}

static long reclaim(struct rmap_request *request)
{
	LIST_HEAD(list);
	struct folio *folio = isolate(request->a, request->b, &list);

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	/* As MADV_PAGEOUT does: shrink_folio_list() must not meet an unevictable folio. */
	if (folio_test_unevictable(folio)) {
		list_del(&folio->lru);
		folio_putback_lru(folio);
		request->value[0] = 0;
		return 0;
	}
	request->value[0] = reclaim_pages(&list);
	return 0;
}

static struct folio *new_frame(struct folio *from, unsigned long private)
{
	return folio_alloc(GFP_HIGHUSER_MOVABLE, 0);
}

static long migrate(struct rmap_request *request)
{
	LIST_HEAD(list);
	struct folio *folio = isolate(request->a, request->b, &list);
	unsigned int moved = 0;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	node_stat_mod_folio(folio, NR_ISOLATED_ANON + folio_is_file_lru(folio), folio_nr_pages(folio));
	if (migrate_pages(&list, new_frame, NULL, 0, MIGRATE_SYNC, MR_SYSCALL, &moved))
		putback_movable_pages(&list);
	request->value[0] = moved;
	return moved ? 0 : -EAGAIN;
}

static long referenced(struct rmap_request *request)
{
#if __has_include("swap_table.h")
	vm_flags_t flags = 0;
#else
	unsigned long flags = 0;
#endif
	struct folio *folio;

	lru_add_drain_all();
	folio = folio_of(request->a, request->b);
	if (IS_ERR(folio))
		return PTR_ERR(folio);
	folio_lock(folio);
	request->value[0] = folio_referenced(folio, 1, NULL, &flags);
	folio_unlock(folio);
	folio_put(folio);
	request->value[1] = (flags & VM_READ ? RMAP_VM_READ : 0) | (flags & VM_WRITE ? RMAP_VM_WRITE : 0) |
		(flags & VM_EXEC ? RMAP_VM_EXEC : 0) | (flags & VM_SHARED ? RMAP_VM_SHARED : 0) |
		(flags & VM_LOCKED ? RMAP_VM_LOCKED : 0) | (flags & VM_MERGEABLE ? RMAP_VM_MERGEABLE : 0);
	return 0;
}

static long ksm_scan_passes(struct rmap_request *request)
{
	struct rmap_ksm_counters before, after;
	unsigned long passes = 0, quiet = 0, most = request->a ? request->a : 30;

	rmap_ksm_count(&before);
	while (passes < most && rmap_ksm_pass()) {
		passes++;
		rmap_ksm_count(&after);
		quiet = memcmp(&before, &after, sizeof(before)) ? 0 : quiet + 1;
		before = after;
		if (!request->a && passes >= 3 && quiet >= 2)
			break;
	}
	request->value[0] = passes;
	return 0;
}

static long swap_sync(struct rmap_request *request)
{
	struct swap_info_struct *device = swap_device();

	if (!device)
		return -ENODEV;
	if (request->a)
		device->flags |= SWP_SYNCHRONOUS_IO;
	else
		device->flags &= ~SWP_SYNCHRONOUS_IO;
	return 0;
}

static unsigned long ksm_leftovers;

static void count_stable(const void *node, struct folio *folio)
{
	ksm_leftovers++;
}

static void count_slot(struct mm_struct *mm, bool exited)
{
	ksm_leftovers++;
}

static long leftovers(struct rmap_request *request)
{
	static const struct rmap_ksm_visitor counter = { .stable_node = count_stable, .slot = count_slot };
	struct swap_info_struct *device = swap_device();
	struct rmap_ksm_counters count;
	unsigned long offset;

	request->value[0] = 0;
	for (offset = 1; device && offset < device->max; offset++)
		request->value[0] += slot_in_use(device, offset);
	ksm_leftovers = 0;
	rmap_ksm_visit(&counter);
	rmap_ksm_count(&count);
	request->value[1] = ksm_leftovers + count.shared + count.sharing + count.unshared + count.items + count.zero_pages;
	return 0;
}

/* ---- sequences ---- */

static long reset(void)
{
	unsigned int p, i, count = 0;
	static struct object_identity *alive;

	for (p = 0; p < process_count; p++)
		if (processes[p]) {
			mmdrop(processes[p]);
			processes[p] = NULL;
		}
	process_count = file_count = 0;
	anon_vma_names = frame_names = slot_names = stable_names = shmem_names = 0;
	epoch++;
	memset(slots, 0, slot_capacity * sizeof(*slots));
	if (object_count < MAX_OBJECTS / 8)
		return 0;
	/* Slabs came and went: keep only the addresses in use. */
	if (!alive)
		alive = vmalloc(MAX_OBJECTS * sizeof(*alive));
	if (!alive)
		return -ENOMEM;
	for (i = 0; i < MAX_OBJECTS; i++)
		if (objects[i].address && objects[i].alive)
			alive[count++] = objects[i];
	memset(objects, 0, MAX_OBJECTS * sizeof(*objects));
	object_count = 0;
	for (i = 0; i < count; i++)
		*object_of(alive[i].address) = alive[i];
	return 0;
}

static long add_process(struct rmap_request *request)
{
	struct task_struct *task = find_get_task_by_vpid(request->b);
	struct mm_struct *mm;

	if (!task)
		return -ESRCH;
	mm = get_task_mm(task);
	put_task_struct(task);
	if (!mm)
		return -ESRCH;
	mmgrab(mm);	/* the structure only: its address stays unique in this sequence */
	mmput(mm);
	if (request->a >= MAX_PROCESSES) {
		mmdrop(mm);
		return -EINVAL;
	}
	if (processes[request->a])
		mmdrop(processes[request->a]);
	processes[request->a] = mm;
	process_count = max(process_count, (unsigned int)request->a + 1);
	return 0;
}

static long name_file(struct rmap_request *request)
{
	struct file *file = fget(request->b);
	long error;

	if (!file)
		return -EBADF;
	error = add_file(file->f_mapping, 'F', request->a);
	fput(file);
	return error;
}

static long name_segment(struct rmap_request *request)
{
	struct vm_area_struct *vma;
	long error = -EFAULT;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, request->b);
	if (vma && vma->vm_file)
		error = add_file(vma->vm_file->f_mapping, 'S', request->a);
	mmap_read_unlock(current->mm);
	return error;
}

/* ---- the device ---- */

static char *input;	/* between the host and init */
#define INPUT_SIZE	65536UL

static long read_host(struct rmap_request *request)
{
	int count;

	do
		count = os_read_file(0, input, min(request->b, INPUT_SIZE));
	while (count == -EINTR || count == -EAGAIN);
	if (count > 0 && copy_to_user((void __user *)request->a, input, count))
		return -EFAULT;
	request->value[0] = count;
	return count < 0 ? count : 0;
}

static long append(struct rmap_request *request)
{
	if (request->b >= TEXT_SIZE - answer.length)
		return -ENOSPC;
	if (copy_from_user(answer.start + answer.length, (void __user *)request->a, request->b))
		return -EFAULT;
	answer.length += request->b;
	return 0;
}

static long flush(void)
{
	size_t done = 0;

	while (done < answer.length) {
		int count = os_write_file(1, answer.start + done, min(answer.length - done, 1UL << 20));

		if (count == -EINTR || count == -EAGAIN)
			continue;
		if (count <= 0)
			return -EIO;
		done += count;
	}
	answer.length = 0;
	return 0;
}

static long serve(unsigned int command, struct rmap_request *request)
{
	switch (command) {
	case RMAP_READ:		return read_host(request);
	case RMAP_WRITE:	return append(request);
	case RMAP_STATE:	put_state(); return 0;
	case RMAP_FLUSH:	return flush();
	case RMAP_RESET:	return reset();
	case RMAP_PROCESS:	return add_process(request);
	case RMAP_FILE:		return name_file(request);
	case RMAP_SEGMENT:	return name_segment(request);
	case RMAP_SWAP_SYNC:	return swap_sync(request);
	case RMAP_KSM_SCAN:	return ksm_scan_passes(request);
	case RMAP_RECLAIM:	return reclaim(request);
	case RMAP_MIGRATE:	return migrate(request);
	case RMAP_REFERENCED:	return referenced(request);
	case RMAP_LEFTOVERS:	return leftovers(request);
	default:		return -ENOTTY;
	}
}

static long rmap_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct rmap_request request;
	long error;

	if (copy_from_user(&request, (void __user *)argument, sizeof(request)))
		return -EFAULT;
	error = serve(command, &request);
	if (!error && copy_to_user((void __user *)argument, &request, sizeof(request)))
		return -EFAULT;
	return error;
}

static const struct proc_ops rmap_ops = { .proc_ioctl = rmap_ioctl };

/* ---- start ---- */

#ifndef CONFIG_NET
/* Some trees call it from lib/kobject_uevent.c even when they are built without the network. */
struct sock;
struct sk_buff;
void __weak sk_skb_reason_drop(struct sock *sk, struct sk_buff *skb, int reason) { }
#endif

/* The kernel's messages go to the host's stderr, apart from the answers. */
static void write_console(struct console *console, const char *text, unsigned int length)
{
	while (length) {
		int count = os_write_file(2, text, length);

		if (count == -EINTR || count == -EAGAIN)
			continue;
		if (count <= 0)
			return;
		text += count;
		length -= count;
	}
}

static struct console host_console = { .name = "host", .write = write_console, .flags = CON_PRINTBUFFER | CON_ENABLED, .index = -1 };

static int __init start_console(void)
{
	register_console(&host_console);
	return 0;
}
console_initcall(start_console);

static const struct kmem_cache *find_cache(const char *name)
{
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_caches, list)
		if (!strcmp(cache->name, name))
			return cache;
	panic("rmap export: no slab cache %s", name);
}

static void *__init table(size_t count, size_t size)
{
	void *memory = vzalloc(count * size);

	if (!memory)
		panic("rmap export: no memory; boot with more");
	return memory;
}

static int __init start_export(void)
{
	static struct text *const texts[] = { &answer, &procs_text, &files_text, &swap_text, &ksm_text, &frames_text, &anon_vmas_text };
	struct file *probe;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		texts[i]->start = vmalloc(TEXT_SIZE);
		if (!texts[i]->start)
			panic("rmap export: no memory; boot with more");
	}
	input = table(INPUT_SIZE, 1);
	frames = table(PFN_UP(memblock_end_of_DRAM()) + (1UL << MAX_PAGE_ORDER), sizeof(*frames));
	objects = table(MAX_OBJECTS, sizeof(*objects));
	listed_frames = table(MAX_LISTED, sizeof(*listed_frames));
	listed_anon_vmas = table(MAX_LISTED, sizeof(*listed_anon_vmas));
	found = table(MAX_WALK, sizeof(*found));
	found_sorted = table(MAX_WALK, sizeof(*found));
	slot_capacity = 4096;
	slots = table(slot_capacity, sizeof(*slots));

	/* Segments and shared anonymous memory live in a mount that has no name. */
	probe = shmem_kernel_file_setup("rmap", 0, 0);
	if (IS_ERR(probe))
		panic("rmap export: no shared memory");
	shmem_sb = file_inode(probe)->i_sb;
	fput(probe);

	anon_vma_cache = find_cache("anon_vma");
	stable_cache = find_cache("ksm_stable_node");
	proc_create("rmap", 0600, NULL, &rmap_ops);
	return 0;
}
late_initcall(start_export);
