/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a program once with one fault. Allocations fail in the preloaded allocator. Calls of the
 * system fail here: the program is traced, and the call that is to fail is replaced by one that
 * does nothing, whose result becomes the error. So the calls that the C library makes by itself
 * fail as well. */
#define _GNU_SOURCE /* memfd_create() */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIME_LIMIT = 20 }; /* s */

const char *const fault_names[NFAULT_KINDS] = {
	[FAULT_ALLOCATION] = "allocation", [FAULT_OPEN] = "open",   [FAULT_READ] = "read",
	[FAULT_WRITE] = "write",           [FAULT_FSYNC] = "fsync", [FAULT_RENAME] = "rename",
	[FAULT_MKDIR] = "mkdir",           [FAULT_CLOSE] = "close",
};

/* The calls of a kind, and the error that they give. */
static const struct {
	long number;
	enum fault_kind kind;
	int error;
} calls[] = {
	{SYS_openat, FAULT_OPEN, EMFILE},    {SYS_open, FAULT_OPEN, EMFILE},
	{SYS_read, FAULT_READ, EIO},         {SYS_pread64, FAULT_READ, EIO},
	{SYS_write, FAULT_WRITE, ENOSPC},    {SYS_writev, FAULT_WRITE, ENOSPC},
	{SYS_pwrite64, FAULT_WRITE, ENOSPC}, {SYS_ftruncate, FAULT_WRITE, EIO},
	{SYS_fsync, FAULT_FSYNC, EIO},       {SYS_fdatasync, FAULT_FSYNC, EIO},
	{SYS_syncfs, FAULT_FSYNC, EIO},      {SYS_rename, FAULT_RENAME, EIO},
	{SYS_renameat, FAULT_RENAME, EIO},   {SYS_renameat2, FAULT_RENAME, EIO},
	{SYS_mkdir, FAULT_MKDIR, ENOSPC},    {SYS_mkdirat, FAULT_MKDIR, ENOSPC},
	{SYS_close, FAULT_CLOSE, EIO},
};

static void give_up(const char *what)
{
	fprintf(stderr, "tests/faults: ");
	perror(what);
	exit(4);
}

static int memory_file(const char *name)
{
	int fd = memfd_create(name, 0);

	if (fd < 0)
		give_up("memfd_create");
	return fd;
}

/* Becomes the program. Addresses are the same in every run, so that callers can be compared. */
static void become(char *const argv[], const char *dir, const char *allocator, int page, int out,
		   int err, bool traced)
{
	const struct rlimit no_core = {0, 0};
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	personality(ADDR_NO_RANDOMIZE);
	setenv("LD_PRELOAD", allocator, 1);
	setenv("OPENBLAS_NUM_THREADS", "1", 1);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 ||
	    dup2(page, FAULTS_FD) < 0 || chdir(dir))
		_exit(126);
	for (int fd = 3; fd < FAULTS_FD; fd++)
		close(fd);
	if (traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(126);
	execv(argv[0], argv);
	_exit(126);
}

static enum fault_kind kind_of(long number, int *error)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (calls[i].number != number)
			continue;
		*error = calls[i].error;
		return calls[i].kind;
	}
	return NO_FAULT;
}

/* A call on entry to the system: is it the one that fails? */
static bool to_fail(struct trial *t, const struct fault *fault, long number, int *error)
{
	enum fault_kind kind = kind_of(number, error);
	long n;

	if (kind == NO_FAULT)
		return false;
	n = ++t->calls[kind];
	return kind == fault->kind && (n == fault->at || (fault->from_on && n > fault->at));
}

/* A thread that is traced, between the entry to a call and its end. */
struct tracee {
	pid_t id;
	bool inside, failing;
	long number;
	int error;
};

static struct tracee *find_tracee(struct tracee *list, size_t *n, pid_t id)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i].id == id)
			return &list[i];
	list[*n] = (struct tracee){.id = id};
	return &list[(*n)++];
}

