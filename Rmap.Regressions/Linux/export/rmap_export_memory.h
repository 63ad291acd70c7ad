/* SPDX-License-Identifier: GPL-2.0 */
/* Part of rmap_export.c: looking at swap slots and page-table entries, which kernel versions keep in different ways. */

/* ---- swap slots ---- */

static struct swap_info_struct *swap_device(void)
{
#ifdef RMAP_SWAP_INFO
	struct swap_info_struct *device = swap_info[0];
#else
	struct swap_info_struct *device = swp_swap_info(swp_entry(0, 1));
#endif
	return device && (device->flags & SWP_USED) && (device->flags & SWP_WRITEOK) ? device : NULL;
}

static struct page *slot_page(unsigned long offset)
{
#ifdef RMAP_SWAP_CACHE_BY_ENTRY
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

#ifdef RMAP_SWAP_MAP
static bool slot_in_use(struct swap_info_struct *device, unsigned long offset)
{
	unsigned char map = device->swap_map[offset];

	/* Some versions reserve slots in advance: marked as cached, without a page. */
	return map && map != SWAP_MAP_BAD && (map != SWAP_HAS_CACHE || slot_page(offset));
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

/* ---- page-table entries ---- */

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
