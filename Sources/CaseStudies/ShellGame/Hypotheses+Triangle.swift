import Findings
import Networks
import ShellGameTask
import Tensors

/// What the weights of one network for three cups are in the plane: three corners and three matrices.
struct Triangle {
  /// E: where each cup is.
  let corners: [[Double]]
  /// W: a matrix a move, by rows.
  let matrices: [[[Double]]]
  /// U: what the scores of each cup look for.
  let readOuts: [[Double]]

  init(_ net: MoveRecurrence, _ weights: Weights, network: Int) {
    let (e, w, u) = (weights[net.embedding], weights[net.matrices], weights[net.readOut])
    readOuts = (0..<3).map { cup in (0..<2).map { Double(u[network, $0, cup]) } }
    corners = (0..<3).map { cup in (0..<2).map { Double(e[network, cup, $0]) } }
    matrices = (0..<3).map { move in
      (0..<2).map { row in (0..<2).map { Double(w[network, move, row, $0]) } }
    }
  }

  /// The triangles of a population.
  static func all(_ net: MoveRecurrence, _ weights: Weights) -> [Triangle] {
    (0..<weights.count).map { Triangle(net, weights, network: $0) }
  }

  /// The longest side over the shortest: 1 if it is equilateral.
  var sideRatio: Double {
    let sides: [Double] = [
      distance(corners[0], corners[1]), distance(corners[1], corners[2]),
      distance(corners[0], corners[2]),
    ]
    return (sides.max() ?? 1) / max(sides.min() ?? 1, .leastNormalMagnitude)
  }

  /// How far the middle of the corners is from zero, as a share of their mean distance from it.
  var offCentre: Double {
    let sums: [Double] = (0..<2).map { axis in corners.reduce(0) { $0 + $1[axis] } }
    return length(sums) / 3 / radius
  }

  /// The mean distance of the corners from zero.
  var radius: Double { Statistics.mean(corners.map(length)) }

  /// How far each matrix takes its bystander's corner at most, and how far from each other's place the corners that it
  /// exchanges: shares of the radius.
  var errors: (bystander: Double, exchanged: Double) {
    var still = 0.0
    var moved = 0.0
    for (move, places) in ShellGame.cups.transitions.enumerated() {
      for (cup, place) in places.enumerated() {
        let off = distance(image(of: corners[cup], under: move), corners[place]) / radius
        if cup == place { still = max(still, off) } else { moved = max(moved, off) }
      }
    }
    return (still, moved)
  }

  /// How far the read-out of each cup is from the cup's own corner at most, as a share of the corners' mean length.
  var readOutError: Double {
    (zip(readOuts, corners).map { distance($0, $1) }.max() ?? 0) / radius
  }

  var determinants: [Double] {
    matrices.map { (w: [[Double]]) -> Double in w[0][0] * w[1][1] - w[0][1] * w[1][0] }
  }

  /// How far the matrices are from keeping all lengths: the largest number of WᵀW − 1.
  var stretch: Double {
    var largest = 0.0
    for w in matrices {
      for i in 0..<2 {
        for j in 0..<2 {
          let product: Double = w[0][i] * w[0][j] + w[1][i] * w[1][j]
          let off: Double = i == j ? product - 1 : product
          largest = max(largest, off.magnitude)
        }
      }
    }
    return largest
  }

  /// The angles in degrees between the lines that the three matrices leave where they are; none if one leaves no line.
  var mirrorAngles: [Double]? {
    let lines = matrices.map { (w: [[Double]]) -> [Double] in
      // (W + 1) v lies on the mirror of W; of the two axes the one that is longer there.
      let first: [Double] = [w[0][0] + 1, w[1][0]]
      let second: [Double] = [w[0][1], w[1][1] + 1]
      return length(first) > length(second) ? first : second
    }
    guard lines.allSatisfy({ length($0) > 0 }) else { return nil }
    func degrees(_ one: [Double], _ other: [Double]) -> Double {
      let dot: Double = one[0] * other[0] + one[1] * other[1]
      let cross: Double = one[0] * other[1] - one[1] * other[0]
      return angle(cosine: dot.magnitude, sine: cross.magnitude) * 180 / Double.pi
    }
    return [degrees(lines[0], lines[1]), degrees(lines[1], lines[2]), degrees(lines[0], lines[2])]
  }

  func image(of point: [Double], under move: Int) -> [Double] {
    matrices[move].map { (row: [Double]) -> Double in row[0] * point[0] + row[1] * point[1] }
  }

  /// Where the state is at the start and after each move.
  func walk(from cup: Int, _ moves: [Int]) -> [[Double]] {
    moves.reduce(into: [corners[cup]]) { points, move in
      points.append(image(of: points[points.count - 1], under: move))
    }
  }

  /// The other weights of a network that plays without mistake, from its corners A and B: C, then W, then U, row by row.
  ///
  /// What the read-out says of the three corners sums to nothing, so they do, too; a matrix is known by what it does to
  /// two corners, and so is the read-out.
  var predicted: [Double]? {
    let (a, b) = (corners[0], corners[1])
    let determinant: Double = a[0] * b[1] - a[1] * b[0]
    guard determinant != 0 else { return nil }
    // The inverse of the matrix with the columns A and B: what of each is in a point.
    let ofA: [Double] = [b[1] / determinant, -b[0] / determinant]
    let ofB: [Double] = [-a[1] / determinant, a[0] / determinant]
    let all: [[Double]] = [a, b, [-a[0] - b[0], -a[1] - b[1]]]
    var numbers: [Double] = all[2]
    for places in ShellGame.cups.transitions {
      let (imageOfA, imageOfB) = (all[places[0]], all[places[1]])
      for row in 0..<2 {
        for column in 0..<2 {
          numbers.append(imageOfA[row] * ofA[column] + imageOfB[row] * ofB[column])
        }
      }
    }
    for row in 0..<2 {
      for cup in 0..<3 {
        // A's score is to be 1 − 1/3 at A and −1/3 elsewhere.
        let atA: Double = cup == 0 ? 2.0 / 3 : -1.0 / 3
        let atB: Double = cup == 1 ? 2.0 / 3 : -1.0 / 3
        numbers.append(atA * ofA[row] + atB * ofB[row])
      }
    }
    return numbers
  }
}

/// The twenty weights as training left them, in the order of `Triangle.predicted`.
///
/// - Shape: `[networks, 20]`
func trainedWeights(_ net: MoveRecurrence, _ weights: Weights) -> Tensor {
  let rows = (0..<weights.count).map { (network: Int) -> [Float] in
    let all = [net.embedding, net.matrices, net.readOut].flatMap {
      weights[$0].slice(network).scalars
    }
    return Array(all.dropFirst(4))
  }
  return Tensor(shape: [weights.count, 20]) { rows[$0 / 20][$0 % 20] }
}

/// The twenty weights as the other four predict them; zero where these predict nothing.
///
/// - Shape: `[networks, 20]`
func predictedWeights(_ triangles: [Triangle]) -> Tensor {
  let rows = triangles.map { $0.predicted ?? [Double](repeating: 0, count: 20) }
  return Tensor(shape: [triangles.count, 20]) { Float(rows[$0 / 20][$0 % 20]) }
}

func length(_ vector: [Double]) -> Double {
  vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

private func distance(_ one: [Double], _ other: [Double]) -> Double {
  length(zip(one, other).map { (x: Double, y: Double) -> Double in x - y })
}
