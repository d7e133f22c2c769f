import Synchronization
import Tensors

/// A network's graph opened for interventions of one form, and the groups of lanes that are planned for it.
///
/// Where networks and examples are few, planning a run takes longer than the run. So a group that one run is done
/// with is lent to the next, which loads weights and examples of its own.
final class RunPlan: Sendable {
  /// What a plan depends on.
  struct Form: Hashable, Sendable {
    /// The places that are intervened on, and whether any intervention steers or projects there.
    let places: [String: [Bool]]
    let recording: [String]
    let isScored: Bool
    let examples: Int

    init(
      _ interventions: [Intervention], recording: [String], isScored: Bool, examples: Int
    ) {
      places = Dictionary(grouping: interventions, by: \.place).mapValues { here in
        [
          here.contains { if case .steer = $0.action { true } else { false } },
          here.contains { if case .projectOut = $0.action { true } else { false } },
        ]
      }
      (self.recording, self.isScored, self.examples) = (recording, isScored, examples)
    }
  }

  let form: Form
  let graph: Instrumentation
  private let idle = Mutex<[any LentGroup]>([])

  init(_ form: Form, _ graph: Instrumentation) { (self.form, self.graph) = (form, graph) }

  /// Lends a group to one piece of work.
  ///
  /// - Throws: What the work throws; the group is lent again all the same, since whoever is lent it loads everything.
  func lend<L: Lane, Result>(
    _ lane: L.Type, to work: (InstrumentedGroup<L>) throws -> Result
  ) throws -> Result {
    let kept = idle.withLock { idle -> InstrumentedGroup<L>? in
      guard let index = idle.lastIndex(where: { $0 is InstrumentedGroup<L> }) else { return nil }
      return idle.remove(at: index) as? InstrumentedGroup<L>
    }
    let group = kept ?? InstrumentedGroup<L>(graph, examples: form.examples)
    defer { idle.withLock { $0.append(group) } }
    return try work(group)
  }

  /// Lets go of groups that take more memory than planning them anew takes time.
  func trim() { idle.withLock { $0.removeAll { $0.byteCount > RecentPlans.mostBytes } } }
}

/// A group of lanes, whatever their width.
protocol LentGroup: AnyObject, Sendable {
  /// The memory of its values.
  var byteCount: Int { get }
}

/// The plans of a network's last few runs.
final class RecentPlans: Sendable {
  /// The most that one group may hold on to between runs.
  static let mostBytes = 8 << 20
  private static let most = 4
  private let plans = Mutex<[RunPlan]>([])

  /// The plan of a form: a recent one, or one that is made.
  func plan(_ form: RunPlan.Form, _ make: () throws -> Instrumentation) rethrows -> RunPlan {
    if let plan = plans.withLock({ $0.first { $0.form == form } }) { return plan }
    let plan = RunPlan(form, try make())
    plans.withLock { $0 = Array(([plan] + $0).prefix(Self.most)) }
    return plan
  }
}
