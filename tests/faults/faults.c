/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs commands with every allocation and every call of the system failing in turn, once and from
 * there on. Whatever fails, a command must end by itself; its exit code must be that of a failure
 * of the system, with a message, no memory lost and every file as before or whole; or it succeeds,
 * and then with the very bytes of the undisturbed run. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "tree.h"
#include "trial.h"

#include "report/folder_walk.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGS = 32, MAX_SHOWN = 12, SYSTEM_ERROR = 4 };

/* A command, which runs in a copy of the folder of fixtures. */
static const struct command {
	const char *name, *arguments;
	bool streams; /* its points may stay, under a name that says that they are not all */
	bool resumes; /* its checkpoint may be of any moment: the command must go on from it */
	const char *folder; /* of fixtures, that it alone needs */
} commands[] = {
	{.name = "search",
	 .arguments = "search -w net.yaml -d board.yaml --kernels 2 --interval --quiet --format "
		      "json -o new "
		      "--no-plots"},
	{.name = "replace",
	 .arguments =
		 "search -w net.yaml -d board.yaml --pareto time_s,dsp --quiet -o run --no-plots",
	 .folder = "replace"},
	{.name = "what-if",
	 .arguments = "search -w net.yaml -d board.yaml --grid pow2 --what-if --quiet"},
	{.name = "sweep",
	 .arguments = "search -w net.yaml -d board.yaml --exhaustive --threads 1 --quiet "
		      "--checkpoint state",
	 .resumes = true},
	{.name = "resume",
	 .arguments = "search -w net.yaml -d board.yaml --exhaustive --threads 1 --quiet "
		      "--checkpoint state",
	 .resumes = true,
	 .folder = "resume"},
	{.name = "csv",
	 .arguments =
		 "search -w net.yaml -d board.yaml --exhaustive --grid pow2 --quiet --points p.csv",
	 .streams = true},
	{.name = "sqlite",
	 .arguments = "search -w net.yaml -d board.yaml --exhaustive --grid pow2 --quiet --points "
		      "p.sqlite",
	 .streams = true},
	{.name = "compare", .arguments = "compare -w tiny.yaml --quiet -o compared --no-plots"},
	{.name = "eval",
	 .arguments = "eval -w net.yaml -d board.yaml -k 4x4x16:fp32 --format json"},
	{.name = "import", .arguments = "import net.prototxt --input 3x32x32 -o imported.yaml"},
	{.name = "show", .arguments = "show residual.onnx --input 3x33x33 --format json"},
	{.name = "bursts", .arguments = "calibrate --bursts bursts.csv"},
	{.name = "list", .arguments = "list precisions --format csv"},
	{.name = "plot", .arguments = "plot drawn --quiet", .folder = "plot"},
};
enum { NCOMMANDS = sizeof commands / sizeof *commands };

/* What the workers of a command share. */
struct counts {
	long runs, signals, hangs, codes, silent, leaks, files, bytes, shown;
};

struct session {
	const char *program, *allocator, *fixtures, *scratch, *only;
	int kind; /* the only one to try, or NFAULT_KINDS */
	long stride, workers;
	bool verbose, list; /* list: tell how many runs there would be, as a table, and make none */
	struct fault trace; /* one run, told in full, instead of all */
	struct counts *counts;
};

/* A command that was run undisturbed, which others are compared with. */
struct baseline {
	const struct command *command;
	char *argv[MAX_ARGS];
	char words[512];
	struct trial trial;
	struct tree before, after;
};

static void split_words(struct baseline *b, const struct session *s)
{
	size_t n = 0;

	b->argv[n++] = (char *)s->program;
	snprintf(b->words, sizeof b->words, "%s", b->command->arguments);
	for (char *word = strtok(b->words, " "); word && n + 1 < MAX_ARGS; word = strtok(NULL, " "))
		b->argv[n++] = word;
	b->argv[n] = NULL;
}

static void fresh_folder(const struct session *s, const struct command *command, char *dir)
{
	char fixtures[TREE_PATH + 64];

	snprintf(dir, TREE_PATH, "%s/run-%ld", s->scratch, (long)getpid());
	tree_remove(dir);
	snprintf(fixtures, sizeof fixtures, "%s/all", s->fixtures);
	tree_copy(fixtures, dir);
	if (!command->folder)
		return;
	snprintf(fixtures, sizeof fixtures, "%s/%s", s->fixtures, command->folder);
	tree_copy(fixtures, dir);
}

