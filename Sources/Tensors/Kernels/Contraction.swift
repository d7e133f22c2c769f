/// Where a contraction finds its numbers: offsets into two operands and the result.
///
/// Axis letters: `b` runs over all three arrays, `m` over the first operand and the result, `n` over the
/// second and the result, `k` over both operands and is summed.
public struct ContractionLayout: Sendable {
  /// One axis of the three arrays; the stride is nil in an array that does not have it.
  public struct Axis: Sendable {
    public var size: Int
    public var left: Int?
    public var right: Int?
    public var result: Int?
    /// The stride in what is joined to the result, 0 where that is broadcast.
    public var joined: Int

    public init(size: Int, left: Int?, right: Int?, result: Int?, joined: Int = 0) {
      (self.size, self.joined) = (size, joined)
      (self.left, self.right, self.result) = (left, right, result)
    }
  }

  /// Where one index of an axis that the result has is found in one operand, the result, and what is joined to it.
  struct Place {
    var operand, result, joined: Int
  }

  let batch: [(left: Int, right: Int, result: Int, joined: Int)]
  let rows: [Place]
  let columns: [Place]
  /// Where each term of a sum is found.
  let inner: [(left: Int, right: Int)]
  /// The same as loops over evenly spaced numbers.
  let loops: ContractionLoops

  /// Multiply-adds of one network.
  public var productCount: Int { batch.count * rows.count * columns.count * inner.count }

  /// Sorts the axes, outermost first, by the arrays that have them.
  ///
  /// - Precondition: Every axis is in two arrays at least.
  public init(_ axes: [Axis]) {
    func offsets(_ kept: [Axis]) -> [[Int]] {
      var all = [[0, 0, 0, 0]]
      for axis in kept {
        let steps = [axis.left ?? 0, axis.right ?? 0, axis.result ?? 0, axis.joined]
        all = all.flatMap { base in
          (0..<axis.size).map { index in zip(base, steps).map { $0 + index * $1 } }
        }
      }
      return all
    }
    precondition(
      axes.allSatisfy { [$0.left, $0.right, $0.result].compactMap { $0 }.count >= 2 },
      "An axis of a contraction stands in one array only")
    batch = offsets(axes.filter { $0.left != nil && $0.right != nil && $0.result != nil })
      .map { ($0[0], $0[1], $0[2], $0[3]) }
    rows = offsets(axes.filter { $0.right == nil })
      .map { Place(operand: $0[0], result: $0[2], joined: $0[3]) }
    columns = offsets(axes.filter { $0.left == nil })
      .map { Place(operand: $0[1], result: $0[2], joined: $0[3]) }
    inner = offsets(axes.filter { $0.result == nil }).map { ($0[0], $0[1]) }
    loops = ContractionLoops(axes)
  }
}

/// Contracts two arrays: result[b, m, n] = Σₖ left[b, m, k] · right[b, k, n].
///
/// The sum runs in the order of k with fused multiply-add, whatever the shapes: vectorised across networks
/// and tiled across b, m and n, never across k. One that continues begins with what the result holds. One that is
/// not plain ends with what the array that is joined holds for each number of the result. For one network alone
/// `PackedContraction` is faster, with the same bits.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func contract<L: Lane>(
  _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, continuing: Bool = false, ending: ContractionEnding = .plain,
  joined: UnsafePointer<L>? = nil
) {
  boundContract(left, right, into: result, layout, ending: ending, joined: joined)(continuing)
}

/// `contract`, to be called as often as needed, with whether it continues a sum.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundContract<L: Lane>(
  _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, ending: ContractionEnding = .plain, joined: UnsafePointer<L>? = nil
) -> (_ continuing: Bool) -> Void {
  func bound<Ending: SumEnding>(_ ending: Ending.Type) -> () -> Void {
    let loops = layout.loops
    // A plain sum is joined to nothing: any pointer will do.
    let joined = joined ?? left
    if layout.rows.count < 4, layout.columns.count < 4, layout.batch.count >= 4 {
      return { contractFew(left, right, into: result, layout, joined, ending) }
    }
    if let (tiling, isCorner) = loops.single(left, right, into: result, joined, ending) {
      // The loops hold the terms that the tiling goes through.
      return {
        withExtendedLifetime(loops) {
          if isCorner { tiling.contractCorner() } else { tiling.contract() }
        }
      }
    }
    return { loops.run(left, right, into: result, joined, ending) }
  }
  switch ending {
  case .plain:
    let (begin, goOn) = (bound(Plain.self), bound(Continued.self))
    return { continuing in if continuing { goOn() } else { begin() } }
  case .add:
    let run = bound(Added.self)
    return { _ in run() }
  case .addRelu:
    let run = bound(AddedAndRectified.self)
    return { _ in run() }
  case .multiply:
    let run = bound(Multiplied.self)
    return { _ in run() }
  case .gate:
    let run = bound(Gated.self)
    return { _ in run() }
  }
}

/// `boundContract` of numbers that all networks have alike; there have to be four columns or a multiple.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundContract<L: Lane>(
  given left: Operand<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, ending: ContractionEnding = .plain, joined: UnsafePointer<L>? = nil
) -> (_ continuing: Bool) -> Void {
  precondition(layout.columns.count % 4 == 0, "Columns that do not come in fours")
  let (loops, joined) = (layout.loops, joined ?? right)
  func run<Ending: SumEnding>(_ ending: Ending.Type) {
    loops.run(shared: left.numbers, right, into: result, joined, ending)
  }
  switch ending {
  case .plain:
    return { continuing in if continuing { run(Continued.self) } else { run(Plain.self) } }
  case .add: return { _ in run(Added.self) }
  case .addRelu: return { _ in run(AddedAndRectified.self) }
  case .multiply: return { _ in run(Multiplied.self) }
  case .gate: return { _ in run(Gated.self) }
  }
}
