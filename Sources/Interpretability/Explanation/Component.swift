import Networks
import Tensors

/// A part of what a site holds, chosen for each network of a population.
public enum SitePart: Hashable, Sendable {
  /// Some of the site's numbers, counted along its axes with the last changing fastest.
  case entries([[Int]])
  /// Some directions of a site that is a vector: rows, orthonormal within each network.
  ///
  /// - Shape: `[networks, directions, width]`
  case directions(Tensor)

  /// The directions that rows span.
  ///
  /// - Shape: `[networks, directions, width]`
  /// - Throws: `NetworkError` if a network's rows are not independent.
  public static func spanned(by rows: Tensor) throws -> SitePart {
    .directions(try orthonormalized(rows))
  }

  /// The part that holds all that some parts hold.
  ///
  /// - Throws: `NetworkError` if there are none, if they differ in kind, or if directions depend on each other.
  public static func union(_ parts: [SitePart]) throws -> SitePart {
    guard let first = parts.first else { throw NetworkError("there are no parts to join") }
    return try parts.dropFirst().reduce(first) { joined, part in
      switch (joined, part) {
      case (.entries(let left), .entries(let right)):
        return .entries(zip(left, right).map { Array(Set($0).union($1)).sorted() })
      case (.directions(let left), .directions(let right)):
        let rows = try (0..<left.shape[0]).map { network in
          try Tensor(
            left.slice(network).scalars + right.slice(network).scalars,
            shape: [left.shape[1] + right.shape[1], left.shape[2]])
        }
        return try .spanned(by: Tensor(stacking: rows))
      default: throw NetworkError("entries and directions cannot be joined")
      }
    }
  }

  /// A part of the same kind that holds nothing.
  var none: SitePart {
    switch self {
    case .entries(let entries): .entries(entries.map { _ in [] })
    case .directions(let rows):
      .directions(Tensor(repeating: 0, shape: [rows.shape[0], 0, rows.shape[2]]))
    }
  }

  /// The part of some of the networks.
  public func networks(_ indices: [Int]) -> SitePart {
    switch self {
    case .entries(let entries): .entries(indices.map { entries[$0] })
    case .directions(let rows): .directions(rows.slices(indices))
    }
  }

  /// Another part as large, drawn at random: entries that are not among these as far as there are enough, or
  /// directions at right angles to these as far as there is room.
  ///
  /// - Parameters:
  ///   - size: How many numbers the site holds.
  ///   - candidates: The entries to draw from; all, if nothing else is said.
  ///   - generator: Where the draws come from.
  /// - Returns: The part.
  /// - Throws: `NetworkError` never: random directions are independent.
  public func placebo(
    ofSite size: Int, among candidates: [Int]? = nil, using generator: inout Generator
  ) throws -> SitePart {
    switch self {
    case .entries(let entries):
      let all = candidates ?? Array(0..<size)
      return .entries(
        entries.map { own in
          let others = all.filter { !own.contains($0) }
          let order = generator.permutation(of: others.count)
          let drawn = order.prefix(own.count).map { others[$0] }
          // Too few others: the rest comes from the part itself.
          return (drawn + own.prefix(own.count - drawn.count)).sorted()
        })
    case .directions(let rows):
      let (count, width) = (rows.shape[1], rows.shape[2])
      let drawn = try (0..<rows.shape[0]).map { network in
        let own = Interpretability.rows(of: rows.slice(network))
        let random = (0..<count).map { _ in (0..<width).map { _ in Double(generator.normal()) } }
        let free = 2 * count <= width ? try orthonormalized(own + random).suffix(count) : []
        return try Tensor(
          (free.isEmpty ? try orthonormalized(random) : Array(free)).flatMap {
            $0.map { Float($0) }
          },
          shape: [count, width])
      }
      return .directions(try Tensor(stacking: drawn))
    }
  }

  /// Whether nothing of a site lies outside of the part, in any network.
  public func isAll(ofSite size: Int) -> Bool {
    switch self {
    case .entries(let entries): entries.allSatisfy { $0.count == size }
    case .directions(let rows): rows.shape[1] == size
    }
  }

