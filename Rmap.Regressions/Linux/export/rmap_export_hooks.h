/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Appended to include/trace/events/kmem.h at build: the allocators' tracepoints call the exporter directly. The kernel is built
 * without tracing, so nobody else listens there.
 */
#ifdef CONFIG_TRACEPOINTS
#error "the rmap exporter takes the place of tracepoints: build without CONFIG_TRACEPOINTS"
#endif
void rmap_saw_page_alloc(struct page *page, unsigned int order);
void rmap_saw_object_alloc(const void *address, const struct kmem_cache *cache);
void rmap_saw_object_free(const void *address, const struct kmem_cache *cache);
#define trace_mm_page_alloc(page, order, gfp, type) rmap_saw_page_alloc(page, order)
#define trace_kmem_cache_alloc(caller, address, cache, gfp, node) rmap_saw_object_alloc(address, cache)
#define trace_kmem_cache_free(caller, address, cache) rmap_saw_object_free(address, cache)
