import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ParityTask
import Tensors

extension Parity: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try survivors(exhibits), try emergence(exhibits),
      try quarrel(exhibits), try flip(exhibits), try faces(exhibits), try silence(exhibits),
      try subsets(exhibits), try lottery(exhibits), try census(exhibits),
      try threeBits(exhibits),
    ]
  }

  /// A whole number in words, as titles want it.
  static func words(_ number: Double) -> String {
    let known = [
      "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    let index = Int(number.rounded())
    return known.indices.contains(index) ? known[index] : NumberLabel.fixed(number, decimals: 0)
  }

  /// A number with its sign; nothing where it rounds to zero.
  static func signed(_ value: Double, decimals: Int) -> String {
    let text = NumberLabel.fixed(value, decimals: decimals)
    guard text.contains(where: { ("1"..."9").contains($0) }) else { return "" }
    return value > 0 ? "+" + text : text
  }

  /// The names of the switches; those that decide are marked.
  static var bitNames: [String] {
    (0..<bitCount).map { decidingBits().contains($0) ? "switch \($0 + 1) ●" : "switch \($0 + 1)" }
  }

  /// A pattern of the deciding bits as signs: "+ − + −".
  static func signs(_ pattern: Int) -> String {
    (0..<4).map { pattern >> (3 - $0) & 1 == 1 ? "+" : "−" }.joined(separator: " ")
  }

  /// Accuracy on held-out inputs while training.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let lines = try [
      ("main", "half shown", Colour.blue), ("tenth", "a tenth shown", .green),
      ("shuffled-labels", "shuffled answers", .control),
    ].map { variant, name, colour in
      let training = try exhibits.evidence.training(variant)
      let curve = training.accuracy
      // A logarithmic axis has no place for step 0.
      return LineSeries(
        name, x: training.measuredSteps.dropFirst().map(Double.init),
        y: Array(curve.median.dropFirst()),
        band: Band(
          lower: Array(curve.lower.dropFirst()), upper: Array(curve.upper.dropFirst())),
        colour: colour)
    }
    let step = try exhibits.number("steps-to-solve-main")
    let seeds = try exhibits.finding("solved-main").n
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "By step \(NumberLabel.fixed(step, decimals: 0)) half of the networks are right on every input they were never shown",
        subtitle:
          "Accuracy on held-out inputs: median of the networks, and the range from 10 to 90 % of them.",
        plot: LineChart(
          series: lines, x: Axis("training step", scale: .logarithmic),
          y: Axis("held-out inputs right", unit: "share", range: 0.4...1.02),
          references: [.vertical("median solved", at: step, labelPlace: .start)]),
        caption:
          "The rule is found, not memorized. Blue: \(seeds) networks trained on a random half of all inputs and measured on the other half. Green: networks that saw only a tenth, later but as surely. Grey, the control: answers dealt out at random, from which there is nothing to learn.",
        alt:
          "Three curves of held-out accuracy over training steps. Blue and green rise steeply from one half to one, green a little later; the grey curve of the shuffled answers stays at one half.",
        plotHeight: 290),
      from: ["main/training.json", "tenth/training.json", "shuffled-labels/training.json"])
  }

  /// The weights of the specimen's living neurons.
  private func survivors(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, weights) = try exhibits.evidence.specimen()
    let neurons = Templates(allOf: weights, network: 0).neurons
    let w1 = weights[perceptron.w1].slice(0).plotRows.map { row in neurons.map { row[$0] } }
    let w2 = weights[perceptron.w2].slice(0).plotRows
    let values = w1 + [neurons.map { w2[$0][0] }]
    let plot = Heatmap(
      values: values, rows: Self.bitNames + ["vote"], columns: neurons.map { "n\($0)" },
      rowTitle: "hears", columnTitle: "neuron", colourLabel: "weight",
      cellText: .texts(values.map { $0.map { Self.signed($0, decimals: 2) } }))
    let all = NumberLabel.fixed(try exhibits.number("neurons"), decimals: 0)
    return Exhibit(
      Figure(
        slug: "survivors",
        title:
          "\(Self.words(Double(neurons.count)).capitalizedFirst) of \(all) neurons are left, and they listen to \(Self.words(try exhibits.number("deciding"))) of ten switches",
        subtitle: "Weights of seed \(seed) after training; a dot marks the switches that decide.",
        plot: plot,
        caption:
          "A survivor is a list of signs and a vote. All its weights on the deciding switches have one size, those on the other switches are zero, and every one of the lists is different. The last row is the read-out weight, a neuron's vote. Not shown: the neurons that the penalty has starved.",
        alt:
          "A table of switches by surviving neurons. Only the rows of the deciding switches are coloured, every cell about as strong, with a different pattern of signs in every column. The last row holds the read-out weights, larger, half of them positive.",
        plotHeight: 400),
      from: ["main/population.safetensors"])
  }

  /// What each neuron adds to the answer for every pattern of the deciding switches.
  private func quarrel(_ exhibits: Exhibits) throws -> Exhibit {
    let votes = try exhibits.tensor("votes").plotRows
    let answers = try exhibits.tensor("answers").plotRows
    let neurons = try exhibits.numbers("specimen-neurons")
    let own = try exhibits.numbers("specimen-templates").map { Int($0) }
    let far = votes.indices.filter { !own.contains($0) }
    // The patterns that the neurons have for templates first, in the order of the neurons.
    let order = own + far
    let values = order.map { votes[$0] + answers[$0] }
    let each = NumberLabel.fixed(
      try exhibits.number("inputs") / Double(Templates.patternCount), decimals: 0)
    let near = try exhibits.number("firing-near")
    let away = try exhibits.number("firing-far")
    let loudest =
      order.prefix(own.count).map { votes[$0].min() ?? 0 }.reduce(0, +)
      / Double(own.count)
    return Exhibit(
      Figure(
        slug: "quarrel",
        title:
          "In half of all cases \(Self.words(near)) neurons speak, and the loudest, at \(NumberLabel.fixed(loudest, decimals: 0)), is wrong: \(Self.words(near - 1)) others outvote it",
        subtitle:
          "What each neuron adds towards the right answer (+) or the wrong one (−), mean over the \(each) inputs that show a pattern.",
        plot: Heatmap(
          values: values,
          rows: order.map { Self.signs($0) },
          columns: neurons.map { "n\(Int($0))" } + ["sum"],
          rowTitle: "the deciding switches", columnTitle: "neuron",
          colourLabel: "towards the right answer", scale: .diverging(limit: 2),
          cellText: .texts(values.map { $0.map { Self.signed($0, decimals: 1) } })),
        caption:
          "A neuron votes for its neighbours and against itself. Upper half: patterns that are some neuron's template. Its own neuron shouts the wrong answer with twice the voice; the \(Self.words(near - 1)) neurons whose templates lie one switch away each say the right one, and together they are just loud enough. Lower half: the other patterns, where exactly \(Self.words(away)) neuron speaks, and is right.",
        alt:
          "A table of patterns by neurons, with their sum. In the upper half every row has one strong wrong vote, on the diagonal, and several weaker right ones; in the lower half every row has a single weak right one. The sums are all alike and right.",
        plotHeight: 520),
      from: ["activations.safetensors", "findings.safetensors"])
  }

  /// One input, each of its switches flipped in turn.
  private func flip(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("flip-one").plotRows
    let neurons = try exhibits.numbers("specimen-neurons")
    let input = Int(try exhibits.number("flip-input"))
    let state = (0..<Self.bitCount).map { Self.sign(ofBit: $0, in: input) > 0 ? "+" : "−" }
    let quiet = try exhibits.number("flip-output-ignored")
    let loud = try exhibits.number("flip-output-deciding")
    return Exhibit(
      Figure(
        slug: "flip",
        title:
          "Flip a switch that decides and the output moves by \(NumberLabel.fixed(loud, decimals: 2)); flip another and it moves by \(NumberLabel.fixed(quiet, decimals: 4))",
        subtitle:
          "Change of every site when one switch of the input \(state.joined(separator: " ")) is flipped. Title: means over all inputs.",
        plot: Heatmap(
          values: rows, rows: Self.bitNames, columns: neurons.map { "n\(Int($0))" } + ["output"],
          rowTitle: "flipped", columnTitle: "site", colourLabel: "change",
          scale: .diverging(limit: 2),
          cellText: .texts(rows.map { $0.map { Self.signed($0, decimals: 2) } })),
        caption:
          "The network is deaf to the other switches. Each deciding switch changes the same thing by other means: it silences some neurons, wakes others, and always turns the answer. A flip of any other switch reaches not even the first layer.",
        alt:
          "A table of switches by neurons and the output, for one input. Only the four rows of the deciding switches hold numbers; in each of them the output changes by the same amount.",
        plotHeight: 330),
      from: ["activations.safetensors", "findings.safetensors"])
  }
}

extension String {
  /// The text with a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
