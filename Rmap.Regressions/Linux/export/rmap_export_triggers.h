/* SPDX-License-Identifier: GPL-2.0 */
/* Part of rmap_export.c: operations that no system call offers. */

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
#ifdef RMAP_REFERENCED_VMA_FLAGS
	vma_flags_t seen = EMPTY_VMA_FLAGS;
#else
	vm_flags_t seen = 0;
#endif
	struct folio *folio;
	vm_flags_t flags;

	lru_add_drain_all();
	folio = folio_of(request->a, request->b);
	if (IS_ERR(folio))
		return PTR_ERR(folio);
	folio_lock(folio);
	request->value[0] = folio_referenced(folio, 1, NULL, &seen);
	folio_unlock(folio);
	folio_put(folio);
#ifdef RMAP_REFERENCED_VMA_FLAGS
	flags = vma_flags_to_legacy(seen);
#else
	flags = seen;
#endif
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
	request->value[1] = ksm_leftovers + count.shared + count.sharing + count.unshared + count.items;
	rmap_ksm_forget_zero_pages();
	return 0;
}