/* A failing close() still closes, as Linux does; any other failing call does nothing. */
static void at_call(struct trial *t, const struct fault *fault, struct tracee *thread)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, thread->id, NULL, &r))
		return;
	thread->inside = !thread->inside;
	if (thread->inside) {
		thread->number = (long)r.orig_rax;
		thread->failing = to_fail(t, fault, thread->number, &thread->error);
		if (thread->failing && thread->number != SYS_close) {
			r.orig_rax = (unsigned long long)-1;
			ptrace(PTRACE_SETREGS, thread->id, NULL, &r);
		}
	} else if (thread->failing) {
		r.rax = (unsigned long long)-thread->error;
		ptrace(PTRACE_SETREGS, thread->id, NULL, &r);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waits for anything of the program's to report; false at its time limit. */
static bool wait_any(pid_t group, int flags, double until, pid_t *id, int *status)
{
	const struct timespec pause = {0, 200000};

	for (int spins = 0;; spins++) {
		*id = waitpid(-group, status, flags | WNOHANG);
		if (*id)
			return true;
		if (now() > until)
			return false;
		if (spins > 200)
			nanosleep(&pause, NULL);
	}
}

/* Follows the threads of the program from where the allocator stops it, just before main(). */
static bool follow(struct trial *t, const struct fault *fault, pid_t program, double until,
		   int *status)
{
	struct tracee list[64];
	size_t n = 0;
	bool begun = false;
	pid_t id;

	while (wait_any(program, __WALL, until, &id, status)) {
		long request = begun ? PTRACE_SYSCALL : PTRACE_CONT;
		int signal = 0;

		if (id < 0)
			return true;
		if (WIFEXITED(*status) || WIFSIGNALED(*status)) {
			if (id == program)
				return true;
			continue;
		}
		if (!begun && WSTOPSIG(*status) == SIGSTOP && id == program) {
			begun = true;
			request = PTRACE_SYSCALL;
			ptrace(PTRACE_SETOPTIONS, id, NULL,
			       PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
		} else if (WSTOPSIG(*status) == (SIGTRAP | 0x80)) {
			if (n < 63 || find_tracee(list, &n, id)->id == id)
				at_call(t, fault, find_tracee(list, &n, id));
		} else if (WSTOPSIG(*status) != SIGTRAP && WSTOPSIG(*status) != SIGSTOP) {
			signal = WSTOPSIG(*status);
		}
		ptrace(request, id, NULL, signal);
	}
	return false;
}

static bool watch(struct trial *t, const struct fault *fault, pid_t program, int *status)
{
	double until = now() + TIME_LIMIT;
	pid_t id;

	if (fault->kind != FAULT_ALLOCATION)
		return follow(t, fault, program, until, status);
	return wait_any(program, 0, until, &id, status);
}

static size_t read_back(int fd, char *text)
{
	ssize_t n = pread(fd, text, TRIAL_TEXT - 1, 0);

	if (n < 0)
		give_up("reading what a program printed");
	text[n] = '\0';
	close(fd);
	return (size_t)n;
}

void trial_run(struct trial *t, char *const argv[], const char *dir, const char *allocator,
	       struct fault fault)
{
	int page = memory_file("faults"), out = memory_file("out"), err = memory_file("err");
	bool traced = fault.kind != FAULT_ALLOCATION;
	struct faults_shared *shared;
	int status = 0;
	pid_t pid;

	if (ftruncate(page, sizeof *shared))
		give_up("ftruncate");
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
	if (shared == MAP_FAILED)
		give_up("mmap");
	shared->fail_at = traced ? 0 : fault.at;
	shared->from_on = fault.from_on;
	shared->trace = fault.trace;
	shared->stop = traced;
	if ((pid = fork()) < 0)
		give_up("fork");
	if (!pid)
		become(argv, dir, allocator, page, out, err, traced);
	setpgid(pid, pid);
	memset(t->calls, 0, sizeof t->calls);
	t->hung = !watch(t, &fault, pid, &status);
	kill(-pid, SIGKILL);
	while (t->hung && waitpid(pid, &status, __WALL) > 0 && !WIFSIGNALED(status))
		;
	t->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	t->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	t->memory = *shared;
	t->calls[FAULT_ALLOCATION] = shared->count;
	munmap(shared, sizeof *shared);
	close(page);
	t->out_size = read_back(out, t->out);
	t->err_size = read_back(err, t->err);
}
