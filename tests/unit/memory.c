/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for memory that fail on demand. The linker hands those of this program, but not those of
 * shared libraries, to the functions below (--wrap, see the Makefile). */
#include "check.h"

#include "base/arena.h"

#include <limits.h>

static _Thread_local long countdown; /* until one fails; 0: none does */
static _Thread_local bool has_failed;

static bool fails(void)
{
	if (!countdown || --countdown)
		return false;
	has_failed = true;
	return true;
}

#define WRAP(type, name, parameters, arguments)                  \
	type __real_##name parameters;                           \
	type __wrap_##name parameters;                           \
	type __wrap_##name parameters                            \
	{                                                        \
		return fails() ? NULL : __real_##name arguments; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *old, size_t size), (old, size))
WRAP(void *, aligned_alloc, (size_t line, size_t size), (line, size))
WRAP(void *, barista_arena_alloc, (struct barista_arena * arena, size_t n, size_t size),
     (arena, n, size))
WRAP(char *, barista_arena_strdup, (struct barista_arena * arena, const char *s), (arena, s))

void first_out_of_memory(int (*attempt)(void *user, struct barista_err *err), void *user, long most)
{
	struct barista_err err = {0, ""};
	int undisturbed = attempt(user, &err), rc;

	for (long n = 1; n <= most; n += 1 + n / 16) {
		has_failed = false;
		countdown = n;
		rc = attempt(user, &err);
		countdown = 0;
		CHECK(rc == undisturbed || (has_failed && rc == BARISTA_E_SYSTEM),
		      "request %ld failed: status %d instead of %d: %s", n, rc, undisturbed,
		      err.msg);
		CHECK(rc != BARISTA_E_SYSTEM || undisturbed == rc || strstr(err.msg, "memory"),
		      "request %ld failed: %s", n, err.msg);
		if (!has_failed)
			break;
	}
}

void each_out_of_memory(int (*attempt)(void *user, struct barista_err *err), void *user)
{
	first_out_of_memory(attempt, user, LONG_MAX / 2);
}
