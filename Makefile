# recio: build, test, install. Targets: all check check-asan crash fuzz bench
# demo install uninstall clean format. Variables: CC CFLAGS CPPFLAGS LDFLAGS
# PREFIX DESTDIR BUILD, STATIC=1, COMPAT=portable (src/compat without what only
# Linux has). The user's flags are added to the necessary ones.
include package/info

PROGRAMS := $(shell cut -d' ' -f1 package/modes)
MAN = $(wildcard doc/*.[1-8])
# The portable form has its own directory, since its objects have the same names.
BUILD = build$(COMPAT:%=/%)
$(if $(filter-out portable,$(COMPAT)),$(error COMPAT is portable or nothing))
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib/$(name)
MANDIR = $(PREFIX)/share/man
DOCDIR = $(PREFIX)/share/doc/$(name)
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
COMPLETED = rlogread rlogsess
LNAVDIR = $(PREFIX)/share/lnav/formats/$(name)
CFLAGS = -O2 -g
# Tests wait for much of their time.
JOBS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)

WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
  -Wwrite-strings -Wformat=2
FORTIFY = $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),$(if $(findstring \
  -fsanitize,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
PC := $(shell pkg-config --exists skalibs 2>/dev/null && echo yes)
ifeq ($(PC),yes)
SKA_CFLAGS := $(shell pkg-config --cflags skalibs)
SKA_LIBS := $(shell pkg-config --libs-only-L skalibs) -l:libskarnet.a
else
SKA_LIBS = -L/usr/local/lib/skalibs -L/usr/lib/skalibs -l:libskarnet.a
endif
all_cppflags = -D_GNU_SOURCE -DVERSION='"$(version)"' \
  -DLIBDIR='"$(LIBDIR)"' -Isrc \
  $(FORTIFY) $(SKA_CFLAGS) $(COMPAT:portable=-DCOMPAT_PORTABLE) $(CPPFLAGS)
all_cflags = -std=c11 $(WARN) -fPIE -fstack-protector-strong $(CFLAGS)
all_ldflags = $(if $(STATIC),-static-pie,-pie) -Wl,-z,relro,-z,now \
  -Wl,--as-needed $(LDFLAGS)
compile = $(CC) $(all_cppflags) $(all_cflags) -MMD -MP -c -o $@ $<
group = $(if $(1),-Wl$(comma)--start-group $(1) -Wl$(comma)--end-group)
comma = ,
link = $(CC) $(all_cflags) $(all_ldflags) -o $@ $(filter %.o,$^) \
  $(call group,$(filter %.a,$^))

# libnats is no static library, and programs do without it: nats_missing.c says so.
NATS := $(if $(STATIC),,$(shell pkg-config --exists libnats 2>/dev/null && echo yes))
NATS_LIBS := $(if $(NATS),$(shell pkg-config --libs libnats))
without = $(patsubst %,src/stream/nats_%.c, \
  $(if $(NATS),missing,link feed session inbox))
# OpenSSL, likewise: relp_tls_missing.c.
OPENSSL := $(shell pkg-config --exists openssl 2>/dev/null && echo yes)
OPENSSL_LIBS := $(if $(OPENSSL),$(shell pkg-config $(STATIC:%=--static) \
  --libs openssl))
without += src/relp/relp_tls$(if $(OPENSSL),_missing).c
# The linker leaves out those that a program does not need.
OPTIONAL_LIBS = $(NATS_LIBS) $(OPENSSL_LIBS)
obj = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(without),$(wildcard $(1))))
# The folders of src that are no programs, and the folders whose headers each
# folder includes. tests/sh/layers.t compares these lines with the code.
FOLDERS = base compat relay logdir logread logwrite stream relp
uses_recio = relay base
uses_rawio = relay base compat
uses_rlog = logwrite base
uses_rlogfetch = stream logwrite logread logdir base
uses_rlogread = logread base
uses_rlogship = relp stream logread logdir base
uses_rlogsess = logread logdir base
uses_relay = base compat
uses_logdir = base compat
uses_stream = base
uses_logread = logdir base compat
uses_logwrite = logdir base compat
uses_relp = stream base
uses_base = compat
uses_companion = base
# The archive of a folder, and of each folder that it uses, directly or not.
archives_of = $(sort $(BUILD)/$(1).a \
  $(foreach u,$(uses_$(1)),$(call archives_of,$u)))
unit = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/*.c))
fuzz = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*/*.c))
tools = $(patsubst %.c,$(BUILD)/%,$(filter-out $(missing), \
  $(wildcard tests/tools/*.c)))
FUSE := $(shell pkg-config --exists fuse3 2>/dev/null && echo yes)
GNUTLS := $(shell pkg-config --exists gnutls 2>/dev/null && echo yes)
TLS := $(shell pkg-config --exists openssl gnutls 2>/dev/null && echo yes)
missing = $(if $(FUSE),,tests/tools/recorder.c) \
  $(if $(NATS),,tests/tools/nats-load.c) \
  $(if $(GNUTLS),,tests/tools/gnutls-calls.c) \
  $(if $(TLS),,$(patsubst %,tests/tools/%.c,tls-session tls-load ucspi-tlsd \
  openssl-calls))
# The portable form and sanitizers need no tests of the manual pages, of the
# installation and of browsers, which do not differ; crash and peer tests need
# Linux's forms.
unneeded = $(if $(COMPAT)$(findstring -fsanitize,$(CFLAGS)), \
  $(patsubst %,tests/sh/%.t,docs readme install rlogsess-browser))
scenarios = $(filter-out $(unneeded),$(wildcard tests/sh/*.t \
  $(if $(COMPAT),,tests/peer/*.t tests/crash/*.t)))

companions = $(BUILD)/companion.so $(BUILD)/companion-tls.so

all: $(PROGRAMS:%=$(BUILD)/%) $(companions)

# The shared objects that recio preloads, the second one for -L. They need libc
# alone and export only the functions that they replace. They are neither
# instrumented nor fortified, since they must load into programs that are not,
# and into programs of another libc.
pic = $(patsubst %.c,$(BUILD)/pic/%.o,$(wildcard $(1)))
$(companions): $(call pic,src/companion/*.c src/base/socket_facts.c \
  src/base/clear_channel.c)
$(BUILD)/companion-tls.so: $(call pic,src/companion/tls/*.c)
$(companions):
	$(CC) $(pic_cflags) -shared -Wl,-z,relro,-z,now,-z,defs \
	  -Wl,--as-needed $(LDFLAGS) -o $@ $^ -ldl
pic_cflags = $(filter-out -fsanitize% -fno-sanitize%,$(all_cflags)) -fPIC \
  -fvisibility=hidden -U_FORTIFY_SOURCE
$(BUILD)/pic/%.o: %.c Makefile package/info | $(BUILD)/skalibs
	@mkdir -p $(@D)
	$(CC) $(all_cppflags) $(pic_cflags) -MMD -MP -c -o $@ $<

# An archive has all modules of its folder but main.c, so that unit tests link it.
$(foreach f,$(PROGRAMS) $(FOLDERS),$(eval $(BUILD)/$f.a: \
  $(filter-out %/main.o,$(call obj,src/$f/*.c src/$f/*/*.c))))
