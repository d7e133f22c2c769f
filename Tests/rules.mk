# The tests of the tests, and what measures: no part of what is checked of every change. The Makefile includes this.

# A gallery of one tiny case, interrupted at every rename and at random moments, on full disks and the like.
KILLS := 200
torture:
	@$(processor)
	@$(call install,command -v python3 >/dev/null || echo python3)
	@PYTHONDONTWRITEBYTECODE=1 python3 Tests/Torture/torture.py . .build/torture --kills $(KILLS)

# A cluster's worth of daemons on this one machine: the shards of a sweep through srun, and one node that goes.
slurm = PATH=$$PATH:/usr/sbin; command -v slurmctld >/dev/null || echo slurm-wlm; command -v munged >/dev/null || echo munge
test-slurm: build
	@$(call install,$(slurm))
	@Tests/Slurm/run.sh .build/slurm

# What every stage reads, mutated, under libFuzzer and AddressSanitizer; what fails is kept in .build/fuzz/found.
SECONDS := 600
fuzz: lists
	@$(processor)
	@Tests/Fuzz/run.sh $(SECONDS)

# The tests of the tests. They compile for themselves.
sanitize:
	@Tests/sanitize.sh thread
	@Tests/sanitize.sh address

coverage: lists
	@Tests/coverage.sh

mutants:
	@python3 -B Tests/Mutants/run_mutants.py

bench: build
	@$(LAUNCH) .build/release/bench$(THREADS:%= --threads %)

# Python of its own with the peers, as test-clients has for the gallery. BUSY=yes measures on a busy machine too.
PEERS       = .build/peers
RIVALS      = PYTHONPYCACHEPREFIX=$(PEERS)/compiled $(PEERS)/bin/python
BUSY       :=
POPULATIONS :=
TURNS       = $(if $(POPULATIONS),3,5)
WORKLOADS  :=
bench-peers: build rivals
	$(RIVALS) Tests/Benchmarks/peers.py .build/release/bench --turns $(TURNS) $(BUSY:%=--busy) \
	  $(POPULATIONS:%=--populations) $(if $(WORKLOADS),--workloads $(WORKLOADS),--write)

.PHONY: rivals
rivals:
	$(call environment,$(PEERS),Tests/Benchmarks/requirements.txt)

bench-report: build rivals
	$(RIVALS) Tests/Benchmarks/report.py .build/release $(CASES) $(BUSY:%=--busy)

# The same bytes from every instruction set that this machine has, on any number of threads: of the smallest
# case, or of all with FULL=yes, where the odd numbers of threads are left to the small one.
FULL :=
test-isa: build
	@$(call install,command -v python3 >/dev/null || echo python3)
	@python3 -B Tests/Benchmarks/isa.py .build/release $(if $(FULL),$(CASES) --threads 2,xor)
