import Networks
import Tensors

/// Small networks made of two neurons of a large one, as those were before it was trained.
///
/// Frankle and Carbin 2019, "The lottery ticket hypothesis", arXiv 1803.03635.
public enum Lottery {
  /// A pair starts with what the two largest neurons of the trained network had before training.
  ///
  /// - Throws: `NetworkError` if the weights are not a perceptron's.
  public static func survivors(initial: Weights, final: Weights) throws -> Weights {
    pairs(of: initial) { network in Array(ranking(final, network: network).prefix(2)) }
  }

  /// A pair starts with what two neurons, drawn at random, had before training.
  public static func randomPairs(_ initial: Weights) -> Weights {
    pairs(of: initial) { randomPair(initial, network: $0) }
  }

  /// Two neurons of a network, drawn at random.
  public static func randomPair(_ initial: Weights, network: Int) -> [Int] {
    var generator = Generator(seed: network, stream: .analysis)
    return Array(generator.permutation(of: width(initial)).prefix(2))
  }

  /// A pair starts with what two neurons as large as the survivors, but not these, had before training.
  ///
  /// - Parameters:
  ///   - initial: The networks before training.
  ///   - final: The networks after training.
  ///   - draw: 1 takes for each survivor the other neuron closest to it in size, 2 the second closest, and so on.
  /// - Returns: The pairs.
  public static func sizeMatchedPairs(initial: Weights, final: Weights, draw: Int) -> Weights {
    pairs(of: initial) { network in
      let sizes = sizes(initial, network: network)
      let survivors = Array(ranking(final, network: network).prefix(2))
      var left = sizes.indices.filter { !survivors.contains($0) }
      return survivors.map { survivor in
        left.sort {
          ((sizes[$0] - sizes[survivor]).magnitude, $0)
            < ((sizes[$1] - sizes[survivor]).magnitude, $1)
        }
        return left.remove(at: draw - 1)
      }
    }
  }

  /// A pair starts with what two of the three largest neurons had before training, whatever their tune.
  ///
  /// - Parameters:
  ///   - initial: The networks before training.
  ///   - draw: Which of the three is left out.
  /// - Returns: The pairs.
  public static func largePairs(_ initial: Weights, draw: Int) -> Weights {
    pairs(of: initial) { network in
      var three = Array(ranking(initial, network: network).prefix(3))
      three.remove(at: 3 - draw)
      return three
    }
  }

  /// A pair starts with what a good pair without either survivor had before training.
  ///
  /// - Parameters:
  ///   - initial: The networks before training.
  ///   - final: The networks after training.
  /// - Returns: The pairs; where there is no such good pair, two random neurons.
  public static func otherGoodPairs(initial: Weights, final: Weights) -> Weights {
    pairs(of: initial) { network in
      let survivors = Array(ranking(final, network: network).prefix(2))
      return goodPair(initial, network: network, besides: survivors)
        ?? randomPair(initial, network: network)
    }
  }

  /// A pair starts with what two neurons, picked from the untrained network alone, had before training.
  ///
  /// - Parameter initial: The networks before training.
  /// - Returns: The good pair of each network; where there is none, the two largest neurons.
  public static func foretoldPairs(_ initial: Weights) -> Weights {
    pairs(of: initial) { foretoldPair(initial, network: $0) }
  }

  /// The pair that is foretold for a network.
  public static func foretoldPair(_ initial: Weights, network: Int) -> [Int] {
    goodPair(initial, network: network)
      ?? Array(ranking(initial, network: network).prefix(2))
  }

  /// Two neurons in tune at opposite corners; of several such pairs the one whose smaller neuron is largest.
  ///
  /// A neuron is *in tune* if its read-out weight has the sign of the answer at the corner that excites it most.
  ///
  /// - Parameters:
  ///   - weights: The networks.
  ///   - network: The place of the network.
  ///   - excluded: Neurons that may not be in the pair.
  /// - Returns: The pair, or nil if there is none.
  public static func goodPair(_ weights: Weights, network: Int, besides excluded: [Int] = [])
    -> [Int]?
  {
    let sizes = sizes(weights, network: network)
    let tuned = sizes.indices.filter {
      !excluded.contains($0) && isInTune(weights, network: network, unit: $0)
    }
    let corners = tuned.map { corner(weights, network: network, unit: $0) }
    var best: (size: Float, pair: [Int])?
    for (i, first) in tuned.enumerated() {
      for (j, second) in tuned.enumerated() where i < j && corners[i] + corners[j] == 3 {
        let size = min(sizes[first], sizes[second])
        if size > best?.size ?? -1 { best = (size, [first, second]) }
      }
    }
    return best?.pair
  }

  /// The corner that excites a neuron most, by its place among `XOR.corners`: the signs of its weights.
  public static func corner(_ weights: Weights, network: Int, unit: Int) -> Int {
    guard let w1 = weights["W1"] else { return 0 }
    return (w1[network, 0, unit] > 0 ? 2 : 0) + (w1[network, 1, unit] > 0 ? 1 : 0)
  }

  /// Whether a neuron's read-out weight has the sign of the answer at its corner.
  public static func isInTune(_ weights: Weights, network: Int, unit: Int) -> Bool {
    guard let w2 = weights["W2"] else { return false }
    let answer = XOR.answers[corner(weights, network: network, unit: unit)]
    return w2[network, unit, 0] * answer > 0
  }

  /// The neurons of a network, the largest first: by the size of what goes in times the size of what comes out.
  public static func ranking(_ weights: Weights, network: Int) -> [Int] {
    let sizes = sizes(weights, network: network)
    return sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
  }

  /// How much each neuron can move the output: Σ |w in| · |w out|.
  public static func sizes(_ weights: Weights, network: Int) -> [Float] {
    guard let w1 = weights["W1"], let w2 = weights["W2"] else { return [] }
    return (0..<w1.shape[2]).map { unit in
      let size = (0..<w1.shape[1]).reduce(Float(0)) {
        $0 + w1[network, $1, unit].magnitude
      }
      return size * w2[network, unit, 0].magnitude
    }
  }

  private static func width(_ weights: Weights) -> Int { weights["b1"]?.shape[1] ?? 0 }

  private static func pairs(of initial: Weights, choosing choose: (Int) -> [Int]) -> Weights {
    guard let w1 = initial["W1"], let w2 = initial["W2"] else { return initial }
    let chosen = (0..<initial.count).map(choose)
    return
      initial
      .replacing(
        "W1",
        with: Tensor(shape: [initial.count, 2, 2]) {
          w1[$0 / 4, $0 / 2 % 2, chosen[$0 / 4][$0 % 2]]
        }
      )
      .replacing("b1", with: Tensor(repeating: 0, shape: [initial.count, 2]))
      .replacing(
        "W2",
        with: Tensor(shape: [initial.count, 2, 1]) { w2[$0 / 2, chosen[$0 / 2][$0 % 2], 0] })
  }
}
