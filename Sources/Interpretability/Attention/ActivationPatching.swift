import Networks
import Tensors

/// Something of a transformer that can be patched position by position.
public struct PatchingPlace: Hashable, Sendable {
  public let name: String
  /// Its first axis is the position.
  public let site: Site
  /// The head along the site's second axis, nil for the whole site.
  public let head: Int?

  public init(_ name: String, at site: Site, head: Int? = nil) {
    (self.name, self.site, self.head) = (name, site, head)
  }

  func part(position: Int?) -> Intervention.Part {
    .block([position.map { [$0] }, head.map { [$0] }])
  }
}

extension Transformer {
  /// The stream before each layer and after the last.
  public var streamPlaces: [PatchingPlace] {
    blocks.enumerated().map { PatchingPlace("stream before layer \($0)", at: $1.residPre) }
      + blocks.suffix(1).map { PatchingPlace("stream at the end", at: $0.residPost) }
  }

  /// What every head has read, `z`, layer by layer.
  public var headPlaces: [PatchingPlace] {
    blocks.enumerated().flatMap { layer, block in
      (0..<configuration.headCount).map {
        PatchingPlace("head \(layer).\($0)", at: block.z, head: $0)
      }
    }
  }

  /// What the attention of each layer adds.
  public var attentionPlaces: [PatchingPlace] {
    blocks.enumerated().map { PatchingPlace("attention \($0)", at: $1.attentionOut) }
  }

  /// What the MLP of each layer adds; none if there are no MLPs.
  public var mlpPlaces: [PatchingPlace] {
    blocks.enumerated().flatMap { layer, block in
      block.mlpOut.map { [PatchingPlace("MLP \(layer)", at: $0)] } ?? []
    }
  }
}

/// Activation patching: what one run knows is put into another, place by place and position by position.
///
/// *Noising* puts corrupted activations into the clean run and asks what breaks: what is necessary. *Denoising* puts
/// clean activations into the corrupted run and asks what is mended: what is enough. The two need not agree. Both are
/// measured against the answers of the clean examples.
///
/// ```swift
/// let patching = try ActivationPatching(
///   .denoising, clean: examples, corrupted: examples.permuting(["tokens"], by: order),
///   at: model.headPlaces, in: network, weights)
/// patching.effects[0, 2, 7]  // network 0, place 2, position 7
/// ```
///
/// Baselines: the same examples as clean and as corrupted, where nothing can happen; `donors`, by which what is put in
/// comes from another example at random; places that the hypothesis calls irrelevant.
///
/// Meng et al. 2022, arXiv 2202.05262; Heimersheim and Nanda 2024, arXiv 2404.15255.
public struct ActivationPatching: Sendable, Hashable {
  /// Which run is patched, and from which.
  public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// Corrupted activations into the clean run.
    case noising
    /// Clean activations into the corrupted run.
    case denoising
  }

  public let direction: Direction
  public let places: [PatchingPlace]
  /// The metric of each network's clean and corrupted run, by the clean answers.
  public let clean, corrupted: [Double]
  /// The metric of the patched runs.
  ///
  /// - Shape: `[networks, places, positions]`; one for all positions if they are patched together.
  public let values: Tensor

  /// Patches every place.
  ///
  /// - Parameters:
  ///   - direction: Noising or denoising.
  ///   - clean: The examples with their answers.
  ///   - corrupted: As many other examples, each to be confused with the clean one of its row; their answers are not read.
  ///   - places: What is patched, one at a time.
  ///   - byPosition: Whether positions are patched one at a time, or all together.
  ///   - donors: The rows that patches are taken from, in place of each row's own.
  ///   - metric: What is measured.
  ///   - network: The network that was made of the transformer.
  ///   - weights: A population of networks.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if weights, examples or places do not fit the network, or there are not as many corrupted
  ///   examples, or donors, as clean ones.
  public init(
    _ direction: Direction, clean: Examples, corrupted: Examples, at places: [PatchingPlace],
    byPosition: Bool = true, donors: [Int]? = nil, measuring metric: Metric = .accuracy,
    in network: Network, _ weights: Weights, threads: Int = 1
  ) throws {
    let rows = donors ?? Array(0..<clean.count)
    guard corrupted.count == clean.count, rows.count == clean.count,
      rows.allSatisfy({ 0..<clean.count ~= $0 })
    else {
      throw NetworkError(
        "\(corrupted.count) corrupted examples and \(rows.count) donors cannot be patched with "
          + "\(clean.count) clean ones, row by row")
    }
    var confused = corrupted
    for target in network.targets {
      if let answers = clean[target.name] {
        confused = try confused.replacing(target.name, with: answers)
      }
    }
    let isNoising = direction == .noising
    let donor = try network.run(
      weights, on: (isNoising ? confused : clean).rows(rows), recording: places.map(\.site),
      threads: threads)
    let positions = byPosition ? places.first?.site.shape[0] ?? 0 : 1
    let sets = places.flatMap { place in
      (0..<positions).map { position in
        [
          Intervention(
            at: place.site, place.part(position: byPosition ? position : nil),
            .patch(donor[place.site]))
        ]
      }
    }
    let measured = try metric.values(
      of: network, weights, on: isNoising ? clean : confused, under: [[]] + sets, threads: threads)
    let other = try metric.values(
      of: network, weights, on: isNoising ? confused : clean, under: [[]], threads: threads)[0]
    (self.clean, self.corrupted) = isNoising ? (measured[0], other) : (other, measured[0])
    (self.direction, self.places) = (direction, places)
    values = Tensor(shape: [weights.count, places.count, positions]) {
      Float(measured[1 + $0 % max(sets.count, 1)][$0 / max(sets.count, 1)])
    }
  }

  /// How far each patch takes the metric from the run that is patched (0) to the one it is taken from (1).
  ///
  /// Zero where the two runs do not differ.
  ///
  /// - Shape: `[networks, places, positions]`
  public var effects: Tensor {
    let size = values.shape.dropFirst().count
    return Tensor(shape: values.shape) { index in
      let (clean, corrupted) = (clean[index / size], corrupted[index / size])
      let (start, end) = direction == .noising ? (clean, corrupted) : (corrupted, clean)
      return start == end ? 0 : Float((Double(values.scalars[index]) - start) / (end - start))
    }
  }
}
