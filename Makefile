# SPDX-License-Identifier: GPL-3.0-or-later
# make            build the program, build/barista-dse, and the library, build/libbarista.{a,so.0}
# make deps       install what is missing, from Debian's packages
# make run        search ResNet-20 on the default board; print the report, say where the charts are
# make check      all tests; they run again under address and undefined sanitizers
# make check-rtl  the mesh in RTL (Verilator) against the model, 200 random configurations
# make check-sim  the layered, streaming and cluster models against simulators of them
# make check-synth  the resource model against Yosys;  make proof: both, and the tables of them
# make MPI=1      build-mpi/barista-dse, for mpirun: an exhaustive search on many machines
# make check-mpi  it under mpirun: the bytes of one process, whatever is killed on the way
# make check-faults  every allocation and call of the system fails in turn; FAULTS_STRIDE=10: each tenth
# make check-kills  six commands are ended at random moments, KILLS=100 times by each of four signals
# make bench      speed, as ratios within one run
# make results    redo the committed reference runs and the table of published figures
# make coverage   the shares of lines and branches that the tests reach, per folder (gcov)
# make fuzz       fuzz what reads files, notations and options, a minute each (clang; FUZZ_SECONDS=60); make fuzz-caffe: one of them
# make valgrind   the commands under valgrind
# make format     lay out all C code as .clang-format says; make lint: say where it is not
# make install    PREFIX= DESTDIR=; make uninstall: take it away again
# make dist       barista-dse-VERSION.tar.gz, of what is committed
# V=1 shows the commands, WERROR=1 makes warnings errors, B=FOLDER builds in another folder.
PREFIX  ?= /usr/local
V       ?=
WERROR  ?=
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib
INCDIR  ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share/barista-dse
MANDIR  ?= $(PREFIX)/share/man/man1
CFLAGS  ?= -O2 -g
comma   := ,
B       ?= build$(if $(MPI),-mpi)$(if $(SAN),-$(subst $(comma),-,$(SAN)))
# What the library needs, and what the program does beside.
LIB_PKGS := yaml-0.1 gsl jansson libmd libprotobuf-c
PKGS    := $(LIB_PKGS) sqlite3 $(if $(MPI),ompi-c)
DEPS    := gcc libc6-dev make pkg-config libyaml-dev libgsl-dev libopenblas-dev libjansson-dev libmd-dev \
           libcmocka-dev gnuplot-nox fonts-dejavu-core jq verilator g++ yosys libsqlite3-dev \
           libopenmpi-dev openmpi-bin libprotobuf-c-dev protobuf-c-compiler protobuf-compiler \
           clang clang-format
VERSION := $(shell sed -n 's/^.define BARISTA_VERSION "\(.*\)"/\1/p' include/barista.h)
FUZZ_SECONDS ?= 60
FUZZED   := yaml caffe onnx notation options checkpoint host measured

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

WARN := $(if $(WERROR),-Werror) -std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wdouble-promotion -Werror=incompatible-pointer-types
# clang takes NAN and INFINITY for floats that are promoted, and loops that it does not vectorise and
# the last members of a row that are left out, which are zero, for mistakes.
WARN += $(if $(findstring clang,$(CC)),-Wno-double-promotion -Wno-pass-failed -Wno-missing-field-initializers)
# OpenBLAS is loaded by the commands that measure; only its header is needed to build.
PKG_CFLAGS  = $(shell pkg-config --cflags $(PKGS) openblas)
PKG_LIBS    = $(shell pkg-config --libs $(PKGS))
ALL_CPPFLAGS = -Iinclude -Isrc -I$(B)/src -D_POSIX_C_SOURCE=200809L $(if $(MPI),-DBARISTA_MPI) $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS  = $(WARN) -fPIC -fvisibility=hidden -fopenmp-simd -pthread -ffp-contract=off $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
              $(CFLAGS) $(HOT)
