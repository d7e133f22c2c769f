#!/usr/bin/env bash
# A sweep on a Slurm of three nodes, which this one machine plays, against the same sweep without it.
#
#   run.sh FOLDER   a scratch folder, made anew
#
# slurmctld, three slurmd and munged live on the loopback and in the folder alone, and are gone at the end. In the
# midst of a sweep one of the nodes goes down; the next `make` has to finish what it left.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin

fail() { printf 'make test-slurm: %s\n' "$1" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail 'slurmd and munged need root: run it as root, as in a container'
for program in slurmctld slurmd srun scontrol sinfo munged; do
  command -v "$program" >/dev/null || fail "there is no $program: install slurm-wlm and munge"
done

rm -rf "$1"
mkdir -p "$1"/{state,spool/n1,spool/n2,spool/n3,log,munge}
place=$(cd "$1" && pwd)
nodes=(n1 n2 n3)

# Ends what was started here, and nothing else.
down() {
  rm -f "$place/hold"
  for file in "$place"/slurm*.pid "$place"/munge/pid; do
    [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null || :
  done
  [ -z "${sweeping:-}" ] || kill "$sweeping" 2>/dev/null || :
}
trap down EXIT
trap 'exit 130' INT TERM

up() {
  chmod 700 "$place/munge"
  head -c 128 /dev/urandom >"$place/munge/key"
  chmod 400 "$place/munge/key"
  munged --force --socket="$place/munge/socket" --key-file="$place/munge/key" --num-threads=2 \
    --pid-file="$place/munge/pid" --seed-file="$place/munge/seed" --log-file="$place/log/munged" \
    2>"$place/log/munge.errors" || fail "munged does not start: $(tail -n 1 "$place/log/munge.errors")"
  cat >"$place/slurm.conf" <<CONF
ClusterName=casebook
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$place/munge/socket
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.%n.pid
SlurmdSpoolDir=$place/spool/%n
StateSaveLocation=$place/state
SlurmctldLogFile=$place/log/slurmctld
SlurmdLogFile=$place/log/slurmd.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
NodeName=n[1-3] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[17001-17003] CPUs=2 State=UNKNOWN
PartitionName=main Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF=$place/slurm.conf
  slurmctld
  for node in "${nodes[@]}"; do slurmd -N "$node"; done
  for _ in {1..100}; do
    [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && return
    sleep 0.2
  done
  fail "the nodes are not idle after 20 s: $(tail -n 2 "$place"/log/slurm*)"
}

# make sweep, into artifacts and shards of its own.
sweep() {
  make --no-print-directory sweep CASE=xor ARTIFACTS="$place/$1" SHARDS="$place/$1-shards" \
    "${@:2}"
}
shards() { find "$place/$1-shards" -name '*.json' 2>/dev/null | wc -l; }
same() {
  for file in sweep.json sweep.png; do
    cmp "$place/alone/xor/$file" "$place/$1/xor/$file" || fail "$1: other bytes than one machine's"
  done
}
timed() { # into the variable $1, in milliseconds
  local began=${EPOCHREALTIME/./}
  "${@:2}"
  printf -v "$1" %s $(((${EPOCHREALTIME/./} - began) / 1000))
}

timed seconds sweep alone -j2 THREADS=1 >"$place/log/alone" 2>&1 || fail "$(tail -n 3 "$place/log/alone")"
all=$(shards alone)
up
printf 'three nodes are up: %s\n' "$(sinfo -h -o '%D %t')"

timed cluster sweep whole -j6 THREADS=1 LAUNCH='srun -n1 -Q' >"$place/log/whole" 2>&1 ||
  fail "through srun: $(tail -n 3 "$place/log/whole")"
same whole
printf 'through srun: %s shards, the same bytes\n' "$all"

# One node goes down while its shards run, and takes them along. To be sure that some do, they dawdle there.
touch "$place/hold"
cat >"$place/dawdle" <<SH
#!/bin/sh
[ "\$SLURMD_NODENAME" != n2 ] || { while [ -e '$place/hold' ]; do sleep 0.1; done; exit 1; }
exec "\$@"
SH
chmod +x "$place/dawdle"
sweep broken -k -j6 THREADS=1 LAUNCH="srun -n1 -Q $place/dawdle" >"$place/log/broken" 2>&1 &
sweeping=$!
until [ "$(shards broken)" -ge 4 ] && [ -n "$(squeue -h -w n2 -t running)" ]; do
  kill -0 $sweeping 2>/dev/null || fail "it ended early: $(tail -n 3 "$place/log/broken")"
  sleep 0.1
done
scontrol update nodename=n2 state=down reason='stopped by the test'
kill "$(cat "$place/slurmd.n2.pid")"
if wait $sweeping; then fail 'the sweep ended well although a node was stopped in it'; fi
sweeping=
rm "$place/hold"
done=$(shards broken)
[ "$done" -lt "$all" ] || fail 'no shard was lost with its node'
[ ! -e "$place/broken/xor/sweep.json" ] || fail 'a sweep with a shard missing was collected'
printf 'a node stopped: %s of %s shards are done, and nothing is collected\n' "$done" "$all"

find "$place/broken-shards" -name '*.json' -printf '%p %i %T@\n' | sort >"$place/before"
sweep broken -j6 THREADS=1 LAUNCH='srun -n1 -Q' >"$place/log/again" 2>&1 ||
  fail "make after it: $(tail -n 3 "$place/log/again")"
find "$place/broken-shards" -name '*.json' -printf '%p %i %T@\n' | sort >"$place/after"
[ "$(comm -12 "$place/before" "$place/after" | wc -l)" = "$done" ] || fail 'a shard was made twice'
same broken
printf 'make again, on the two nodes left: the %s others, and the same bytes\n' $((all - done))

# What a shard costs besides training, the least of ten: to start and declare the sweep, and through srun.
least() { # into the variable $1, in milliseconds
  local took fewest=999999
  for _ in {1..10}; do
    timed took "${@:2}" .build/release/sweep xor --shards >/dev/null
    [ "$took" -ge "$fewest" ] || fewest=$took
  done
  printf -v "$1" %s "$fewest"
}
least here
least there srun -n1 -Q
printf 'all shards: %d ms on two cores, %d ms through srun\n' "$seconds" "$cluster"
printf 'a shard costs %d ms besides training, and through srun %d ms\n' "$here" "$there"
