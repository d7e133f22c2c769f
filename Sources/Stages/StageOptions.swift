import ArgumentParser
import Artifacts
import Dispatch
import Foundation

/// What every stage is told on its command line.
public struct StageOptions: ParsableArguments {
  @Argument(help: "The case, as in `make list`.")
  public var name: String

  @Option(help: "The folder of the gallery.")
  public var artifacts = "artifacts"

  @Option(help: "How many threads compute; the result is the same.")
  public var threads = ProcessInfo.processInfo.activeProcessorCount

  public init() {}

  public func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is a number from 1 to 1024, not \(threads)")
    }
  }

  /// Runs a stage on the case that was named.
  ///
  /// On success one line that begins with the stage and the case goes to standard output. An error becomes one line on
  /// standard error and the exit code of its kind.
  ///
  /// - Parameters:
  ///   - stage: The stage's name.
  ///   - cases: What the stage can work on, by case.
  ///   - work: Does it, and says in a few words what was done.
  /// - Throws: `ValidationError` if there is no such case; `ExitCode` if the work fails, once its error is written.
  public func run<Subject>(
    _ stage: String, among cases: KeyValuePairs<String, Subject>,
    _ work: (Subject, CaseFolder, Progress) throws -> String
  ) throws {
    guard let subject = cases.first(where: { $0.key == name })?.value else {
      let known = cases.map(\.key).joined(separator: ", ")
      throw ValidationError("there is no case \(name.quoted); there are \(known)")
    }
    try run(stage) { progress in
      try work(subject, folder(), progress)
    }
  }

  /// The folder of the case that was named, cleared of what interrupted stages left there.
  ///
  /// - Throws: `StageError` if there can be no such case, or a folder in it cannot be read or leads elsewhere.
  public func folder() throws -> CaseFolder {
    let folder = try Gallery(artifacts).case(name)
    try folder.removeLeftovers()
    return folder
  }

  /// Runs a stage on the whole gallery.
  public func run(_ stage: String, _ work: (Progress) throws -> String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let progress = Progress("\(stage) \(name)")
    do {
      let done = try work(progress)
      progress.end()
      let seconds = (clock.now - start) / .seconds(1)
      print("\(stage) \(name): \(done) (\(Self.tenths(seconds)) s)")
    } catch {
      progress.end()
      complain(stage, of: error)
      // What is no file's fault means that the case cannot be done.
      throw ExitCode(((error as? StageError)?.kind ?? .impossible).rawValue)
    }
  }

  /// Writes an error as one line on standard error.
  public func complain(_ stage: String, of error: any Error) {
    FileHandle.standardError.write(Data("\(stage) \(name): error: \(error)\n".utf8))
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

/// Shows on standard error how far a stage is: a bar on a terminal, a plain line now and then elsewhere.
public final class Progress: Sendable {
  private let title: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private let state = ProgressState()

  init(_ title: String) { self.title = title }

  /// Says how much is done.
  public func report(_ doing: String, share: Double, note: String) {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard state.isDue(elapsed, every: isTerminal ? 0.1 : 5) else { return }
    let left = share > 0 ? elapsed / share - elapsed : 0
    let percent = Int((share * 100).rounded(.down))
    let words = "\(doing), \(note), \(percent) %, \(Int(left.rounded(.up))) s left"
    if isTerminal {
      let filled = Int(share * 24)
      let bar =
        String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
      write("\r\u{1B}[K\(title) \(bar) \(words)")
    } else {
      write("… \(title): \(words)\n")
    }
  }

  func end() { if isTerminal, state.hasShown { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
