// What libFuzzer calls. READER says which reader is fuzzed, FOLDER where the sound case may lie that the reader's file
// is put into, CORPUS where files are that are sound.

import Foundation
import Tensors

private let subject: Reader = {
  let environment = ProcessInfo.processInfo.environment
  guard let reader = environment["READER"].flatMap(ReaderName.init(rawValue:)),
    let folder = environment["FOLDER"], let corpus = environment["CORPUS"]
  else {
    fatalError("READER is one of \(ReaderName.allCases.map(\.rawValue)), FOLDER and CORPUS paths")
  }
  do {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(corpus)/\(reader)").sorted()
    let sound = names.first { $0.hasPrefix("sound") } ?? names[0]
    return try Reader(
      reader, sound: Array(Data(contentsOf: URL(filePath: "\(corpus)/\(reader)/\(sound)"))),
      story: String(contentsOfFile: "\(corpus)/story/sound.md", encoding: .utf8), in: folder)
  } catch { fatalError("a sound case is refused: \(error)") }
}()

@_cdecl("LLVMFuzzerInitialize")
func begin(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  _ = subject
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
func tryOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  subject.tryOne([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// Of three inputs in four, mutates what no mutation of bytes would find by chance: a word of JSON, or the header or the
/// data of a tensor file, whose length and checksum are made right again.
@_cdecl("LLVMFuzzerCustomMutator")
func mutateOne(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  let whole = Array(UnsafeBufferPointer(start: bytes, count: count))
  var generator = Generator(seed: Int(seed), stream: .analysis)
  var result: [UInt8]
  switch (subject.name, seed % 4) {
  case (.story, _), (_, 0): return mutate(bytes, count, limit)
  case (.tensors, let choice):
    guard var parts = TensorParts(whole) else { return mutate(bytes, count, limit) }
    let room = limit - 8 - (choice == 1 ? parts.header : parts.data).count
    switch choice {
    case 1: parts.data = mutated(parts.data, room: room)
    case 2: parts.header = mutated(parts.header, room: room)
    default: parts.header = wordMutated(parts.header, using: &generator)
    }
    result = parts.file
  default: result = wordMutated(whole, using: &generator)
  }
  if result.count > limit { result = whole }
  bytes.update(from: result, count: result.count)
  return result.count
}

private func mutated(_ part: [UInt8], room: Int) -> [UInt8] {
  guard room >= part.count, room > 0 else { return part }
  return [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
    guard let start = buffer.baseAddress else { return }
    start.initialize(from: part, count: part.count)
    used = mutate(start, part.count, room)
  }
}
