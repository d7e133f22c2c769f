/// A contraction of one network, vectorised across the columns of the result or, turned, across its rows.
///
/// The sum of each element runs as in `contract`, so the bits are the same. A panel of 32 columns is copied next to
/// each other, some hundred terms of the sum at a time, and then serves all rows. An operand that stays the same, as
/// weights do for all examples of a step, is copied once.
///
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", DOI 10.1145/1356052.1356053.
public final class PackedContraction {
  typealias Offsets = UnsafeBufferPointer<(operand: Int, result: Int)>
  typealias Terms = UnsafeBufferPointer<(across: Int, down: Int)>

  /// Whether the first operand is the one that is copied.
  public let isTurned: Bool
  private let batch: [(left: Int, right: Int, result: Int)]
  private let across: [(operand: Int, result: Int)]
  private let down: [(operand: Int, result: Int)]
  private let terms: [(across: Int, down: Int)]
  private let panels: [Panel]
  /// The copy: of the whole operand if it is kept, else of one panel.
  private let memory: UnsafeMutablePointer<SIMD16<Float>>
  private let keeps: Bool
  private var isPacked = false

  /// Plans a contraction, unless the result is too small for a vector.
  ///
  /// - Parameters:
  ///   - layout: Where its numbers are.
  ///   - keeps: Whether the copy of the left or of the right operand may serve the next run too.
  public init?(_ layout: ContractionLayout, keeps: (left: Bool, right: Bool)) {
    guard max(layout.rows.count, layout.columns.count) >= SIMD16<Float>.scalarCount else {
      return nil
    }
    let rows = layout.rows.map { (operand: $0.operand, result: $0.result) }
    let columns = layout.columns.map { (operand: $0.operand, result: $0.result) }
    // A product is the same with its factors exchanged. Numbers next to each other are stored together.
    let (rowsRun, columnsRun) = (Panel.isInRuns(rows), Panel.isInRuns(columns))
    let isTurned =
      rowsRun == columnsRun || min(rows.count, columns.count) < SIMD16<Float>.scalarCount
      ? rows.count > columns.count : rowsRun
    self.isTurned = isTurned
    (across, down) = isTurned ? (rows, columns) : (columns, rows)
    terms = layout.inner.map { isTurned ? ($0.left, $0.right) : ($0.right, $0.left) }
    batch = layout.batch.map { ($0.left, $0.right, $0.result) }
    panels = stride(from: 0, to: across.count, by: Panel.width).map { [across] in
      Panel($0, across[$0..<min($0 + Panel.width, across.count)])
    }
    self.keeps = isTurned ? keeps.left : keeps.right
    let size = 2 * (self.keeps ? terms.count * panels.count * batch.count : Panel.depth)
    memory = .zeros(size)
  }

  deinit { memory.deallocate() }

  /// Contracts.
  ///
  /// - Parameters:
  ///   - left: The first operand.
  ///   - right: The second operand.
  ///   - result: Where the sums are written.
  ///   - continuing: Whether the sums begin with what the result holds.
  ///   - isNew: Whether an operand that is kept has changed since the last run.
  public func run(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, continuing: Bool = false, isNew: Bool = true
  ) {
    let packs = !(keeps && isPacked && !isNew)
    isPacked = true
    across.withUnsafeBufferPointer { across in
      down.withUnsafeBufferPointer { down in
        terms.withUnsafeBufferPointer { all in
          var values = memory
          for b in batch {
            let (x, y) =
              isTurned ? (right + b.right, left + b.left) : (left + b.left, right + b.right)
            for first in stride(from: 0, to: max(all.count, 1), by: Panel.depth) {
              let terms = Terms(rebasing: all[first..<min(first + Panel.depth, all.count)])
              for panel in panels {
                let columns = Offsets(rebasing: across[panel.columns])
                if packs { panel.pack(y, columns, terms, into: values) }
                panel.multiply(
                  x, down, values, columns, terms, into: result + b.result,
                  continuing: continuing || first > 0)
                if keeps { values += 2 * terms.count }
              }
            }
          }
        }
      }
    }
  }
}
