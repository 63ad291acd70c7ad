/* SPDX-License-Identifier: GPL-2.0 */
/* Part of rmap_export.c: KSM, frames, anon_vmas, and the whole state, whose parts are written in the order in which things are named. */

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
	anon_rmap_tree_foreach(avc, (struct anon_vma *)anon_vma, 0, ULONG_MAX) {
		put("%s{\"p\":%d,\"start\":%ld,\"pgoff\":%ld}", any ? "," : ",\"tree\":[", process_of(avc->vma->vm_mm),
		    page_of(avc->vma->vm_start), arena_page(anon_pgoff(avc->vma)));
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