# The style sheet and the script of the form html, as arrays of bytes.
assets = page_css page_js
$(BUILD)/page_assets.c: $(patsubst page_%,src/rlogsess/html/page.%,$(assets)) \
  Makefile | $(BUILD)/skalibs
	@mkdir -p $(@D)
	{ echo '#include "rlogsess/html/page_assets.h"'; \
	for a in $(assets); do echo "const char $$a[] = {"; \
	od -An -v -tu1 src/rlogsess/html/page.$${a#page_} | \
	sed 's/  */,/g; s/^,//; s/$$/,/' || exit; \
	echo "0}; const size_t $${a}_len = sizeof $$a - 1;"; done; } >$@.new
	mv $@.new $@
$(BUILD)/page_assets.o: $(BUILD)/page_assets.c | $(BUILD)/skalibs
	$(compile)
$(BUILD)/rlogsess.a: $(BUILD)/page_assets.o
archives = $(patsubst %,$(BUILD)/%.a,$(PROGRAMS) $(FOLDERS))
$(archives):
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcs $@ $^
$(foreach p,$(PROGRAMS),$(eval $(BUILD)/$p: $(BUILD)/src/$p/main.o \
  $(call archives_of,$p)))
$(PROGRAMS:%=$(BUILD)/%):
	$(link) $(SKA_LIBS) $(OPTIONAL_LIBS)
# tests/unit/F/M.c tests module M of folder F; tests/fuzz/F/M.c feeds the module
# inputs: libFuzzer's with LIBFUZZER=1, else the files of tests/fuzz/seeds.
of = $(call group,$(call archives_of,$(notdir $(@D))))
$(unit): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(archives)
	$(CC) $(all_cflags) $(all_ldflags) -o $@ $< $(of) $(SKA_LIBS) \
	  $(OPTIONAL_LIBS) -lcmocka
# These tests change a directory between two system calls of the reader.
$(addprefix $(BUILD)/tests/unit/logread/,snapshot file_sequence unread_files): all_ldflags += $(foreach c,openat fstatat \
  fstat pread fdopendir readdir rewinddir inotify_init1,-Wl,--wrap=$(c))
# This test replaces a file right after the module has examined its name.
$(BUILD)/tests/unit/logdir/regular_file: all_ldflags += -Wl,--wrap=fstatat
# This test has a host name with a domain.
$(BUILD)/tests/unit/rlogship/rlogship_options: all_ldflags += -Wl,--wrap=gethostname
# This test looks at memory that is given back.
$(BUILD)/tests/unit/stream/stream_keys: all_ldflags += -Wl,--wrap=free
# This test checks each mark that is published.
$(BUILD)/tests/unit/rlogfetch/fetch_store: all_ldflags += -Wl,--wrap=fed_log_put
replay = $(if $(LIBFUZZER),,$(BUILD)/tests/fuzz/replay.o)
$(fuzz): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(replay) $(archives)
	$(CC) $(all_cflags) $(all_ldflags) $(if $(LIBFUZZER),-fsanitize=fuzzer) \
	  -o $@ $< $(replay) $(of) $(SKA_LIBS) $(OPTIONAL_LIBS)
$(tools): $(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o
	$(link) $(SKA_LIBS) $(tool_libs) $(OPTIONAL_LIBS)
$(BUILD)/tests/tools/clear-reader: $(call archives_of,base)
$(addprefix $(BUILD)/tests/tools/,other-boot marked-ring): \
  $(call archives_of,logwrite)
$(BUILD)/tests/tools/known-forms: $(call archives_of,rlogsess)
$(BUILD)/tests/tools/relp-send: $(call archives_of,relp)
$(addprefix $(BUILD)/tests/tools/,nats-client shipped-lines \
  publish-lines): \
  $(call archives_of,stream)
$(BUILD)/tests/tools/gnutls-calls: tool_libs = -lgnutls
$(addprefix $(BUILD)/tests/tools/,ucspi-tlsd openssl-calls): tool_libs = \
  $(shell pkg-config --libs openssl) -lpthread
$(BUILD)/tests/tools/recorder: tool_libs = $(shell pkg-config --libs fuse3)
$(addprefix $(BUILD)/tests/tools/,tls-session tls-load): tool_libs = \
  $(shell pkg-config --libs openssl gnutls)
$(BUILD)/tests/tools/recorder.o: CPPFLAGS += \
  $(shell pkg-config --cflags fuse3 2>/dev/null)
$(BUILD)/%.o: %.c Makefile package/info | $(BUILD)/skalibs
	@mkdir -p $(@D)
	$(compile)

$(BUILD)/skalibs:
	@mkdir -p $(@D)
	@printf '#include <skalibs/tai.h>\nint main(void){return !tain_now_g();}\n' \
	  | $(CC) $(SKA_CFLAGS) -x c -o $@ - $(LDFLAGS) $(SKA_LIBS) || { echo \
	  '$(name) needs skalibs, headers and libskarnet.a: on Debian install' \
	  'skalibs-dev, elsewhere see https://skarnet.org/software/skalibs/' >&2; \
	  exit 1; }

check: all $(unit) $(fuzz) $(tools)
	BUILD='$(abspath $(BUILD))' COMPAT='$(COMPAT)' tests/run -j$(JOBS) $(unit) \
	  $(scenarios)
check-asan:
	$(MAKE) BUILD=$(BUILD)/asan check \
	  CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
# The full numbers of kills, faults and odd streams; check runs a sample of them.
crash: all $(tools) $(BUILD)/tests/unit/logread/file_sequence
	BUILD='$(abspath $(BUILD))' CRASH_LONG=1 TEST_LIMIT=7200 \
	  tests/run -j$(JOBS) $(BUILD)/tests/unit/logread/file_sequence tests/crash/*.t \
	  tests/peer/differential.t tests/peer/ship-cut.t
fuzz:
	package/deps fuzz
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang LIBFUZZER=1 fuzz-targets \
	  CFLAGS='-O1 -g -fsanitize=address,undefined,fuzzer-no-link'
	BUILD='$(abspath $(BUILD)/fuzz)' tests/fuzz/run
fuzz-targets: $(fuzz)
bench: all $(tools)
	BUILD='$(abspath $(BUILD))' tests/bench/run
demo:
	package/demo

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DOCDIR)
	while read -r p m; do install -m $$m $(BUILD)/$$p $(DESTDIR)$(BINDIR) \
	  || exit; done <package/modes
	for c in $(companions); do install -D -m 644 $$c \
	  $(DESTDIR)$(LIBDIR)/$${c##*/} || exit; done
	for m in $(MAN); do install -D -m 644 $$m \
	  $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/} || exit; done
	for p in $(COMPLETED); do install -D -m 644 completion/rlogread.bash \
	  $(DESTDIR)$(BASHDIR)/$$p || exit; done
	for p in rlogfetch rlogship; do install -D -m 644 completion/$$p.bash \
	  $(DESTDIR)$(BASHDIR)/$$p || exit; done
	for p in rlogread rlogfetch rlogship; do install -D -m 644 \
	  completion/_$$p $(DESTDIR)$(ZSHDIR)/_$$p || exit; done
	install -D -m 644 doc/lnav/recio.json $(DESTDIR)$(LNAVDIR)/recio.json
	cp -R README.md NEWS.md LICENSE doc/examples $(DESTDIR)$(DOCDIR)
	@r=$$(command -v rlog); test -z "$$r" || test "$$r" = $(BINDIR)/rlog || \
	  echo "warning: another rlog, $$r, comes first in PATH" >&2
uninstall:
	rm -f $(PROGRAMS:%=$(DESTDIR)$(BINDIR)/%)
	for m in $(MAN); do rm -f \
	  $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; done
	for p in $(COMPLETED) rlogfetch rlogship; do \
	  rm -f $(DESTDIR)$(BASHDIR)/$$p $(DESTDIR)$(ZSHDIR)/_$$p; done
	rm -rf $(DESTDIR)$(LNAVDIR) $(DESTDIR)$(DOCDIR)
	rm -f $(companions:$(BUILD)/%=$(DESTDIR)$(LIBDIR)/%)
	rmdir $(DESTDIR)$(LIBDIR) 2>/dev/null || :
clean:
	rm -rf $(BUILD)
format:
	clang-format -i $$(git ls-files '*.[ch]')

.PHONY: all check check-asan crash fuzz fuzz-targets bench demo install uninstall clean format
.SECONDARY:
-include $(wildcard $(BUILD)/src/*/*.d $(BUILD)/src/*/*/*.d $(BUILD)/pic/src/*/*.d \
  $(BUILD)/pic/src/*/*/*.d $(BUILD)/tests/*/*.d \
  $(BUILD)/tests/*/*/*.d)
