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
  /// Where each term of a sum is found, in the left operand and the right one, and the other way round.
  let inner: [(left: Int, right: Int)]
  let turned: [(left: Int, right: Int)]

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
    turned = inner.map { ($0.right, $0.left) }
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
  // A plain sum is joined to nothing: any pointer will do.
  let joined = joined ?? left
  switch ending {
  case .plain: tile(left, right, into: result, layout, continuing, Plain.self, joined)
  case .add: tile(left, right, into: result, layout, continuing, Added.self, joined)
  case .addRelu: tile(left, right, into: result, layout, continuing, AddedAndRectified.self, joined)
  case .multiply: tile(left, right, into: result, layout, continuing, Multiplied.self, joined)
  case .gate: tile(left, right, into: result, layout, continuing, Gated.self, joined)
  }
}

@inline(__always)
private func tile<L: Lane, Ending: SumEnding>(
  _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, _ continuing: Bool, _: Ending.Type, _ joined: UnsafePointer<L>
) {
  let all = Tiling<L, Ending>(result: result, joined: joined, continuing: continuing)
  layout.withOffsets { batch, rows, columns, inner, turned in
    if rows.count < 4, columns.count < 4, batch.count >= 4 {
      all.contract(left, right, batch, rows, columns, inner)
      return
    }
    let (across, down) = (columns.count & ~3, rows.count & ~3)
    for b in batch {
      let (x, y) = (left + b.left, right + b.right)
      let tiling = all.moved(by: b.result, b.joined)
      tiling.contract(x, y, rows, columns.part(0..<across), inner)
      if across < columns.count {
        let rest = columns.part(across..<columns.count)
        tiling.contract(y, x, rest, rows.part(0..<down), turned)
        tiling.contract(x, y, rows.part(down..<rows.count), rest, inner)
      }
    }
  }
}

extension ContractionLayout {
  typealias Places = UnsafeBufferPointer<Place>
  typealias Terms = UnsafeBufferPointer<(left: Int, right: Int)>
  typealias Batch = UnsafeBufferPointer<(left: Int, right: Int, result: Int, joined: Int)>

  /// Lends all offsets.
  @inline(__always)
  fileprivate func withOffsets(
    _ body: (_ batch: Batch, _ rows: Places, _ columns: Places, _ inner: Terms, _ turned: Terms)
      -> Void
  ) {
    batch.withUnsafeBufferPointer { batch in
      rows.withUnsafeBufferPointer { rows in
        columns.withUnsafeBufferPointer { columns in
          inner.withUnsafeBufferPointer { inner in
            turned.withUnsafeBufferPointer { body(batch, rows, columns, inner, $0) }
          }
        }
      }
    }
  }
}

extension UnsafeBufferPointer {
  @inline(__always)
  fileprivate func part(_ range: Range<Int>) -> Self { Self(rebasing: self[range]) }
}
