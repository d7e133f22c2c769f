import InductionTask
import Interpretability
import Investigations
import Networks
import Tensors

extension Induction {
  /// How many tunes of the same notes, in orders of their own, there are of each period.
  static let ordersOfEach = 7
  /// How many tunes of each kind are tried that training had none of.
  static let tunesBeyond = 64
  /// The share of margins, and of names, that has to be right for the mechanism to be there.
  static let foundShare: Float = 0.75

  /// Notes in the margin: beside each note the name of the one before, and a reader who looks up the present note there.
  public func explanation() throws -> Explanation? {
    let size = pair.transformer.configuration.dHead
    /// What lies at some places.
    @Sendable func entries(_ places: [Int]) -> [Int] {
      places.flatMap { place in (0..<size).map { place * size + $0 } }
    }
    /// A part of a site, the same in every network.
    func part(_ name: String, of site: Site, at places: [Int]) -> Component {
      Component(name, at: site, members: ["it"]) { weights in
        Located(groups: weights.indices.map { _ in [entries(places)] }, count: 1)
      }
    }
    let model = pair.transformer
    let groups = stride(from: 1, through: Self.lastMargin, by: 2).map { [$0, $0 + 1] }
    var generator = Generator(seed: 7, stream: .analysis)
    return Explanation(
      of: Component(
        "the margins", at: copyist.z, members: groups.map { "margins \($0[0]) and \($0[1])" }
      ) { weights in
        let circuits = try Circuits(model, weights)
        return Located(
          groups: weights.indices.map { network in
            let shares = [circuits.placesAgree[network], circuits.namesAgree[network]]
            return shares.allSatisfy { $0 >= Double(Self.foundShare) } ? groups.map(entries) : nil
          }, count: groups.count)
      },
      programs: [
        Program(
          "looking up the present note in the margins", from: ["tokens", "asked"], to: "next",
          variables: [
            .init(
              "what stands in the margins",
              in: part("the first head's output there", of: copyist.z, at: Self.firstRound),
              swapped: Page.taking { $0.margins = $1.margins }),
            .init(
              "what stands beside them",
              in: part("the second head's values there", of: reader.v, at: Self.firstRound),
              swapped: Page.taking { $0.beside = $1.beside }),
            .init(
              "the present note",
              in: part("the second head's later queries", of: reader.q, at: Self.laterRounds),
              swapped: Page.taking { base, source in
                guard Self.laterRounds.contains(base.place) else { return }
                base.present = source.notes[base.place]
              }),
          ]
        ) { Page($0).answer }
      ],
      examples: try Tunes.orders(
        of: Self.periods, each: Self.ordersOfEach, using: &generator
      ).askingOnce(using: &generator), isExhaustive: false,
      beyond: [
        .init("longer", "tunes longer than any of training", in: pair.network) { generator in
          let periods = Self.periods.upperBound + 1...Self.vocabulary
          return try Tunes.orders(
            of: periods, each: Self.tunesBeyond / periods.count, using: &generator
          ).askingOnce(using: &generator)
        },
        .init("medleys", "medleys of pieces of a tune", in: pair.network) { generator in
          try Tunes.medleys(count: Self.tunesBeyond, using: &generator)
            .askingOnce(using: &generator)
        },
        // The margins are full when the tune changes, so the answer must be the old one.
        .init("changing", "tunes that change too late", in: pair.network) { generator in
          try Tunes.changing(periods: 4...8, count: Self.tunesBeyond, using: &generator)
        },
      ]
    ) { weights, network in
      let circuits = try Circuits(model, weights.networks([network]))
      let written = (circuits.placesAgree[0] * Double(Self.lastMargin)).rounded()
      return "\(Int(written)) of \(Self.lastMargin) margins"
    }
  }
}
