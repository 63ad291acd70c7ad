/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Appended to mm/ksm.c at build: KSM's trees, lists and scanner, seen from outside. Nothing here changes them except the
 * scanner itself. The callers run on the only CPU while every process sleeps.
 */
#include "rmap_export.h"

/* One pass over all registered processes; returns how many were completed: none if nothing is registered. */
long rmap_ksm_pass(void)
{
	unsigned long before;

	mutex_lock(&ksm_thread_mutex);
	before = ksm_scan.seqnr;
	ksm_do_scan(UINT_MAX);
	before = ksm_scan.seqnr - before;
	mutex_unlock(&ksm_thread_mutex);
	return before;
}

/* Between two sequences no process is left: what is still counted is what the kernel lost count of. */
void rmap_ksm_forget_zero_pages(void)
{
	atomic_long_set(&ksm_zero_pages, 0);
}

void rmap_ksm_count(struct rmap_ksm_counters *counters)
{
	counters->shared = ksm_pages_shared;
	counters->sharing = ksm_pages_sharing;
	counters->unshared = ksm_pages_unshared;
	counters->items = ksm_rmap_items;
	counters->zero_pages = atomic_long_read(&ksm_zero_pages);
}

static void rmap_ksm_visit_node(const struct rmap_ksm_visitor *visitor, struct ksm_stable_node *node)
{
	struct folio *folio = pfn_folio(node->kpfn);
	struct ksm_rmap_item *item;

	/* ksm_get_folio() would prune a node whose page is gone; looking must not. */
	if ((unsigned long)folio->mapping != ((unsigned long)node | 3) || !folio_ref_count(folio))
		folio = NULL;
	if (visitor->stable_node)
		visitor->stable_node(node, folio);
	if (!visitor->stable_item)
		return;
	hlist_for_each_entry(item, &node->hlist, hlist)
		visitor->stable_item(item->mm, item->address & PAGE_MASK, item->anon_vma);
}

static void rmap_ksm_visit_slot(const struct rmap_ksm_visitor *visitor, struct ksm_mm_slot *slot)
{
	struct ksm_rmap_item *item;

	visitor->slot(slot->slot.mm, ksm_test_exit(slot->slot.mm));
	if (!visitor->slot_item)
		return;
	for (item = slot->rmap_list; item; item = item->rmap_list)
		visitor->slot_item(item->address & PAGE_MASK, item->address & STABLE_FLAG ? "stable" :
				   item->address & UNSTABLE_FLAG ? "unstable" : "none");
}

void rmap_ksm_visit(const struct rmap_ksm_visitor *visitor)
{
	struct ksm_stable_node *node, *dup;
	struct rb_node *at;
	struct mm_slot *slot;

	for (at = rb_first(root_stable_tree); at; at = rb_next(at)) {
		node = rb_entry(at, struct ksm_stable_node, node);
		if (!is_stable_node_chain(node)) {
			rmap_ksm_visit_node(visitor, node);
			continue;
		}
		hlist_for_each_entry(dup, &node->hlist, hlist_dup)
			rmap_ksm_visit_node(visitor, dup);
	}
	if (!visitor->slot)
		return;
	list_for_each_entry(slot, &ksm_mm_head.slot.mm_node, mm_node)
		rmap_ksm_visit_slot(visitor, mm_slot_entry(slot, struct ksm_mm_slot, slot));
}
