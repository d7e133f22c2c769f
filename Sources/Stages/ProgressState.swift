import Synchronization

/// When progress was last shown; called from many threads.
final class ProgressState: Sendable {
  private let last = Mutex<Double?>(nil)

  /// Whether it is time to show progress again; the first time is one period after the start.
  func isDue(_ elapsed: Double, every period: Double) -> Bool {
    last.withLock { last in
      guard elapsed - (last ?? 0) >= period else { return false }
      last = elapsed
      return true
    }
  }

  var hasShown: Bool { last.withLock { $0 != nil } }
}
