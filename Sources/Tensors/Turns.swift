import Dispatch
import Glibc
import Synchronization

/// Runs a piece of work on some threads at once and returns when all are done.
///
/// No thread may need another one to have begun, and what they share must be theirs in turns.
public func inParallel(threads: Int, _ work: (_ thread: Int) -> Void) {
  if threads == 1 { return work(0) }
  withoutActuallyEscaping(work) { work in
    nonisolated(unsafe) let work = work
    DispatchQueue.concurrentPerform(iterations: threads) { work($0) }
  }
}

/// Numbers from zero on, each handed out once.
public final class Turns: Sendable {
  private let next = Atomic<Int>(0)

  public init() {}

  /// Takes the next number.
  public func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }

  /// Waits until all numbers before this one are done: awake for some 50 µs, then looking up now and then.
  public func wait(for number: Int) {
    var patience = 20_000
    while next.load(ordering: .acquiring) < number {
      patience -= 1
      if patience < 0 { usleep(50) }
    }
  }

  /// Says that a number is done, and with it all before.
  public func end(_ number: Int) { next.store(number + 1, ordering: .releasing) }

  /// Begins again; nobody may be waiting.
  public func reset() { next.store(0, ordering: .relaxed) }
}
