/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "barista.h"

/* libFuzzer's entry point; one per target. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(ok) ((ok) ? (void)0 : fuzz_violated(__FILE__, __LINE__, #ok))
void fuzz_violated(const char *file, int line, const char *what);

/* An empty file in memory, if there is such a folder. */
void fuzz_make_file(char *path, size_t size, const char *ending);
void fuzz_write(const char *path, const uint8_t *data, size_t size);

/* A failure has its status, a text, and is the input's fault; true when it is one. */
int fuzz_failed(int rc, const struct barista_err *err);

/* A network that loads must lower and evaluate, or be refused. */
void fuzz_check_network(const struct barista_workload *net, const struct barista_device *dev);

#endif
