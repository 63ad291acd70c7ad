/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the init program share. */
#ifndef RMAP_INIT_H
#define RMAP_INIT_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include "../export/rmap_export.h"

#define PAGE 4096UL
#define ARENA (RMAP_ARENA_PAGE * PAGE)
#define MAX_PROCESSES 1024

/* stream.c: lines from the host and answers to it; through the exporter in the guest */
extern bool on_host;
_Noreturn void die(const char *what);
void open_exporter(void);
int ask(enum rmap_ioctl command, struct rmap_request *request);
int tell(enum rmap_ioctl command, unsigned long a, unsigned long b);
void say_bytes(const char *text, size_t length);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_state(void);
void flush(void);
char *read_line(void);

/* request.c: reading JSON of a fixed shape */
const char *member(const char *object, const char *name);
long number(const char *object, const char *name);
bool truth(const char *object, const char *name);
bool is_null(const char *object, const char *name);
char *word(const char *object, const char *name, char *buffer, size_t size);
const char *end_of(const char *at);

/* workers.c: the tree of processes */
enum order { ORDER_SYSCALL, ORDER_READ, ORDER_WRITE, ORDER_FORK, ORDER_EXIT, ORDER_UFFD_MOVE };

struct outcome {
	long value; /* or minus an errno */
	int signal;
};

void prepare_workers(void);
bool lives(long p);
long start_process(long p, long parent);
long end_process(long p);
void end_all_processes(void);
struct outcome command(long p, enum order what, long a, long b, long c);
extern unsigned char *answer; /* RMAP_ARENA_PAGES bytes that a process of the tree can let a call write to */
long call(long p, long number, long a, long b, long c, long d, long e, long f);
void say_pids(void);

/* files.c: files and segments, kept by the hub */
int descriptor_of(const char *name); /* the hub's own */
int opening_of(long p, const char *name); /* that of process p */
void inherit_openings(long p, long parent);
int segment_of(const char *name); /* its id, or -1 */
long create_file(const char *op);
long create_segment(const char *op);
long remove_segment(const char *op);
long write_page(int descriptor, long page, int fill);
void remove_files(void);

/* operations.c */
struct result {
	struct outcome outcome;
	const char *text; /* instead of the value, if not null */
};

struct result execute(const char *op);

/* guest.c: the virtual machine */
void set_up_guest(void);
long swap_off_on(void);
long ksm_run(long run);
bool ksm_is_unmerging(void);
long ksm_max_sharing(long items);
void configure(bool swap_is_synchronous, long fault_around, bool use_zero_pages, long most_sharing);
void clean_guest(void);
void power_off(void);

#endif
