// SPDX-License-Identifier: GPL-2.0
/* The virtual machine: file systems, swap, settings. */
#include "init.h"
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/sysmacros.h>

#define SWAP_DEVICE "/dev/ram0"
#define FILE_DEVICE "/dev/ram1"

/* Minus an errno if the kernel refuses it. */
static long try_setting(const char *path, const char *text)
{
	int descriptor = open(path, O_WRONLY);
	long result;

	if (descriptor < 0)
		die(path);
	result = write(descriptor, text, strlen(text)) < 0 ? -errno : 0;
	close(descriptor);
	return result;
}

static void write_setting(const char *path, const char *text)
{
	if (try_setting(path, text))
		die(path);
}

static long try_number(const char *path, long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", value);
	return try_setting(path, text);
}

static void write_number(const char *path, long value)
{
	if (try_number(path, value))
		die(path);
}

static bool swap_sync;

long swap_off_on(void)
{
	if (swapoff(SWAP_DEVICE))
		return -errno;
	if (swapon(SWAP_DEVICE, 0))
		die("swapon");
	return tell(RMAP_SWAP_SYNC, swap_sync, 0);
}

static long run;

/* ksmd itself never runs: its passes are made by the exporter, so 1 is the same as 0. */
long ksm_run(long wanted)
{
	long result = try_number("/sys/kernel/mm/ksm/run", wanted == 1 ? 0 : wanted);

	if (!result)
		run = wanted;
	return result;
}

bool ksm_is_unmerging(void)
{
	return run == 2;
}

long ksm_max_sharing(long items)
{
	return try_number("/sys/kernel/mm/ksm/max_page_sharing", items);
}

void configure(bool swap_is_synchronous, long fault_around, bool use_zero_pages, long most_sharing)
{
	write_number("/sys/kernel/mm/ksm/use_zero_pages", use_zero_pages);
	write_number("/sys/kernel/mm/ksm/max_page_sharing", most_sharing);
	swap_sync = swap_is_synchronous;
	tell(RMAP_SWAP_SYNC, swap_sync, 0);
	write_number("/sys/kernel/debug/fault_around_bytes", fault_around * PAGE);
}

/* After the processes and files are gone. */
void clean_guest(void)
{
	struct rmap_request left = { 0 };

	if (ksm_run(0) || ksm_run(2) || ksm_run(0))
		die("KSM cannot be unmerged");
	if (swap_off_on())
		die("swapoff");
	if (tell(RMAP_RESET, 0, 0) || ask(RMAP_LEFTOVERS, &left) || left.value[0] || left.value[1])
		die("the state is not empty between two sequences");
}

static void format_swap(void)
{
	static unsigned char header[PAGE];
	int descriptor = open(SWAP_DEVICE, O_RDWR);
	off_t size = lseek(descriptor, 0, SEEK_END);
	unsigned int *info = (unsigned int *)(header + 1024);

	info[0] = 1;			/* version */
	info[1] = size / PAGE - 1;	/* last page */
	memcpy(header + PAGE - 10, "SWAPSPACE2", 10);
	if (descriptor < 0 || pwrite(descriptor, header, PAGE, 0) != (ssize_t)PAGE)
		die("format the swap device");
	close(descriptor);
}

static void copy_image(void)
{
	static char bytes[1 << 16];
	int from = open("/ext4.img", O_RDONLY), to = open(FILE_DEVICE, O_WRONLY);
	ssize_t count;

	while ((count = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, count) != count)
			die("copy the file system");
	if (count < 0 || from < 0 || to < 0)
		die("copy the file system");
	close(from);
	close(to);
	unlink("/ext4.img");
}

/*
 * Whether a page that returns from swap counts as recently used depends on how many other pages are in use. Some hundred pages
 * of a file, read twice, make the answer always yes, as it is on a machine that does anything else.
 */
static void fill_page_cache(void)
{
	static char bytes[1 << 16];
	int descriptor = open("/ext4/ballast", O_RDWR | O_CREAT, 0600);

	if (descriptor < 0)
		die("/ext4/ballast");
	for (int i = 0; i < 32; i++)
		if (write(descriptor, bytes, sizeof(bytes)) < 0)
			die("/ext4/ballast");
	fsync(descriptor);
	for (int i = 0; i < 3; i++) {
		lseek(descriptor, 0, SEEK_SET);
		while (read(descriptor, bytes, sizeof(bytes)) > 0)
			;
	}
	close(descriptor);
}

static void must_mount(const char *source, const char *where, const char *type, const char *options)
{
	mkdir(where, 0755);
	if (mount(source, where, type, 0, options))
		die(where);
}

void set_up_guest(void)
{
	must_mount("proc", "/proc", "proc", NULL);
	must_mount("sys", "/sys", "sysfs", NULL);
	must_mount("debug", "/sys/kernel/debug", "debugfs", NULL);
	must_mount("tmp", "/tmp", "tmpfs", NULL);
	mkdir("/dev", 0755);
	mknod(SWAP_DEVICE, S_IFBLK | 0600, makedev(1, 0));
	mknod(FILE_DEVICE, S_IFBLK | 0600, makedev(1, 1));
	copy_image();
	must_mount(FILE_DEVICE, "/ext4", "ext4", "noinit_itable");
	write_setting("/proc/sys/vm/page-cluster", "0");
	write_setting("/proc/sys/vm/overcommit_memory", "1");
	write_setting("/proc/sys/vm/dirty_writeback_centisecs", "0");
	write_setting("/proc/sys/vm/compaction_proactiveness", "0");
	write_setting("/sys/kernel/mm/ksm/run", "0");
	write_setting("/sys/kernel/mm/ksm/smart_scan", "0");
	fill_page_cache();
	format_swap();
	if (swapon(SWAP_DEVICE, 0))
		die("swapon");
	open_exporter();
}

void power_off(void)
{
	reboot(RB_POWER_OFF);
}