ALL_LDLIBS  = $(PKG_LIBS) -lm
LIB_LDLIBS  = $(shell pkg-config --libs $(LIB_PKGS)) -lm

ALL_SRC  := $(sort $(wildcard src/*/*.c src/*/*/*.c))
LIB_SRC  := $(filter-out src/measure/% src/report/% src/cli/%,$(ALL_SRC))
# What the program has beside the library and its commands; tests link it too.
PROG_SRC := $(filter src/measure/% src/report/%,$(ALL_SRC))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
LAYERED_SRC := tests/sim/layered.c tests/sim/layered_shape.c tests/sim/gemm.c
UNIT_SRC := $(sort $(wildcard tests/unit/*.c)) $(LAYERED_SRC)
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))
SIM_CHECKS := layered streaming cluster
CHECK_LAYERED_SRC := tests/sim/check_layered.c tests/sim/layered_random.c $(LAYERED_SRC)
CHECK_STREAMING_SRC := tests/sim/check_streaming.c $(sort $(wildcard tests/sim/streaming*.c))
CHECK_CLUSTER_SRC := $(sort $(wildcard tests/sim/*cluster*.c)) tests/sim/split.c
# The reader of ONNX's wire format, made from src/import/onnx/onnx.proto.
PB_SRC   := $(B)/src/import/onnx/onnx.pb-c.c
obj       = $(patsubst %.c,$(B)/%.o,$(1))

FAULTS_SRC := tests/faults/faults.c tests/faults/trial.c tests/faults/tree.c

SONAME   := libbarista.so.$(firstword $(subst ., ,$(VERSION)))

all: $(B)/barista-dse $(B)/$(SONAME)

$(B)/libbarista.a: $(call obj,$(LIB_SRC)) $(PB_SRC:.c=.o)
$(B)/program.a: $(call obj,$(PROG_SRC))
$(B)/libbarista.a $(B)/program.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) cr $@ $^
$(B)/$(SONAME): $(call obj,$(LIB_SRC)) $(PB_SRC:.c=.o)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) $(if $(SAN),,-Wl,--no-undefined) -o $@ $^ $(LIB_LDLIBS)
	$(Q)ln -sf $(SONAME) $(B)/libbarista.so
$(B)/barista-dse: $(call obj,$(CLI_SRC)) $(B)/program.a $(B)/libbarista.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)
WRAPPED  := malloc calloc realloc aligned_alloc barista_arena_alloc barista_arena_strdup # see tests/unit/memory.c
$(B)/check-unit: $(call obj,$(UNIT_SRC)) $(B)/program.a $(B)/libbarista.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $^ $(shell pkg-config --libs cmocka) $(ALL_LDLIBS)
# A target runs on the files of its corpus, or with libFuzzer on what that makes of them.
FUZZ_OBJ := $(B)/tests/fuzz/fuzz.o $(filter-out %/main.o,$(call obj,$(CLI_SRC))) $(B)/program.a $(B)/libbarista.a
$(FUZZED:%=$(B)/fuzz-replay-%): $(B)/fuzz-replay-%: $(B)/tests/fuzz/replay.o $(B)/tests/fuzz/fuzz_%.o $(FUZZ_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)
$(FUZZED:%=$(B)/fuzz-run-%): $(B)/fuzz-run-%: $(B)/tests/fuzz/fuzz_%.o $(FUZZ_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)
$(B)/tests/fuzz/fuzz_caffe.o: private ALL_CPPFLAGS += -DFUZZ_ENDING='".prototxt"'
$(B)/tests/fuzz/fuzz_onnx.o: private ALL_CPPFLAGS += -DFUZZ_ENDING='".onnx"'
$(B)/tests/fuzz/fuzz_caffe.o $(B)/tests/fuzz/fuzz_onnx.o: tests/fuzz/fuzz_import.c $(B)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/bench: $(call obj,$(BENCH_SRC)) $(B)/program.a $(B)/libbarista.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)
$(B)/check-streaming: $(call obj,$(CHECK_STREAMING_SRC))
$(B)/check-cluster: $(call obj,$(CHECK_CLUSTER_SRC))
$(B)/check-layered: $(call obj,$(CHECK_LAYERED_SRC))
$(SIM_CHECKS:%=$(B)/check-%): $(B)/libbarista.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(B)/libbarista.a $(ALL_LDLIBS)
$(B)/faults: $(call obj,$(FAULTS_SRC))
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(B)/faults-alloc.so: $(B)/tests/faults/alloc.o
$(B)/mpi-alloc.so: $(B)/tests/mpi/alloc.o
$(B)/faults-alloc.so $(B)/mpi-alloc.so:
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -o $@ $^
$(B)/tests/faults/alloc.o $(B)/tests/mpi/alloc.o: private ALL_CFLAGS += -fvisibility=default -fno-builtin
$(B)/%.o: %.c $(B)/flags | $(PB_SRC)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(PB_SRC:.c=.o): $(PB_SRC) $(B)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<
$(PB_SRC) $(PB_SRC:.c=.h) &: src/import/onnx/onnx.proto
	@mkdir -p $(@D)
	$(Q)protoc-c --proto_path=src --c_out=$(B)/src import/onnx/onnx.proto
$(B)/src/model/%.o $(B)/src/network/%.o $(B)/src/families/%.o $(B)/src/measure/%.o: private HOT = -O3 -fno-trapping-math
# Only this file knows where data is and will be: another PREFIX compiles nothing else anew.
$(B)/src/io/data_dir.o: private ALL_CPPFLAGS += -DBARISTA_DATADIR='"$(DATADIR)"' -DBARISTA_SOURCE_DIR='"$(CURDIR)"'
$(B)/src/io/data_dir.o: $(B)/datadir
$(B)/datadir: FORCE
	@mkdir -p $(@D); [ "$(DATADIR) $(CURDIR)" = "$$(cat $@ 2>/dev/null)" ] || printf '%s\n' "$(DATADIR) $(CURDIR)" > $@
# Hot loops for several instruction sets; which one runs is chosen by the processor.
ifneq (,$(findstring x86_64,$(shell $(CC) -dumpmachine)))
$(B)/src/families/%_avx2.o $(B)/src/measure/%_avx2.o: private HOT = -O3 -fno-trapping-math -mavx2
$(B)/src/families/%_avx512.o $(B)/src/measure/%_avx512.o: private HOT = -O3 -fno-trapping-math \
  -mavx512f -mavx512dq -mavx512bw -mavx512vl -mprefer-vector-width=512
endif
$(B)/flags: FORCE
	@mkdir -p $(@D); f='$(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(WARN) $(CFLAGS) $(SAN) $(LDFLAGS))'; \
	 [ "$$f" = "$$(cat $@ 2>/dev/null)" ] || printf '%s\n' "$$f" > $@

# Asks for root only when something is missing.
deps:
	@missing=; for p in $(DEPS); do \
	   dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	 done; \
	 if [ -z "$$missing" ]; then echo "all dependencies are installed"; exit 0; fi; \
	 echo "installing:$$missing"; \
	 if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	 $$sudo apt-get update -qq && \
	 $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing

# `make deps run` and `make deps check` need the order under -j too. The recursive calls
# below look for the libraries anew, after `deps`.
ifneq (,$(filter deps,$(MAKECMDGOALS)))
run check: deps
endif

run:
	@$(MAKE) --no-print-directory -s all
	@$(B)/barista-dse search -o results/run
	@echo; echo "report: results/run/report.md"; echo "charts:"; ls results/run/charts/*.png

check:
	@$(MAKE) --no-print-directory check-once
	@$(MAKE) --no-print-directory check-once SAN=address,undefined CFLAGS='-O1 -g'

check-once: $(B)/barista-dse $(B)/check-unit $(FUZZED:%=$(B)/fuzz-replay-%) lint
	$(B)/check-unit
	for f in $(FUZZED); do $(B)/fuzz-replay-$$f tests/fuzz/corpus/$$f/* || exit 1; done
	sh tests/lint/planted.sh $(B)/src
	sh tests/cli/run.sh $(B)/barista-dse
	$(if $(SAN),,sh tests/toy/check.sh "$(MAKE)")
	sh tests/install.sh '$(MAKE)' $(B) $(if $(SAN),sanitized)

lint: $(B)/libbarista.a $(B)/program.a $(B)/barista-dse $(B)/$(SONAME)
	@sh tests/lint/layers.sh src $(B)/src
	@sh tests/lint/symbols.sh $(B)/libbarista.a $(B)/$(SONAME)
	@sh tests/lint/readme.sh
	@clang-format --dry-run -Werror $(C_FILES)
	@! grep -nE '.{101}' $(C_FILES)
	@for h in include/*.h include/*/*.h src/*/*.h src/*/*/*.h; do $(CC) $(ALL_CPPFLAGS) -std=c11 -fsyntax-only -x c $$h || exit 1; done

# RTL_COUNT random configurations of the mesh in Verilator, against the model and the reference GEMM.
RTL_COUNT ?= 200
check-rtl:
	tests/rtl/lint
	tests/rtl/check $(RTL_COUNT)

# Models against simulators that count what they have in closed form.
SIM_SEED  ?= 1
SIM_COUNT ?= 500
check-sim: $(SIM_CHECKS:%=$(B)/check-%)
	for c in $(SIM_CHECKS); do $(B)/check-$$c $(SIM_SEED) $(SIM_COUNT) || exit 1; done

# Yosys on meshes of several sizes, against the resource model; SYNTH_FLAGS=--quick for a subset.
SYNTH_FLAGS ?=
check-synth:
	tests/synth/check $(SYNTH_FLAGS)

# All of it, with the tables in results/reference/proof.md.
proof: $(B)/barista-dse
	sh tests/proof.sh $(B)/barista-dse results/reference $(RTL_COUNT)

check-mpi: $(B)/barista-dse
	@$(MAKE) --no-print-directory MPI=1 all build-mpi/mpi-alloc.so
	sh tests/mpi.sh $(B)/barista-dse build-mpi/barista-dse build-mpi/mpi-alloc.so

# Every allocation and every call of the system fails, once and from there on.
FAULTS_STRIDE ?= 1
KILLS ?= 100
check-kills: $(B)/barista-dse
	sh tests/kills.sh $(B)/barista-dse $(KILLS)
check-faults: $(B)/barista-dse $(B)/faults $(B)/faults-alloc.so
	sh tests/faults/check.sh $(B)/barista-dse $(B)/faults $(B)/faults-alloc.so -j 2 -s $(FAULTS_STRIDE)

bench: $(B)/bench $(B)/barista-dse
	@$(MAKE) --no-print-directory MPI=1 all
	$(B)/bench $(B)/barista-dse build-mpi/barista-dse

results: $(B)/barista-dse $(B)/faults $(B)/faults-alloc.so
	sh tests/results.sh $(B)/barista-dse results/reference
	sh tests/faults/check.sh $(B)/barista-dse $(B)/faults $(B)/faults-alloc.so -n > results/reference/faults.md

fuzz: $(FUZZED:%=fuzz-%)
$(FUZZED:%=fuzz-%): fuzz-%: FORCE
	@$(MAKE) --no-print-directory CC=clang B=build-fuzz SAN=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' build-fuzz/fuzz-run-$*
	@mkdir -p build-fuzz/corpus/$*
	build-fuzz/fuzz-run-$* -artifact_prefix=build-fuzz/ -max_total_time=$(FUZZ_SECONDS) -max_len=16384 -timeout=10 \
	  $(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) build-fuzz/corpus/$* tests/fuzz/corpus/$*

# Objects of their own: they count which lines and branches run.
coverage:
	@$(MAKE) --no-print-directory B=build-coverage CFLAGS='-O0 -g --coverage' coverage-once
coverage-once: $(B)/barista-dse $(B)/check-unit $(B)/faults $(B)/faults-alloc.so $(FUZZED:%=$(B)/fuzz-replay-%)
	sh tests/coverage.sh $(B)

valgrind: $(B)/barista-dse
	sh tests/valgrind.sh $(B)/barista-dse

INSTALLED_DIRS := $(DATADIR)/devices/precisions $(DATADIR)/devices/measured $(DATADIR)/workloads $(INCDIR)/barista
install: all
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(MANDIR) $(INSTALLED_DIRS))
	install -m755 $(B)/barista-dse $(DESTDIR)$(BINDIR)
	install -m644 $(B)/libbarista.a $(DESTDIR)$(LIBDIR)
	install -m755 $(B)/$(SONAME) $(DESTDIR)$(LIBDIR)/libbarista.so.$(VERSION)
	ln -sf libbarista.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libbarista.so
	install -m644 include/barista.h $(DESTDIR)$(INCDIR)
	install -m644 include/barista/*.h $(DESTDIR)$(INCDIR)/barista
	install -m644 devices/*.yaml $(DESTDIR)$(DATADIR)/devices
	install -m644 devices/precisions/*.yaml $(DESTDIR)$(DATADIR)/devices/precisions
	install -m644 devices/measured/*.yaml $(DESTDIR)$(DATADIR)/devices/measured
	install -m644 workloads/*.yaml $(DESTDIR)$(DATADIR)/workloads
	install -m644 src/cli/barista-dse.1 $(DESTDIR)$(MANDIR)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCDIR@|$(INCDIR)|' \
	  -e 's|@VERSION@|$(VERSION)|' -e 's|@PKGS@|$(LIB_PKGS)|' src/barista.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/barista.pc

# Only what `install` put there; folders that hold something else stay.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/barista-dse $(DESTDIR)$(LIBDIR)/libbarista.a \
	  $(addprefix $(DESTDIR)$(LIBDIR)/,libbarista.so $(SONAME) libbarista.so.$(VERSION) pkgconfig/barista.pc) \
	  $(DESTDIR)$(INCDIR)/barista.h $(patsubst include/%,$(DESTDIR)$(INCDIR)/%,$(wildcard include/barista/*.h)) \
	  $(patsubst %,$(DESTDIR)$(DATADIR)/%,$(wildcard devices/*.yaml devices/*/*.yaml workloads/*.yaml)) \
	  $(DESTDIR)$(MANDIR)/barista-dse.1
	-rmdir $(addprefix $(DESTDIR),$(INSTALLED_DIRS) $(DATADIR)/devices $(DATADIR)) 2>/dev/null

dist:
	git archive --prefix=barista-dse-$(VERSION)/ -o barista-dse-$(VERSION).tar.gz HEAD

C_FILES = $(wildcard include/*.h include/*/*.h src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch])
format:
	$(Q)clang-format -i $(C_FILES)

clean:
	rm -rf build build-*

FORCE:
.PHONY: all uninstall dist format deps run check check-once check-mpi check-faults check-kills check-rtl check-sim check-synth proof lint bench results fuzz coverage coverage-once valgrind install clean FORCE
-include $(patsubst %.o,%.d,$(wildcard $(B)/tests/fuzz/*.o) $(call obj,$(ALL_SRC) $(UNIT_SRC) $(BENCH_SRC) $(CHECK_LAYERED_SRC) $(CHECK_STREAMING_SRC) \
	$(CHECK_CLUSTER_SRC) $(FAULTS_SRC) tests/faults/alloc.c tests/mpi/alloc.c))
