// SPDX-License-Identifier: GPL-2.0
/* Files and segments, kept by the hub. On the host files are memory only (memfd). */
#include "init.h"
#include <linux/falloc.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#define MAX_FILES 64

static struct {
	int descriptor; /* 0 = does not exist */
	char path[32];
} files[MAX_FILES];
static int openings[MAX_PROCESSES][MAX_FILES]; /* descriptors; 0 = this process has not opened it */
static int opened[MAX_PROCESSES], opened_count; /* all of them */
static int segments[MAX_FILES]; /* id + 1; 0 = never existed */
static bool removed[MAX_FILES]; /* ...but the kernel knows the id as long as somebody is attached */

/* F3 or S3 -> 3; -1 if it is no such name. */
static int index_of(const char *name)
{
	long index = name[0] ? strtol(name + 1, NULL, 10) : -1;

	return index < 0 || index >= MAX_FILES ? -1 : (int)index;
}

int descriptor_of(const char *name)
{
	int index = index_of(name);

	return index < 0 || !files[index].descriptor ? -1 : files[index].descriptor;
}

/* A process opens each file once; its children inherit that. On the host there is no name by which to open it again. */
int opening_of(long p, const char *name)
{
	int index = index_of(name);

	if (index < 0 || !files[index].descriptor || on_host)
		return descriptor_of(name);
	if (!openings[p][index]) {
		openings[p][index] = opened_count < MAX_PROCESSES ? open(files[index].path, O_RDWR) : -1;
		if (openings[p][index] < 0)
			die("a file cannot be opened again");
		opened[opened_count++] = openings[p][index];
	}
	return openings[p][index];
}

void inherit_openings(long p, long parent)
{
	if (parent < 0)
		memset(openings[p], 0, sizeof(openings[p]));
	else
		memcpy(openings[p], openings[parent], sizeof(openings[p]));
}

long write_page(int descriptor, long page, int fill)
{
	static unsigned char bytes[PAGE];

	memset(bytes, fill, PAGE);
	return pwrite(descriptor, bytes, PAGE, page * PAGE) == (ssize_t)PAGE ? 0 : -errno;
}

long create_file(const char *op)
{
	char name[16], system[16];
	int index = index_of(word(op, "file", name, sizeof(name))), descriptor;
	long pages = number(op, "pages"), i, error = 0;

	if (index < 0)
		return -EINVAL;
	if (files[index].descriptor)
		return -EEXIST;
	snprintf(files[index].path, sizeof(files[index].path), "/%s/F%d",
		 strcmp(word(op, "fs", system, sizeof(system)), "ext4") ? "tmp" : "ext4", index);
	if (on_host)
		descriptor = memfd_create(name, 0);
	else
		descriptor = open(files[index].path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (descriptor < 0)
		return -errno;
	files[index].descriptor = descriptor;
	if (!on_host && tell(RMAP_FILE, index, descriptor))
		die("a new file cannot be found");
	if (is_null(op, "fill"))
		return ftruncate(descriptor, pages * PAGE) ? -errno : 0;
	for (i = 0; i < pages && !error; i++)
		error = write_page(descriptor, i, number(op, "fill"));
	return error;
}

long create_segment(const char *op)
{
	char name[16];
	int index = index_of(word(op, "seg", name, sizeof(name))), id;
	void *at;

	if (index < 0)
		return -EINVAL;
	if (segments[index] && !removed[index])
		return -EEXIST;
	id = shmget(IPC_PRIVATE, number(op, "pages") * PAGE, 0600);
	if (id < 0)
		return -errno;
	segments[index] = id + 1;
	removed[index] = false;
	if (on_host)
		return 0;
	/* Only a mapping leads to the segment's memory: attach it for a moment, untouched. */
	at = shmat(id, NULL, 0);
	if (at == (void *)-1 || tell(RMAP_SEGMENT, index, (unsigned long)at) || shmdt(at))
		die("a new segment cannot be found");
	return 0;
}

long remove_segment(const char *op)
{
	char name[16];
	int index = index_of(word(op, "seg", name, sizeof(name)));
	long error;

	if (index < 0 || !segments[index])
		return -EINVAL;
	error = shmctl(segments[index] - 1, IPC_RMID, NULL) ? -errno : 0;
	removed[index] |= !error;
	return error;
}

int segment_of(const char *name)
{
	int index = index_of(name);

	return index < 0 ? -1 : segments[index] - 1;
}

void remove_files(void)
{
	while (opened_count)
		close(opened[--opened_count]);
	for (int i = 0; i < MAX_FILES; i++) {
		if (files[i].descriptor) {
			close(files[i].descriptor);
			if (!on_host)
				unlink(files[i].path);
			files[i].descriptor = 0;
		}
		if (segments[i]) {
			shmctl(segments[i] - 1, IPC_RMID, NULL);
			segments[i] = 0;
		}
	}
}
