import InductionTask
import Interpretability
import Networks
import Tensors

/// What a population says while the first head is made to look elsewhere, and so to write something else.
struct Margins {
  /// Where the first head looks.
  enum Way {
    /// Wherever it likes.
    case untouched
    /// Exactly so many notes back; at itself where there are not so many.
    case back(Int)
    /// At all notes so far alike, at some places.
    case blurred([Int])
  }

  let task: Induction
  let weights: Weights
  let threads: Int

  init(_ task: Induction, _ weights: Weights, threads: Int) {
    (self.task, self.weights, self.threads) = (task, weights, threads)
  }

  func interventions(_ way: Way) -> [Intervention] {
    switch way {
    case .untouched: []
    case .back(let steps): [task.copyist.imposing(.back(steps))]
    case .blurred(let places):
      [task.copyist.imposingUniform(.units(places, axis: 1), isCausal: true)]
    }
  }

  func answers(on tunes: Tunes, under way: Way) throws -> Answers {
    try task.answers(weights, on: tunes, under: interventions(way), threads: threads)
  }

  /// The share of each network's answers that are as predicted.
  func share(
    of predicted: [[Int?]], on tunes: Tunes? = nil, under way: Way,
    where counts: (_ tune: Int, _ place: Int) -> Bool = { _, _ in true }
  ) throws -> [Double] {
    try answers(on: tunes ?? task.tunes, under: way).share(of: predicted, where: counts)
  }
}

/// What a population says while one thing that its second head reads is as a stranger's tune would have it.
struct Strangers {
  typealias Reading = TransformerBlock.Reading

  /// The share of right answers, by what is taken from the stranger.
  private(set) var right: [Reading: [Double]] = [:]
  /// The share of the answers that should change which are as the stranger's margins say.
  private(set) var asPredicted: [Reading: [Double]] = [:]
  /// The control: with the stranger's keys, which are as a third tune's margins say.
  private(set) var asOtherPredicted: [Double] = []

  init(
    _ task: Induction, _ weights: Weights, using generator: inout Generator, threads: Int
  ) throws {
    let tunes = task.tunes
    let stranger = try tunes.reordered(using: &generator)
    let third = try tunes.reordered(using: &generator)
    let predicted = tunes.reading(marginsOf: stranger)
    for reading in Reading.allCases {
      let path = try PathPatching(
        from: Heads(Head(layer: 0)), to: .reading(reading, Heads(Head(layer: 1))),
        base: tunes.examples, source: stranger.examples, of: task.pair.transformer,
        in: task.pair.network, weights, threads: threads)
      let said = try task.answers(
        weights, on: tunes, under: path.interventions, threads: threads)
      right[reading] = said.share(of: tunes.right)
      asPredicted[reading] = said.share(of: predicted)
      guard reading == .key else { continue }
      // A place counts for the third tune if it counts for the stranger.
      asOtherPredicted = said.share(of: tunes.reading(marginsOf: third)) {
        predicted[$0][$1] != nil
      }
    }
  }
}
