import Networks

extension Network {
  /// The scores of every network with some of a site cut, one choice of places after another.
  ///
  /// A few networks leave most lanes of a vector empty, so they run several choices side by side: as copies of
  /// themselves, each with a choice of its own. It changes no bit.
  ///
  /// - Parameters:
  ///   - choices: For each choice the places that are cut in each network.
  ///   - weights: The networks.
  ///   - examples: What they answer.
  ///   - threads: How many threads compute; the result does not depend on it.
  ///   - intervention: What is done to the places that each network of a population has chosen.
  /// - Returns: The scores, `[choices][networks]`.
  /// - Throws: `NetworkError` if weights, examples or places do not fit the network.
  func scores(
    cutting choices: [[[Int]]], in weights: Weights, on examples: Examples, threads: Int,
    by intervention: (_ places: [[Int]]) -> Intervention
  ) throws -> [[Score]] {
    let copies = max(1, min(Self.networksAtOnce / max(weights.count, 1), choices.count))
    let population = weights.networks(
      (0..<copies * weights.count).map { $0 % weights.count })
    let sets = stride(from: 0, to: choices.count, by: copies).map { first in
      // The last copies have nothing left to do, and do the last choice again.
      [
        intervention(
          (first..<first + copies).flatMap { choices[min($0, choices.count - 1)] })
      ]
    }
    let scores = try scores(population, on: examples, under: sets, threads: threads)
    return choices.indices.map { choice in
      let first = choice % copies * weights.count
      return Array(scores[choice / copies][first..<first + weights.count])
    }
  }

  /// As many as fill the vectors of a few threads.
  private static let networksAtOnce = 64
}