  /// What a site holds, with this part of it taken from elsewhere.
  ///
  /// - Parameters:
  ///   - base: What the site holds.
  ///   - donor: Where the part is taken from.
  /// - Returns: What the site holds then.
  /// - Shape: `[networks, examples, shape of the site...]` all.
  public func replaced(in base: Tensor, by donor: Tensor) -> Tensor {
    let (networks, examples) = (base.shape[0], base.shape[1])
    let size = base.count / max(networks * examples, 1)
    // To the last digit: a recurrence may make much of what rounding would leave of the base.
    if isAll(ofSite: size) { return donor }
    var result = base
    donor.scalars.withUnsafeBufferPointer { donor in
      result.withUnsafeMutableScalars { values in
        switch self {
        case .entries(let entries):
          for network in 0..<networks {
            for example in 0..<examples {
              let first = (network * examples + example) * size
              for entry in entries[network] { values[first + entry] = donor[first + entry] }
            }
          }
        case .directions(let rows):
          let count = rows.shape[1]
          rows.scalars.withUnsafeBufferPointer { rows in
            for network in 0..<networks {
              for example in 0..<examples {
                let first = (network * examples + example) * size
                var added = [Double](repeating: 0, count: size)
                for row in 0..<count {
                  let start = (network * count + row) * size
                  var share = 0.0
                  for unit in 0..<size {
                    share +=
                      Double(rows[start + unit])
                      * (Double(donor[first + unit]) - Double(values[first + unit]))
                  }
                  for unit in 0..<size { added[unit] += share * Double(rows[start + unit]) }
                }
                for unit in 0..<size {
                  values[first + unit] = Float(Double(values[first + unit]) + added[unit])
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}

/// The component that a case is about, wherever it lies in a network: a rule that finds its members at a site.
///
/// ```swift
/// let pair = Component("the surviving pair", at: net.hidden, members: ["first", "second"]) { weights in
///   Located(units: (0..<weights.count).map { Pair(in: weights, network: $0)?.units }, count: 2)
/// }
/// ```
public struct Component: Sendable {
  /// With its article: `the surviving pair`.
  public let name: String
  public let site: Site
  /// The step of the scan that the site lies in.
  public let step: Int?
  /// What its members are called.
  public let members: [String]
  /// The entries of the site that are comparable with its own: where a placebo is drawn from; nil for all.
  public let comparable: [Int]?
  private let locate: @Sendable (Weights) throws -> Located

  /// The numbers that the site holds.
  public var size: Int { site.shape.count }

  public init(
    _ name: String, at site: Site, step: Int? = nil, members: [String], comparable: [Int]? = nil,
    locate: @escaping @Sendable (Weights) throws -> Located
  ) {
    (self.name, self.site, self.step, self.members) = (name, site, step, members)
    (self.comparable, self.locate) = (comparable, locate)
  }

  /// Finds the component in every network.
  ///
  /// - Throws: `NetworkError` if the rule finds another number of members or networks; what the rule throws.
  public func located(in weights: Weights) throws -> Located {
    let located = try locate(weights)
    guard located.members.count == members.count, located.present.count == weights.count else {
      throw NetworkError(
        "\(name) has \(members.count) members in \(weights.count) networks, but its locator found "
          + "\(located.members.count) in \(located.present.count)")
    }
    return located
  }

  /// The component with every part drawn at random, as a hypothesis that is wrong on purpose.
  public func misplaced(seed: Int) -> Component {
    Component(name, at: site, step: step, members: members, comparable: comparable) { weights in
      var generator = Generator(seed: seed, stream: .analysis)
      let found = try locate(weights)
      var taken = try SitePart.union(found.members)
      let members = try found.members.map { member in
        let moved = try member.placebo(ofSite: size, among: comparable, using: &generator)
        guard case .entries(let own) = member, case .entries(let all) = taken else { return moved }
        let others = comparable ?? Array(0..<size)
        let drawn = zip(own, all).map { own, all in
          let free = others.filter { !all.contains($0) }
          let order = generator.permutation(of: free.count)
          return order.prefix(own.count).map { free[$0] }.sorted()
        }
        taken = try .union([taken, .entries(drawn)])
        return .entries(drawn)
      }
      return Located(members: members, present: found.present)
    }
  }
}

/// Where a component lies in the networks of a population.
public struct Located: Hashable, Sendable {
  /// Each member's part, in every network; what it is where the component is absent says nothing.
  public let members: [SitePart]
  /// Whether a network has the component.
  public let present: [Bool]

  /// Says where members lie; without `present`, everywhere.
  public init(members: [SitePart], present: [Bool]) {
    (self.members, self.present) = (members, present)
  }

  /// The members are single places of a site, or nil where a network has none.
  public init(units: [[Int]?], count: Int) {
    self.init(groups: units.map { $0.map { $0.map { [$0] } } }, count: count)
  }

  /// The members are groups of places of a site, or nil where a network has none.
  public init(groups: [[[Int]]?], count: Int) {
    members = (0..<count).map { member in .entries(groups.map { $0?[member] ?? [] }) }
    present = groups.map { $0?.count == count }
  }

  /// Some of the networks.
  public func networks(_ indices: [Int]) -> Located {
    Located(
      members: members.map { $0.networks(indices) }, present: indices.map { present[$0] })
  }
}
