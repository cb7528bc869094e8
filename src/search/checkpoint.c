/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "search/checkpoint.h"

#include "base/err.h"
#include "io/file.h"
#include "io/json.h"
#include "io/temporary.h"
#include "search/search.h"
#include "search/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A checkpoint is read whole; beyond this it is not one. */
enum { MAX_CHECKPOINT = 256 << 20 };

/* Lists the runs of blocks that are done, each [first, beyond the last]; NULL without memory. */
static json_t *ranges_of(const unsigned char *done, size_t n)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0, end; ok && i < n; i = end + 1) {
		end = i;
		while (end < n && done[end])
			end++;
		if (end > i)
			ok = !json_array_append_new(
				list, json_pack("[I,I]", (json_int_t)i, (json_int_t)end));
	}
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

/* The first line holds the SHA-256 of all that follows it, so that no later change goes unseen, and
 * what cannot be parsed after that is for want of memory. */
static const char seal[] = "{\"program\": \"barista-dse\", \"kind\": \"checkpoint\", "
			   "\"sha256\": \"%s\"}\n";
enum { BEFORE_HASH = 60, SEAL = BEFORE_HASH + 64 + 3 };

static int put_sealed(const void *text, FILE *f, struct barista_err *err)
{
	char hex[65];

	(void)err;
	barista_sha256(text, strlen(text), hex);
	fprintf(f, seal, hex);
	fputs(text, f);
	return 0;
}

static void see(struct barista_checkpoint *c)
{
	struct stat st;

	memset(&c->seen, 0, sizeof c->seen);
	if (stat(c->path, &st))
		return;
	c->seen.dev = st.st_dev;
	c->seen.ino = st.st_ino;
	c->seen.size = st.st_size;
	c->seen.changed = st.st_mtim;
}

static bool is_as_seen(const struct barista_checkpoint *c)
{
	struct stat st;

	if (stat(c->path, &st))
		return true;
	return st.st_dev == c->seen.dev && st.st_ino == c->seen.ino && st.st_size == c->seen.size &&
	       st.st_mtim.tv_sec == c->seen.changed.tv_sec &&
	       st.st_mtim.tv_nsec == c->seen.changed.tv_nsec;
}

static int replace(struct barista_checkpoint *c, const char *text, struct barista_err *err)
{
	int rc;

	if (!is_as_seen(c))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' was written by something else meanwhile: it is left "
				    "alone; choose another name for each search",
				    c->path);
	rc = barista_write_file(c->path, true, put_sealed, text, err);
	if (!rc)
		see(c);
	return rc;
}

/* Opens and locks the folder of the file; -1 when that cannot be, which is no reason to lose a
 * search. Who has the lock for long is no other search. */
static int lock_folder(const struct barista_checkpoint *c)
{
	const struct timespec pause = {0, 10000000};
	char target[PATH_MAX], folder[PATH_MAX];
	struct barista_err ignored;
	int fd;

	snprintf(target, sizeof target, "%.4000s", c->path);
	if (barista_follow_link(target, sizeof target, &ignored))
		return -1;
	barista_folder_of(target, folder, sizeof folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; fd >= 0 && !barista_lock(fd) && i < 20; i++)
		nanosleep(&pause, NULL);
	return fd;
}

/* Searches that were given the same name take turns: none looks while another one replaces. */
static int replace_in_turn(struct barista_checkpoint *c, const char *text, struct barista_err *err)
{
	int fd = lock_folder(c), rc = replace(c, text, err);

	if (fd >= 0)
		close(fd);
	return rc;
}

int barista_checkpoint_save(struct barista_checkpoint *checkpoint,
			    const struct barista_search *search, const unsigned char *done,
			    size_t nblocks, struct barista_err *err)
{
	json_t *all =
		json_pack("{s:s, s:s, s:s, s:I}", "program", "barista-dse", "kind", "checkpoint",
			  "inputs", checkpoint->inputs, "blocks", (json_int_t)nblocks);
	char *text = NULL;
	int rc;

	if (all && !json_object_set_new(all, "done", ranges_of(done, nblocks)) &&
	    barista_snapshot_encode(all, search, search->certificate.over_budget,
				    search->certificate.evaluated))
		text = barista_json_dump(all);
	json_decref(all);
	rc = text ? replace_in_turn(checkpoint, text, err) : barista_no_memory(err);
	free(text);
	return rc;
}

static bool take_ranges(const json_t *list, unsigned char *done, size_t n)
{
	json_int_t last = 0;

	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_int_t from, to;

		if (json_unpack(json_array_get(list, i), "[I,I!]", &from, &to) || from < last ||
		    to <= from || to > (json_int_t)n)
			return false;
		memset(done + from, 1, (size_t)(to - from));
		last = to;
	}
	return true;
}

/* Is it a checkpoint, and as it was written? */
static int check_seal(const char *text, size_t size, struct barista_err *err)
{
	char hex[65], line[SEAL + 1];

	_Static_assert(sizeof seal - 3 - BEFORE_HASH == sizeof "\"}\n" - 1,
		       "the place of the hash");
	if (size < SEAL || strncmp(text, seal, BEFORE_HASH))
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"not a checkpoint of barista-dse: it is left alone; choose another name");
	barista_sha256(text + SEAL, size - SEAL, hex);
	snprintf(line, sizeof line, seal, hex);
	if (!strncmp(text, line, SEAL))
		return 0;
	return barista_fail(err, BARISTA_E_INPUT,
			    "damaged: its checksum is not that of what it holds; remove it to "
			    "begin anew");
}

static int take(const json_t *all, const char *inputs, const struct barista_space *space,
		struct barista_search *search, unsigned char *done, size_t n,
		struct barista_err *err)
{
	const char *kind = json_string_value(json_object_get(all, "kind"));
	const char *of = json_string_value(json_object_get(all, "inputs"));

	if (!kind || strcmp(kind, "checkpoint") || !of)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"not a checkpoint of barista-dse: it is left alone; choose another name");
	if (strcmp(of, inputs) ||
	    json_integer_value(json_object_get(all, "blocks")) != (json_int_t)n)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"of another search: give the same options and files, or choose another "
			"name\n  it is of   %.500s\n  this is of %.500s",
			of, inputs);
	if (!take_ranges(json_object_get(all, "done"), done, n))
		return barista_fail(err, BARISTA_E_INPUT, "the list of blocks is damaged");
	return barista_snapshot_decode(all, search, space, err);
}

int barista_checkpoint_load(struct barista_checkpoint *checkpoint,
			    const struct barista_space *space, struct barista_search *search,
			    unsigned char *done, size_t n, struct barista_err *err)
{
	struct barista_arena *arena;
	json_t *all = NULL;
	size_t size;
	char *text;
	int rc;

	see(checkpoint);
	if (access(checkpoint->path, F_OK) && errno == ENOENT)
		return 0;
	if (!(arena = barista_arena_make()))
		return barista_no_memory(err);
	rc = barista_read_limited(checkpoint->path, MAX_CHECKPOINT, arena, &text, &size, err);
	if (!rc) {
		if (!(rc = check_seal(text, size, err)) &&
		    !(all = barista_json_reload(text + SEAL, size - SEAL)))
			rc = barista_no_memory(err);
		if (!rc)
			rc = take(all, checkpoint->inputs, space, search, done, n, err);
		if (rc)
			barista_err_context(err, checkpoint->path);
	}
	json_decref(all);
	barista_arena_free(arena);
	return rc;
}