static bool is_known_site(const struct trial *undisturbed, const void *site)
{
	for (int i = 0; i < undisturbed->memory.nsites; i++)
		if (undisturbed->memory.site[i] == site)
			return true;
	return false;
}

static bool loses_memory(const struct trial *t, const struct trial *undisturbed)
{
	for (int i = 0; i < t->memory.nsites; i++)
		if (!is_known_site(undisturbed, t->memory.site[i]))
			return true;
	return false;
}

static bool is_file_of_points(const char *path)
{
	return !strncmp(path, "p.csv", 5) || !strncmp(path, "p.sqlite", 8);
}

/* A run that is whole but could not take its place is kept, and so is the older one when it is not
 * known whether the disk has the change of places; the message says where. The older one is as
 * before, but for the mark by which the next run removes it. */
static bool is_kept_run(const struct baseline *b, const struct tree_entry *e, const char *message)
{
	int folder = (int)strcspn(e->path, "/");
	char name[200], was[TREE_PATH];
	const struct tree_entry *old;

	snprintf(name, sizeof name, "the new run is in '%.*s'", folder, e->path);
	if (strstr(message, name))
		return true;
	snprintf(name, sizeof name, "the older one in '%.*s'", folder, e->path);
	if (!strstr(message, name))
		return false;
	snprintf(was, sizeof was, "run%.400s", e->path + folder);
	old = tree_find(&b->before, was);
	return old ? old->hash == e->hash : !strcmp(e->path + folder, "/" BARISTA_FOLDER_MARK);
}

/* After a failure each file is as it was before, or as the undisturbed run leaves it. */
static const char *wrong_file(const struct baseline *b, const struct tree *now, const char *message)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct tree_entry *e = &now->entry[i], *old = tree_find(&b->before, e->path),
					*new = tree_find(&b->after, e->path);

		if ((old && old->hash == e->hash) || (new &&new->hash == e->hash))
			continue;
		if ((b->command->streams && is_file_of_points(e->path) && !new) ||
		    (b->command->resumes && !strcmp(e->path, "state")) ||
		    is_kept_run(b, e, message))
			continue;
		return e->path;
	}
	for (size_t i = 0; i < b->before.n; i++)
		if (!tree_find(now, b->before.entry[i].path) &&
		    tree_find(&b->after, b->before.entry[i].path))
			return b->before.entry[i].path;
	return NULL;
}

static bool same_tree(const struct tree *a, const struct tree *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->entry[i].path, b->entry[i].path) ||
		    a->entry[i].hash != b->entry[i].hash)
			return false;
	return true;
}

/* Messages begin with the program's name: there must be exactly one. */
static int messages(const char *text)
{
	static const char name[] = "barista-dse: ";
	int n = 0;

	for (const char *line = text; line && *line; line = strchr(line, '\n'))
		line += *line == '\n', n += !strncmp(line, name, strlen(name));
	return n;
}

static void report(const struct session *s, const struct baseline *b, struct fault fault,
		   const struct trial *t, const char *what)
{
	if (__atomic_add_fetch(&s->counts->shown, 1, __ATOMIC_RELAXED) > MAX_SHOWN && !s->verbose)
		return;
	printf("%s %s %ld%s: %s (exit code %d) %.150s\n", b->command->name, fault_names[fault.kind],
	       fault.at, fault.from_on ? "+" : "", what, t->code, t->err);
	fflush(stdout);
}

static void count(const struct session *s, long *counter, const struct baseline *b,
		  struct fault fault, const struct trial *t, const char *what)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
	report(s, b, fault, t, what);
}

static void check_success(const struct session *s, const struct baseline *b, struct fault fault,
			  const struct trial *t, const struct tree *now)
{
	if (t->out_size != b->trial.out_size || memcmp(t->out, b->trial.out, t->out_size))
		count(s, &s->counts->bytes, b, fault, t, "another output");
	else if (!same_tree(now, &b->after))
		count(s, &s->counts->bytes, b, fault, t, "other files");
}

static void check_failure(const struct session *s, const struct baseline *b, struct fault fault,
			  const struct trial *t, const struct tree *now)
{
	const char *file = wrong_file(b, now, t->err);
	char what[300];

	if (t->code != SYSTEM_ERROR)
		count(s, &s->counts->codes, b, fault, t, "another exit code than 4");
	if (fault.kind != FAULT_WRITE && messages(t->err) != 1)
		count(s, &s->counts->silent, b, fault, t, "not one message");
	snprintf(what, sizeof what, "'%s' is neither as before nor whole", file ? file : "");
	if (file)
		count(s, &s->counts->files, b, fault, t, what);
}

