# Sweeps: how often each algorithm is found, over a grid of settings × seeds. `make sweep` asks for the shards of a case,
# makes the file of each as a target of its own, through LAUNCH, and collects them. Shards lie in a folder named by
# the hash of all that they were made from, so those that are done are never made again, and none is of other sources.
#
# Sweeps have keys of their own, and nothing but `make sweep` makes them; `make` says which are stale.

SHARDS := .build/sweep
SWEPT  := $(foreach c,$(join $(CASES:%=%:),$(NAMES)),$(if $(wildcard \
  Sources/CaseStudies/$(lastword $(subst :, ,$c))/Hypotheses+Sweep.swift),$(firstword $(subst :, ,$c))))
SWEEPS := $(SWEPT:%=%/sweep)

# A shard is trained from nothing, so no other stage has to have run.
reads.sweep = .toolchain $(task) $(hypotheses) $(call sources,CVectors CZlib CPNG CPango Findings Tensors \
  Networks Artifacts Experiments Stages Interpretability Investigations Figures Sweeps) \
  $(wildcard Sources/sweep/*.swift)
makes.sweep = sweep.json sweep.png

ifdef HASHES
  UNSWEPT   := $(call stale,$(SWEEPS))
  OLDSWEEPS := $(patsubst $(KEYS)/%/sweep,%,$(wildcard $(UNSWEPT:%=$(KEYS)/%)))
endif
ifneq ($(and $(filter sweep,$(MAKECMDGOALS)),$(filter-out $(SWEPT),$(CASE))),)
  $(error The case "$(CASE)" has no Hypotheses+Sweep.swift; these have: $(SWEPT))
endif

sweep: $(patsubst %,$(KEYS)/%/sweep,$(or $(CASE),$(SWEPT)))
$(UNSWEPT:%=$(KEYS)/%): compiled
$(SWEEPS:%=$(KEYS)/%):
ifeq ($(findstring n,$(short))$(findstring q,$(short)),)
	@hash=$$(printf '%s\n' $$READ | sha256sum | head -c 16) && \
	names=$$(.build/release/sweep $(case) --shards) && \
	$(MAKE) -s --no-print-directory $$(printf "$(SHARDS)/$(case)/$$hash/%s.json " $$names) && \
	$(LAUNCH) .build/release/sweep $(case) --collect $(SHARDS)/$(case)/$$hash --sources $$hash$(options)
	@$(key)

sweep:
	@echo 'The sweeps are $(if $(strip $(UNSWEPT)),made,current).'
else
	$(LAUNCH) .build/release/sweep $(case), shard by shard
endif

# The shard xor/HASH/NAME; whoever asks for it by hand gives its whole path.
$(SHARDS)/%.json:
	@$(LAUNCH) .build/release/sweep $(firstword $(subst /, ,$*)) --shard $(notdir $*) --output $@ \
	  --sources $(word 2,$(subst /, ,$*))$(THREADS:%= --threads %)
