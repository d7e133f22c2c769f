/// How up to three operands are broadcast to one result: runs of neighbours, each operand with a start for
/// every run and a stride of 0 or 1 within it.
public struct BroadcastLayout: Sendable {
  let runLength: Int
  let starts: [(first: Int, second: Int, third: Int)]
  let strides: (first: Int, second: Int, third: Int)

  /// Lays operands out over a result.
  ///
  /// - Parameters:
  ///   - sizes: The result's axes, outermost first.
  ///   - operands: For each operand (one to three) its stride along each axis, 0 where it is broadcast.
  public init(sizes: [Int], operands: [[Int]]) {
    let inputs = operands + Array(repeating: sizes.map { _ in 0 }, count: 3 - operands.count)
    // The longest tail of axes along which every operand either walks straight on or stands still.
    var run = 1
    var axis = sizes.count
    var steps: [Int]?
    while axis > 0 {
      if sizes[axis - 1] == 1 {
        axis -= 1
        continue
      }
      let next = inputs.map { $0[axis - 1] }
      if let steps {
        guard zip(next, steps).allSatisfy({ $0 == $1 * run }) else { break }
      } else {
        guard next.allSatisfy({ $0 <= 1 }) else { break }
        steps = next
      }
      run *= sizes[axis - 1]
      axis -= 1
    }
    var offsets = [[0, 0, 0]]
    for outer in 0..<axis {
      offsets = offsets.flatMap { base in
        (0..<sizes[outer]).map { index in
          (0..<3).map { base[$0] + index * inputs[$0][outer] }
        }
      }
    }
    runLength = run
    starts = sizes.contains(0) ? [] : offsets.map { ($0[0], $0[1], $0[2]) }
    let last = steps ?? [0, 0, 0]
    strides = (last[0], last[1], last[2])
  }

  /// The number of elements of the result.
  public var count: Int { starts.count * runLength }
}
