/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share short pieces of work. They are started when first needed and sleep on a
 * condition variable, so that an idle one costs nothing to whatever else uses the processors. */
#include "measure/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MAX_WORKERS = 255 };

/* One call. The pieces are handed out one by one by `next`: who is slow takes fewer. */
struct call {
	void (*one)(void *arg, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
};

/* `call` is set while there is something to join. It lies on the caller's stack: the caller may
 * leave only when `active`, the workers inside, is 0. All but `next` is guarded by `lock`. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct call *call;
	size_t seats, active, started; /* workers that may still join; are inside; exist */
	unsigned long number;          /* of the call: a worker joins each once */
} pool = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
	.done = PTHREAD_COND_INITIALIZER,
};

static void take_pieces(struct call *call)
{
	size_t i;

	while ((i = atomic_fetch_add(&call->next, 1)) < call->n)
		call->one(call->arg, i);
}

static void *work(void *unused)
{
	unsigned long joined = 0;

	pthread_mutex_lock(&pool.lock);
	for (;;) {
		struct call *call;

		while (!pool.call || !pool.seats || pool.number == joined)
			pthread_cond_wait(&pool.wake, &pool.lock);
		call = pool.call;
		joined = pool.number;
		pool.seats--;
		pool.active++;
		pthread_mutex_unlock(&pool.lock);
		take_pieces(call);
		pthread_mutex_lock(&pool.lock);
		if (!--pool.active)
			pthread_cond_signal(&pool.done);
	}
	return unused;
}

/* As many workers as wanted, or as the system gives. */
static void start_workers(size_t wanted)
{
	pthread_t thread;

	if (wanted > MAX_WORKERS)
		wanted = MAX_WORKERS;
	while (pool.started < wanted && !pthread_create(&thread, NULL, work, NULL)) {
		pthread_detach(thread);
		pool.started++;
	}
}

/* Opens the call to workers; false when another call is open. */
static bool open_call(struct call *call, size_t workers)
{
	bool free;

	pthread_mutex_lock(&pool.lock);
	free = !pool.call && !pool.active;
	if (free) {
		start_workers(workers);
		pool.call = call;
		pool.seats = workers;
		pool.number++;
		pthread_cond_broadcast(&pool.wake);
	}
	pthread_mutex_unlock(&pool.lock);
	return free;
}

static void close_call(void)
{
	pthread_mutex_lock(&pool.lock);
	pool.call = NULL;
	while (pool.active)
		pthread_cond_wait(&pool.done, &pool.lock);
	pthread_mutex_unlock(&pool.lock);
}

void barista_workers_run(size_t threads, size_t n, void (*one)(void *arg, size_t i), void *arg)
{
	struct call call = {.one = one, .arg = arg, .n = n};
	bool shared = threads > 1 && n > 1 && open_call(&call, threads - 1);

	take_pieces(&call);
	if (shared)
		close_call();
}