/* The checkpoint that a failure leaves must lead to the undisturbed answer. */
static void check_resumed(const struct session *s, const struct baseline *b, struct fault fault,
			  const char *dir)
{
	struct trial *t = malloc(sizeof *t);

	if (!t)
		exit(4);
	trial_run(t, b->argv, dir, s->allocator, (struct fault){.kind = FAULT_ALLOCATION});
	if (t->code || t->out_size != b->trial.out_size ||
	    memcmp(t->out, b->trial.out, t->out_size))
		count(s, &s->counts->bytes, b, fault, t, "another answer when resumed");
	free(t);
}

/* One run with one fault. Returns false when the fault lies beyond the program's end. */
static bool try_fault(const struct session *s, const struct baseline *b, struct fault fault,
		      struct trial *t)
{
	char dir[TREE_PATH];
	struct tree now;

	fresh_folder(s, b->command, dir);
	trial_run(t, b->argv, dir, s->allocator, fault);
	if (t->calls[fault.kind] < fault.at)
		return false;
	__atomic_add_fetch(&s->counts->runs, 1, __ATOMIC_RELAXED);
	tree_read(&now, dir);
	if (t->hung)
		count(s, &s->counts->hangs, b, fault, t, "does not end");
	else if (t->signal)
		count(s, &s->counts->signals, b, fault, t, strsignal(t->signal));
	else if (!t->code)
		check_success(s, b, fault, t, &now);
	else
		check_failure(s, b, fault, t, &now);
	if (!t->hung && !t->signal && loses_memory(t, &b->trial))
		count(s, &s->counts->leaks, b, fault, t, "memory is not given back");
	if (b->command->resumes && t->code)
		check_resumed(s, b, fault, dir);
	return true;
}

/* This worker's share of the faults of one kind: each stride-th, dealt out in turn. */
static void try_kind(const struct session *s, const struct baseline *b, enum fault_kind kind,
		     long calls, long worker)
{
	struct trial *t = malloc(sizeof *t);

	if (!t)
		exit(4);
	for (long i = worker; 1 + i / 2 * s->stride <= calls; i += s->workers)
		try_fault(
			s, b,
			(struct fault){.kind = kind, .at = 1 + i / 2 * s->stride, .from_on = i % 2},
			t);
	free(t);
}

static void run_undisturbed(const struct session *s, struct baseline *b, enum fault_kind kind)
{
	char dir[TREE_PATH];

	fresh_folder(s, b->command, dir);
	tree_read(&b->before, dir);
	trial_run(&b->trial, b->argv, dir, s->allocator, (struct fault){.kind = kind});
	tree_read(&b->after, dir);
	if (!b->trial.code && !b->trial.signal && !b->trial.hung)
		return;
	printf("%s fails undisturbed: exit code %d, signal %d\n%s", b->command->name, b->trial.code,
	       b->trial.signal, b->trial.err);
	exit(1);
}

/* Returns whether all workers ended by themselves. */
static bool fork_workers(const struct session *s, const struct baseline *b, const long *calls)
{
	bool ok = true;
	int status;

	for (long worker = 0; worker < s->workers; worker++) {
		pid_t pid = fork();

		if (pid < 0)
			return false;
		if (pid)
			continue;
		for (int kind = 0; kind < NFAULT_KINDS; kind++)
			if (s->kind == NFAULT_KINDS || s->kind == kind)
				try_kind(s, b, kind, calls[kind], worker);
		_exit(0);
	}
	while (wait(&status) > 0)
		ok &= WIFEXITED(status) && !WEXITSTATUS(status);
	return ok;
}

/* Every place fails once, and from there on. */
static void print_calls(const struct session *s, const struct baseline *b, const long *calls)
{
	long runs = 0;

	printf(s->list ? "| `%s` |" : "%s:", b->command->name);
	for (int kind = 0; kind < NFAULT_KINDS; kind++) {
		runs += 2 * ((calls[kind] + s->stride - 1) / s->stride);
		if (s->list)
			printf(" %ld |", calls[kind]);
		else
			printf(" %ld %s%s", calls[kind], fault_names[kind],
			       kind + 1 < NFAULT_KINDS ? "," : "\n");
	}
	if (s->list) {
		printf(" %ld |\n", runs);
		s->counts->runs += runs;
	}
	fflush(stdout);
}

