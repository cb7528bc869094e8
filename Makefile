# SPDX-License-Identifier: GPL-3.0-or-later
# make            build build/barista-dse and build/libbarista.a
# make deps       install what is missing, from Debian's packages
# make run        search ResNet-20 on the default board, write and print the report
# make check      all tests;  SAN=address,undefined for the same under sanitizers
# make bench      speed, as ratios;  make results: redo the committed reference runs
# make install    PREFIX= DESTDIR=
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib
INCDIR  ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share/barista-dse
MANDIR  ?= $(PREFIX)/share/man/man1
CFLAGS  ?= -O2 -g
comma   := ,
B       ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
PKGS    := yaml-0.1 openblas gsl jansson libmd
DEPS    := gcc make pkg-config libyaml-dev libgsl-dev libopenblas-dev libjansson-dev libmd-dev \
           libcmocka-dev gnuplot-nox fonts-dejavu-core
VERSION := $(shell sed -n 's/.*BARISTA_VERSION "\(.*\)".*/\1/p' include/barista.h)

WARN = -std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wdouble-promotion
PKG_CFLAGS  = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS    = $(filter-out -lgslcblas,$(shell pkg-config --libs $(PKGS) 2>/dev/null))
ALL_CPPFLAGS = -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -DBARISTA_DATADIR='"$(DATADIR)"' \
               $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS  = $(WARN) -ffp-contract=off $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
              $(CFLAGS) $(HOT)
ALL_LDLIBS  = $(PKG_LIBS) -lm

LIB_SRC  := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c)))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
TEST_SRC := $(sort $(wildcard tests/unit/*.c))
obj       = $(patsubst %.c,$(B)/%.o,$(1))

all: $(B)/barista-dse

$(B)/libbarista.a: $(call obj,$(LIB_SRC))
	rm -f $@ && $(AR) cr $@ $^
$(B)/barista-dse: $(call obj,$(CLI_SRC)) $(B)/libbarista.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/src/model/%.o $(B)/src/host/%.o: private HOT = -O3 -fno-trapping-math
# ALL_CPPFLAGS is expanded when make reads its recipes, so that `make deps all` sees what deps installed.
$(B)/flags: FORCE
	@mkdir -p $(@D); f="$(CC) $(subst ",,$(ALL_CPPFLAGS)) $(WARN) $(CFLAGS) $(SAN) $(LDFLAGS)"; \
	 [ "$$f" = "$$(cat $@ 2>/dev/null)" ] || echo "$$f" > $@

clean:
	rm -rf build build-*

FORCE:
.PHONY: all clean FORCE
-include $(patsubst %.o,%.d,$(call obj,$(LIB_SRC) $(CLI_SRC) $(TEST_SRC)))
