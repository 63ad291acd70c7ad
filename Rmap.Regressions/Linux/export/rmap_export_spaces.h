/* SPDX-License-Identifier: GPL-2.0 */
/* Part of rmap_export.c: swap slots, processes with their VMAs and page tables, files. */

/* ---- swap ---- */

static struct {
	unsigned int name, state;
} *slots;	/* by offset: a slot keeps its name while states list it */
static unsigned long slot_capacity;

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

/* ---- interval trees: those of AVs are ordered by the anonymous page offset, where there is one ---- */

#ifndef mapping_rmap_tree_foreach
#define mapping_rmap_tree_foreach(vma, mapping, first, last) vma_interval_tree_foreach(vma, &(mapping)->i_mmap, first, last)
#endif
#ifndef anon_rmap_tree_foreach
#define anon_rmap_tree_foreach(avc, anon_vma, first, last) anon_vma_interval_tree_foreach(avc, &(anon_vma)->rb_root, first, last)
#endif

static unsigned long anon_pgoff(const struct vm_area_struct *vma)
{
#ifdef RMAP_ANON_PGOFF
	return vma_start_anon_pgoff(vma);
#else
	return vma->vm_pgoff;
#endif
}

/* ---- processes and files ---- */

static struct mm_struct *processes[MAX_PROCESSES];	/* by number; kept until the sequence ends, so that none is reused */
static unsigned int process_count;
static struct {
	struct mm_struct *mm;
	unsigned int number;
} former[MAX_PROCESSES];	/* those of exited processes whose number another one has now: KSM still knows them */
static unsigned int former_count;

struct file_name {
	struct address_space *mapping;
	struct super_block *sb;
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
	for (p = 0; p < former_count; p++)
		if (former[p].mm == mm)
			return former[p].number;
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
	*name = (struct file_name){ mapping, mapping->host->i_sb, kind, number, 0 };
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

static bool file_lives(const struct file_name *name)
{
	struct inode *inode;

	list_for_each_entry(inode, &name->sb->s_inodes, i_sb_list)
		if (inode->i_mapping == name->mapping)
			return true;
	return false;
}

/* Files stay as long as init holds them open. Other memory is gone when its inode is: a removed segment after the last detach. */
static void forget_dead_files(void)
{
	unsigned int i, kept = 0;

	for (i = 0; i < file_count; i++)
		if (file_names[i].kind == 'F' || file_lives(&file_names[i]))
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
		mapping_rmap_tree_foreach(vma, mapping, 0, ULONG_MAX) {
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
#ifdef RMAP_ANON_PGOFF
	if (vma->vm_file)
		put(",\"anonPgoff\":%ld", arena_page(anon_pgoff(vma)));
#endif
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
