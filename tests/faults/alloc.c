/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocator to preload: it lets one allocation fail, or all from one on, and at the end tells
 * whose memory was never given back. It stands on glibc's own under its other name. */
#define _GNU_SOURCE /* memalign() */
#include "shared.h"

#include <errno.h>
#include <execinfo.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *p);

static struct faults_shared *shared;
static volatile int lock;

/* Memory that is held: a hash table with open addressing. An entry that was given back keeps a
 * mark, so that the search for others goes on past it. */
enum { LIVE = 1 << 17 };
static struct {
	void *p, *site;
} live[LIVE];
static void *const gone = &live;

static void take_lock(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		;
}

static void release_lock(void)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

static size_t slot_of(const void *p)
{
	return ((uintptr_t)p >> 4) * 2654435761U % LIVE;
}

static void *note(void *p, void *site)
{
	if (!shared || !p)
		return p;
	take_lock();
	for (size_t i = slot_of(p);; i = (i + 1) % LIVE) {
		if (live[i].p && live[i].p != gone)
			continue;
		live[i].p = p;
		live[i].site = site;
		break;
	}
	release_lock();
	return p;
}

static void forget(void *p)
{
	if (!shared || !p)
		return;
	take_lock();
	for (size_t i = slot_of(p), tried = 0; live[i].p && tried < LIVE; i = (i + 1) % LIVE) {
		if (live[i].p == p) {
			live[i].p = gone;
			break;
		}
		tried++;
	}
	release_lock();
}

static bool fails(void)
{
	static __thread bool tracing;
	void *frame[40];
	long n;

	if (!shared || tracing)
		return false;
	n = __atomic_add_fetch(&shared->count, 1, __ATOMIC_RELAXED);
	if (!shared->fail_at || n < shared->fail_at || (n > shared->fail_at && !shared->from_on))
		return false;
	if (shared->trace && n == shared->fail_at) {
		tracing = true;
		backtrace_symbols_fd(frame, backtrace(frame, 40), STDERR_FILENO);
		tracing = false;
	}
	errno = ENOMEM;
	return true;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
	return fails() ? NULL : note(__libc_malloc(size), CALLER);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : note(__libc_calloc(n, size), CALLER);
}

void *realloc(void *old, size_t size)
{
	void *p;

	if (fails())
		return NULL;
	forget(old);
	p = __libc_realloc(old, size);
	return note(p, CALLER);
}

void *memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : note(__libc_memalign(alignment, size), CALLER);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : note(__libc_memalign(alignment, size), CALLER);
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
	void *got = fails() ? NULL : note(__libc_memalign(alignment, size), CALLER);

	if (!got)
		return ENOMEM;
	*p = got;
	return 0;
}

void free(void *p)
{
	forget(p);
	__libc_free(p);
}

/* A preloaded library is initialised last, right before the program's own main(). Programs that
 * are started from there, such as gnuplot, run undisturbed. */
__attribute__((constructor)) static void begin(void)
{
	void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, FAULTS_FD, 0);
	void *frame[2];

	unsetenv("LD_PRELOAD");
	if (page == MAP_FAILED)
		return;
	close(FAULTS_FD);
	backtrace(frame, 2); /* loads what backtraces need */
	if (((struct faults_shared *)page)->stop)
		raise(SIGSTOP);
	shared = page;
}

static void add_site(struct faults_shared *to, void *site)
{
	for (int i = 0; i < to->nsites; i++)
		if (to->site[i] == site)
			return;
	if (to->nsites < FAULTS_MAX_SITES)
		to->site[to->nsites++] = site;
}

__attribute__((destructor)) static void end(void)
{
	struct faults_shared *to = shared;

	if (!to)
		return;
	shared = NULL;
	for (size_t i = 0; i < LIVE; i++)
		if (live[i].p && live[i].p != gone)
			add_site(to, live[i].site);
	to->finished = true;
}
