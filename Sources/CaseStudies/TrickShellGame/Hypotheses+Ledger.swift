import Findings
import Interpretability
import Networks
import Tensors
import TrickShellGameTask

/// What the weights of one network with as many dimensions as cups are: three corners and a matrix a move.
struct Ledger {
  /// E: where each cup is.
  let corners: [[Double]]
  /// W: a matrix a move, by rows.
  let matrices: [[[Double]]]

  init(_ net: MoveRecurrence, _ weights: Weights, network: Int) {
    let (e, w) = (weights[net.embedding].slice(network), weights[net.matrices].slice(network))
    func rows(_ matrix: Tensor) -> [[Double]] {
      (0..<matrix.shape[0]).map { matrix.slice($0).scalars.map(Double.init) }
    }
    corners = rows(e)
    matrices = (0..<w.shape[0]).map { rows(w.slice($0)) }
  }

  /// What of each corner is in a point: the rows of the inverse of the matrix whose columns are the corners.
  var dual: [[Double]]? {
    let (a, b, c) = (corners[0], corners[1], corners[2])
    let normals = [cross(b, c), cross(c, a), cross(a, b)]
    let volume = dot(a, normals[0])
    guard volume != 0 else { return nil }
    return normals.map { normal in normal.map { $0 / volume } }
  }

  /// The other weights of a network that plays without mistake, from its corners: W, then U, row by row.
  ///
  /// A matrix is known by where it takes three corners, and the read-out by what it says of them.
  var predicted: [Double]? {
    guard let dual else { return nil }
    var numbers: [Double] = []
    for places in TrickShellGame.functions.transitions {
      for row in 0..<3 {
        for column in 0..<3 {
          var sum = 0.0
          for cup in 0..<3 { sum += corners[places[cup]][row] * dual[cup][column] }
          numbers.append(sum)
        }
      }
    }
    for row in 0..<3 { numbers += (0..<3).map { dual[$0][row] } }
    return numbers
  }
}

/// The predictions for a population, as weights of the network's shapes; zero where a network predicts nothing.
func rebuilt(_ net: MoveRecurrence, _ weights: Weights) -> (matrices: Tensor, readOut: Tensor) {
  let count = net.matrices.shape.count + net.readOut.shape.count
  let rows = (0..<weights.count).map { network in
    Ledger(net, weights, network: network).predicted ?? [Double](repeating: 0, count: count)
  }
  func part(_ parameter: Parameter, from first: Int) -> Tensor {
    let size = parameter.shape.count
    return Tensor(shape: parameter.shape.prepending(weights.count)) { place in
      Float(rows[place / size][first + place % size])
    }
  }
  return (part(net.matrices, from: 0), part(net.readOut, from: net.matrices.shape.count))
}

/// The singular values of every matrix.
///
/// - Returns: `[networks][moves]`
func singularValues(_ matrices: Tensor) -> [[SingularValues]] {
  (0..<matrices.shape[0]).map { network in
    let stack = matrices.slice(network)
    return (0..<stack.shape[0]).map { SingularValues(of: stack.slice($0)) }
  }
}

/// Every matrix with all but its largest directions taken away: as many are kept as `rank` says of its move.
///
/// - Shape: `[networks, moves, width, width]`, as given.
func truncated(_ matrices: Tensor, to rank: (_ move: Int) -> Int) -> Tensor {
  let values = singularValues(matrices)
  return projected(matrices) { network, move in
    Array(values[network][move].directions.prefix(rank(move)))
  }
}

/// Every matrix after a projection onto some orthonormal directions: W Pᵀ P.
func projected(_ matrices: Tensor, onto directions: (_ network: Int, _ move: Int) -> [[Double]])
  -> Tensor
{
  let (moves, width) = (matrices.shape[1], matrices.shape[2])
  var scalars: [Float] = []
  for network in 0..<matrices.shape[0] {
    for move in 0..<moves {
      let kept = directions(network, move)
      let rows = matrices.slice(network).slice(move)
      for row in 0..<width {
        let own = rows.slice(row).scalars.map(Double.init)
        let shares = kept.map { dot($0, own) }
        for column in 0..<width {
          var sum = 0.0
          for (share, direction) in zip(shares, kept) { sum += share * direction[column] }
          scalars.append(Float(sum))
        }
      }
    }
  }
  return Tensor(shape: matrices.shape) { scalars[$0] }
}

func dot(_ one: [Double], _ other: [Double]) -> Double {
  zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
}

private func cross(_ one: [Double], _ other: [Double]) -> [Double] {
  [
    one[1] * other[2] - one[2] * other[1], one[2] * other[0] - one[0] * other[2],
    one[0] * other[1] - one[1] * other[0],
  ]
}
