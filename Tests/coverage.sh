#!/bin/sh
# Measures which lines of Sources run in the tests, and in the stages on the gallery that is there, which make every
# number of it again.
#
#   Tests/coverage.sh [PERCENT]
#
# Prints the lines of each target, and fails if fewer than PERCENT of all have run (90 if not given).
set -eu
cd "$(dirname "$0")/.."
least=${1-90}
place=$PWD/.build/coverage
mkdir -p "$place"
rm -rf "$place/raw" "$place/artifacts"
mkdir "$place/raw"
cp -R artifacts "$place/"
export LLVM_PROFILE_FILE="$place/raw/%p.profraw"

flags="-c release -Xcc -march=native -Xswiftc -enable-testing --scratch-path .build/coverage/build"
swift build --build-tests --enable-code-coverage $flags >&2
program=$place/build/release/casebookPackageTests.xctest
"$program" --testing-library swift-testing --skip 'PipelineTests\.' >"$place/tests.log" 2>&1 || {
  grep 'recorded an issue' "$place/tests.log" || tail "$place/tests.log"
  exit 1
} >&2
grep -oE 'Test run with .*' "$place/tests.log" | tail -1
for case in $(make -s list); do
  for stage in record analyze render assemble; do
    "$place/build/release/$stage" "$case" --artifacts "$place/artifacts" >"$place/stage.log" 2>&1 ||
      { cat "$place/stage.log" >&2; exit 1; }
  done
done
"$place/build/release/assemble" gallery --artifacts "$place/artifacts" >"$place/stage.log"

tools=$(dirname "$(command -v swiftc)")
"$tools/llvm-profdata" merge -sparse "$place"/raw/*.profraw -o "$place/all.profdata"
set -- "$program"
for stage in train record analyze render assemble bench; do
  set -- "$@" -object "$place/build/release/$stage"
done
"$tools/llvm-cov" export -format=lcov -instr-profile "$place/all.profdata" "$@" >"$place/lines.lcov"
awk -v sources="SF:$PWD/Sources/" -v least="$least" '
  index($0, "SF:") == 1 {
    here = index($0, sources) == 1
    split(substr($0, length(sources) + 1), path, "/")
    target = path[1] == "CaseStudies" ? path[1] "/" path[2] : path[1]
    file = $0
  }
  /^DA:/ && here {
    split(substr($0, 4), line, ",")
    key = file ":" line[1]
    if (!(key in seen)) { seen[key] = 1; all[target]++; total++ }
    if (line[2] > 0 && !(key in run)) { run[key] = 1; ran[target]++; sum++ }
  }
  END {
    for (target in all)
      printf "%6.1f %%  %5d of %5d lines  %s\n", 100 * ran[target] / all[target], ran[target], all[target], target | "sort -n"
    close("sort -n")
    printf "%6.1f %%  %5d of %5d lines  in all\n", 100 * sum / total, sum, total
    exit 100 * sum < least * total
  }' "$place/lines.lcov"