static void print_heads(void)
{
	printf("| command |");
	for (int kind = 0; kind < NFAULT_KINDS; kind++)
		printf(" %s |", fault_names[kind]);
	printf(" runs with a fault |\n|:---|");
	for (int kind = 0; kind <= NFAULT_KINDS; kind++)
		printf("---:|");
	printf("\n");
}

/* One trial in full, with the callers whose memory the undisturbed run gives back. */
static void print_trial(const struct baseline *b, const struct trial *t)
{
	printf("exit code %d, signal %d\n%s%s", t->code, t->signal, t->out, t->err);
	for (int i = 0; i < t->memory.nsites; i++)
		if (!is_known_site(&b->trial, t->memory.site[i]))
			printf("held at the end: memory that %p allocated\n", t->memory.site[i]);
}

static void try_command(const struct session *s, const struct command *command)
{
	struct baseline *b = malloc(sizeof *b);
	long calls[NFAULT_KINDS];

	if (!b)
		exit(4);
	b->command = command;
	split_words(b, s);
	/* Once more, traced, for the calls of the system; its memory is compared with the first. */
	run_undisturbed(s, b, FAULT_OPEN);
	memcpy(calls, b->trial.calls, sizeof calls);
	run_undisturbed(s, b, FAULT_ALLOCATION);
	calls[FAULT_ALLOCATION] = b->trial.calls[FAULT_ALLOCATION];
	print_calls(s, b, calls);
	s->counts->shown = 0;
	if (s->list) {
		free(b);
		return;
	}
	if (s->trace.at) {
		struct trial *t = malloc(sizeof *t);

		if (t && try_fault(s, b, s->trace, t))
			print_trial(b, t);
		free(t);
	} else if (!fork_workers(s, b, calls)) {
		fprintf(stderr, "tests/faults: a worker failed\n");
		exit(4);
	}
	free(b);
}

static int print_totals(const struct counts *c)
{
	long bad = c->signals + c->hangs + c->codes + c->silent + c->leaks + c->files + c->bytes;

	printf("%ld runs with a fault: %ld ended by a signal, %ld hung, %ld another exit code, "
	       "%ld without one message, %ld lost memory, %ld with damaged or left files, "
	       "%ld succeeded with other bytes\n",
	       c->runs, c->signals, c->hangs, c->codes, c->silent, c->leaks, c->files, c->bytes);
	return bad != 0;
}

_Noreturn static void usage(void)
{
	fprintf(stderr, "usage: faults [-n] [-s STRIDE] [-j JOBS] [-c COMMAND] [-k KIND] [-v] "
			"[-t KIND:NUMBER[+]] PROGRAM ALLOCATOR FIXTURES SCRATCH\n");
	exit(2);
}

static int find_kind(const char *text, size_t n)
{
	for (int kind = 0; kind < NFAULT_KINDS; kind++)
		if (strlen(fault_names[kind]) == n && !strncmp(fault_names[kind], text, n))
			return kind;
	usage();
}

static void take_trace(struct session *s, const char *text)
{
	const char *colon = strchr(text, ':');
	char *end;

	if (!colon)
		usage();
	s->trace.kind = find_kind(text, (size_t)(colon - text));
	s->trace.at = strtol(colon + 1, &end, 10);
	s->trace.from_on = *end == '+';
	s->trace.trace = s->verbose;
}

int main(int argc, char **argv)
{
	struct session s = {.stride = 1, .workers = 1, .kind = NFAULT_KINDS};
	int option;

	while ((option = getopt(argc, argv, "ns:j:c:k:t:v")) != -1) {
		switch (option) {
		case 'n': s.list = true; break;
		case 's': s.stride = atol(optarg); break;
		case 'j': s.workers = atol(optarg); break;
		case 'c': s.only = optarg; break;
		case 'k': s.kind = find_kind(optarg, strlen(optarg)); break;
		case 't': take_trace(&s, optarg); break;
		case 'v': s.verbose = true; break;
		default: usage();
		}
	}
	if (argc - optind != 4 || s.stride < 1 || s.workers < 1)
		usage();
	s.program = argv[optind];
	s.allocator = argv[optind + 1];
	s.fixtures = argv[optind + 2];
	s.scratch = argv[optind + 3];
	s.counts = mmap(NULL, sizeof *s.counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (s.counts == MAP_FAILED)
		return 4;
	if (s.list)
		print_heads();
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (!s.only || !strcmp(s.only, commands[i].name))
			try_command(&s, &commands[i]);
	if (!s.list)
		return print_totals(s.counts);
	printf("\n%ld runs\n", s.counts->runs);
	return 0;
}
