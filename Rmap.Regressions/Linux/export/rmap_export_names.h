/* SPDX-License-Identifier: GPL-2.0 */
/* Part of rmap_export.c: the text being written, and the names in it. */

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
