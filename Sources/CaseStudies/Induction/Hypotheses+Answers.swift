import InductionTask
import Networks
import Tensors

/// What networks say after each note of some tunes.
struct Answers {
  /// By network, tune and place.
  let notes: [[[Int]]]

  /// Lets every network answer.
  init(
    of network: Network, _ weights: Weights, on tunes: Tunes, under interventions: [Intervention],
    threads: Int
  ) throws {
    let logits = try network.run(
      weights, on: tunes.examples, with: interventions, threads: threads)[network.output]
    let choices = Induction.vocabulary
    let said = stride(from: 0, to: logits.count, by: choices).map { start in
      (1..<choices).reduce(0) { best, note in
        logits.scalars[start + note] > logits.scalars[start + best] ? note : best
      }
    }
    let (rows, places) = (tunes.notes.count, Induction.length)
    notes = (0..<weights.count).map { network in
      (0..<rows).map { row in
        let start = (network * rows + row) * places
        return Array(said[start..<start + places])
      }
    }
  }

  /// The share of each network's answers that are as predicted; where nothing is predicted, nothing counts.
  func share(
    of predicted: [[Int?]],
    where counts: (_ tune: Int, _ place: Int) -> Bool = { _, _ in true }
  ) -> [Double] {
    let places = predicted.indices.flatMap { tune in
      predicted[tune].indices.compactMap { place in
        predicted[tune][place].flatMap { counts(tune, place) ? (tune, place, $0) : nil }
      }
    }
    return notes.map { said in
      let agreed = places.count { said[$0.0][$0.1] == $0.2 }
      return Double(agreed) / Double(max(places.count, 1))
    }
  }

  /// The share of each network's answers that are a note of the tune at all.
  func shareOfTheTune(_ tunes: Tunes) -> [Double] {
    let heard = tunes.notes.map(Set.init)
    let places = tunes.right.enumerated().flatMap { tune, right in
      right.indices.filter { right[$0] != nil }.map { (tune, $0) }
    }
    return notes.map { said in
      Double(places.count { heard[$0.0].contains(said[$0.0][$0.1]) }) / Double(places.count)
    }
  }
}

extension Induction {
  /// What the two-layer networks say.
  func answers(
    _ weights: Weights, on tunes: Tunes, under interventions: [Intervention] = [], threads: Int
  ) throws -> Answers {
    try Answers(of: pair.network, weights, on: tunes, under: interventions, threads: threads)
  }

  /// The first layer's head, which writes into margins, and the second's, which reads them.
  var copyist: TransformerBlock { pair.transformer.blocks[0] }
  var reader: TransformerBlock { pair.transformer.blocks[1] }

  /// The last place that is a margin which tunes of training ever ask for.
  static var lastMargin: Int { periods.upperBound }

  /// The places up to the last such margin, and those after it.
  static var firstRound: [Int] { Array(1...lastMargin) }
  static var laterRounds: [Int] { Array(lastMargin + 1..<length) }
}
