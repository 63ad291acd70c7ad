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
#include "rmap_export_features.h"
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

#include "rmap_export_names.h"
#include "rmap_export_memory.h"
#include "rmap_export_spaces.h"
#include "rmap_export_state.h"
#include "rmap_export_triggers.h"

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
	while (former_count)
		mmdrop(former[--former_count].mm);
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
	if (request->a >= MAX_PROCESSES || former_count == MAX_PROCESSES) {
		mmdrop(mm);
		return -EINVAL;
	}
	if (processes[request->a]) {
		former[former_count].mm = processes[request->a];
		former[former_count++].number = request->a;
	}
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

static long append_state(struct rmap_request *request)
{
	long error = append(request);

	if (!error)
		put_state();
	return error;
}

static long flush(struct rmap_request *request)
{
	size_t done = 0;
	long error = append(request);

	if (error)
		return error;
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
	case RMAP_STATE:	return append_state(request);
	case RMAP_FLUSH:	return flush(request);
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

	anon_vma_cache = find_cache("anon_vma");
	stable_cache = find_cache("ksm_stable_node");
	proc_create("rmap", 0600, NULL, &rmap_ops);
	return 0;
}
late_initcall(start_export);
