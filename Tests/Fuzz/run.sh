#!/bin/sh
# Fuzzes every reader for SECONDS in all, as many readers at a time as there are processors.
#
#   Tests/Fuzz/run.sh SECONDS [READER...]
#
# The readers are compiled with libFuzzer's counters and AddressSanitizer, as optimised as the stages are. An input that
# crashes a reader, traps in it, takes it more than ten seconds or a gigabyte, or makes it write a page that is not
# harmless, is kept in .build/fuzz/found. The corpus that grows from Tests/Fuzz/Corpus stays in .build/fuzz/corpus.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
readers=${*:-tensors network findings figures training story keys picture}
fuzz=.build/fuzz
build=$fuzz/build/release

for target in Stories Figures; do
  swift build -c release -Xcc -march=native -Xswiftc -enable-testing -Xswiftc -sanitize=fuzzer,address \
    --scratch-path $fuzz/build --target $target >&2
done
objects=$(for target in Tensors Findings Documents Figures Networks Artifacts Experiments Stories; do
  find Sources/$target -name '*.swift' -exec basename {} ';' | sed "s|.*|$build/$target.build/&.o|"
done)
swiftc -swift-version 6 -O -enable-testing -parse-as-library -use-ld=lld -sanitize=fuzzer,address \
  -package-name "$(sed -nE '/"-module-name","Tensors"/ s/.*"-package-name","([^"]*)".*/\1/p' $fuzz/build/release.yaml)" \
  -I $build/Modules -I Sources/CVectors -I Sources/CZlib -I Sources/CCMark -I Sources/CPNG -I Sources/CPango \
  $(pkg-config --cflags-only-I pangocairo | sed 's/-I/-Xcc -I/g') \
  Tests/Fuzz/*.swift $(ls Sources/compare/*.swift | grep -v /Compare.swift) $objects \
  $build/Documents.build/embedded_resources.swift.o $build/Mustache.build/*.o \
  $(pkg-config --libs zlib libcmark libpng pangocairo) -o $fuzz/fuzz

processors=$(nproc)
count=$(echo $readers | wc -w)
share=$((seconds * (processors < count ? processors : count) / count))
rm -rf $fuzz/found
mkdir -p $fuzz/found
one() {
  mkdir -p $fuzz/corpus/$1 $fuzz/case/$1
  SWIFT_BACKTRACE=enable=no READER=$1 FOLDER=$fuzz/case/$1 CORPUS=Tests/Fuzz/Corpus $fuzz/fuzz \
    -max_total_time=$share -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len=16384 \
    -dict=Tests/Fuzz/words.dict -artifact_prefix=$fuzz/found/$1- -print_final_stats=1 \
    $fuzz/corpus/$1 Tests/Fuzz/Corpus/$1 >$fuzz/$1.log 2>&1 || touch $fuzz/found/$1
  awk -v reader=$1 '/number_of_executed_units/ { tries = $2 } / cov: / { paths = $4 }
    END { print "fuzz " reader ": " tries + 0 " inputs, " paths + 0 " places in the code reached" }' $fuzz/$1.log
}
running=0
for reader in $readers; do
  one $reader &
  running=$((running + 1))
  # The readers take as long as each other.
  [ $((running % processors)) = 0 ] && wait
done
wait
for reader in $readers; do
  [ -e $fuzz/found/$reader ] || continue
  echo "fuzz: the reader $reader fails on $(ls $fuzz/found/$reader-* 2>/dev/null || echo 'a sound file');" \
    "see $fuzz/$reader.log:" >&2
  grep -m 3 -E 'Fatal error|ERROR|SUMMARY' $fuzz/$reader.log >&2 || tail -3 $fuzz/$reader.log >&2
  failed=yes
done
[ -z "${failed-}" ]
