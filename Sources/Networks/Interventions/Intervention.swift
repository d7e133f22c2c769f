import Tensors

/// A change to a network while it runs: where, to what part, and what is done.
///
/// An intervention is a value. Nothing is installed on a network, so nothing has to be taken off.
///
/// ```swift
/// let cut = Intervention(at: net.hidden, .units([3, 5]), .zero)
/// print(cut)  // zero ablation of hidden, units 3 and 5
/// let run = try net.network.run(weights, on: examples, with: [cut], recording: [net.output])
/// ```
public struct Intervention: Hashable, Sendable, Codable {
  /// What is put in the place of an activation or a weight.
  public enum Action: Hashable, Sendable, Codable {
    /// Zero ablation: 0.
    case zero
    /// Mean ablation: the mean over the examples of the clean run.
    case mean
    /// Resample ablation: the value of the clean run on another example, drawn by a seed.
    case resample(seed: Int)
    /// Another run's value, or any other: `[shape...]`, `[examples, shape...]`,
    /// `[networks, examples, shape...]`, or `[networks, shape...]` where there are not as many networks as examples;
    /// for a weight `[shape...]` or `[networks, shape...]`. In a scan the shape begins with the steps.
    case patch(Tensor)
    /// Steering: a vector is added; `[shape...]` or `[networks, shape...]`, in a scan with the steps first.
    case steer(along: Tensor)
    /// A unit vector's share is taken away; shapes as for steering.
    case projectOut(Tensor)
  }

  /// Which part of a site is changed.
  public enum Part: Hashable, Sendable, Codable {
    case all
    /// Some places (units, positions, heads) along one axis of the site.
    case units([Int], axis: Int = 0)
    /// A choice for each network, whose units stand in an order of their own.
    case unitsByNetwork([[Int]], axis: Int = 0)
    /// Some places along each axis in turn, nil for all: `.block([[3], [0, 1]])` is what two heads do at one position.
    case block([[Int]?])
    /// A choice for each network among all numbers of the site, counted with the last axis changing fastest.
    case entriesByNetwork([[Int]])
  }

  public let place: String
  /// What the axes of the place run over, for captions; empty for a weight.
  let axes: [String]
  public let part: Part
  /// The steps at which a site of a scan's body is changed; nil for all.
  public let steps: [Int]?
  public let action: Action

  /// Changes a whole activation.
  public init(at site: Site, steps: [Int]? = nil, _ action: Action) {
    self.init(at: site, .all, steps: steps, action)
  }

  /// Changes a part of an activation.
  public init(at site: Site, _ part: Part, steps: [Int]? = nil, _ action: Action) {
    self.init(place: site.name, axes: site.axes, part, steps: steps, action)
  }

  /// Changes a whole weight.
  public init(at parameter: Parameter, _ action: Action) {
    self.init(place: parameter.name, .all, action)
  }

  /// Changes a part of a weight.
  public init(at parameter: Parameter, _ part: Part, _ action: Action) {
    self.init(place: parameter.name, part, action)
  }

  init(
    place: String, axes: [String] = [], _ part: Part, steps: [Int]? = nil, _ action: Action
  ) {
    (self.place, self.axes, self.part) = (place, axes, part)
    (self.steps, self.action) = (steps, action)
  }
}

extension Intervention {
  /// Whether it puts in what the network held when nothing was done to it.
  var drawsFromClean: Bool {
    switch action {
    case .mean, .resample: true
    case .zero, .patch, .steer, .projectOut: false
    }
  }

  /// Whether each network has a choice of its own.
  var differsByNetwork: Bool {
    switch part {
    case .unitsByNetwork, .entriesByNetwork: true
    case .all, .units, .block: false
    }
  }
}

extension Intervention: CustomStringConvertible {
  public var description: String {
    let verb =
      switch action {
      case .zero: "zero ablation of \(place)"
      case .mean: "mean ablation of \(place)"
      case .resample: "resample ablation of \(place)"
      case .patch: "\(place) patched"
      case .steer: "\(place) steered along a direction"
      case .projectOut: "a direction projected out of \(place)"
      }
    let units =
      switch part {
      case .all: ""
      case .units(let units, let axis): ", \(named(units, axis))"
      case .unitsByNetwork(_, let axis): ", each network's own \(name(of: axis))s"
      case .entriesByNetwork: ", each network's own entries"
      case .block(let places):
        places.enumerated().map { axis, units in units.map { ", \(named($0, axis))" } ?? "" }
          .joined()
      }
    let when =
      steps.map { ", at step \($0.map(String.init).joined(separator: " and "))" } ?? ""
    return verb + units + when
  }

  private func name(of axis: Int) -> String { axis < axes.count ? axes[axis] : "unit" }

  private func named(_ units: [Int], _ axis: Int) -> String {
    "\(name(of: axis))\(units.count == 1 ? "" : "s") "
      + units.map(String.init).joined(separator: " and ")
  }
}
