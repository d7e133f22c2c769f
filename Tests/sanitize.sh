#!/bin/sh
# Runs the tests of what is computed with under a sanitizer: `thread` those that use several threads, `address` all.
#
#   Tests/sanitize.sh thread|address
#
# It compiles copies of the targets alone that Tests/Mutants/Package.swift names, optimised as the stages are.
set -eu
cd "$(dirname "$0")/.."
kind=$1
core=.build/sanitize
mkdir -p $core/Sources $core/Tests
rm -rf $core/Sources/CVectors
cp -pR Sources/CVectors $core/Sources/
for target in Tensors Findings Networks; do
  rm -rf $core/Sources/$target $core/Tests/${target}Tests
  cp -pR Sources/$target $core/Sources/
  cp -pR Tests/${target}Tests $core/Tests/
done
cp -p Tests/Mutants/Package.swift $core/
cd $core
swift build --build-tests -c release -Xcc -march=native -Xswiftc -enable-testing --sanitize "$kind" \
  --scratch-path .build-"$kind" >&2
case $kind in
thread) filter='(Parallel|Population|Noise|Intervention|ScanIntervention|Chunk)Tests' ;;
*) filter=. ;;
esac
SWIFT_BACKTRACE=enable=no TSAN_OPTIONS=halt_on_error=1 \
  .build-"$kind"/release/casebook-corePackageTests.xctest --testing-library swift-testing --filter "$filter" >tests.log 2>&1 || {
  grep -m 1 -A 30 -E 'WARNING: ThreadSanitizer|ERROR: AddressSanitizer|recorded an issue' tests.log || tail -20 tests.log
  exit 1
} >&2
echo "sanitize $kind: $(grep -oE '[0-9]+ tests?.* passed.*' tests.log | tail -1)"
