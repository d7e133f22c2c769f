import Networks
import Tensors

/// Path patching: what a head writes is changed for one reader alone.
///
/// Three runs. The first keeps what all heads and MLPs do. In the second the sender is changed while every head and
/// MLP between it and the receiver is held at the first run, so that the change travels along the residual stream only;
/// what the receiver then reads, as query, key or value, is kept. In the third that alone is put into the first.
///
/// ```swift
/// let path = try PathPatching(
///   from: Heads(layer: 0, [0]), to: .reading(.key, Heads(layer: 1, [0])),
///   base: examples, source: others, of: model, in: network, weights)
/// let scores = try network.scores(weights, on: examples, under: [path.interventions])
/// ```
///
/// Baselines: the same path from a decoy head; the base as its own source, which changes nothing.
///
/// Wang et al. 2022, arXiv 2211.00593 (where MLPs between are not held); Goldowsky-Dill et al. 2023, arXiv 2304.05969.
public struct PathPatching: Sendable, Hashable {
  /// Where a path ends.
  public enum Receiver: Hashable, Sendable {
    /// What heads of a later layer read for one purpose.
    case reading(TransformerBlock.Reading, Heads)
    /// The answer itself.
    case output
  }

  /// What makes the third run of the base: for `Network.run` and `Network.scores` on the base.
  public let interventions: [Intervention]

  /// Patches the path with what the sender writes on other examples.
  ///
  /// - Parameters:
  ///   - sender: Where the path begins.
  ///   - receiver: Where it ends.
  ///   - base: The examples that are patched.
  ///   - source: As many other examples, from whose runs the sender's activation is taken, row by row.
  ///   - model: The transformer.
  ///   - network: The network that was made of it.
  ///   - weights: A population of networks.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if weights, examples or heads do not fit, or the receiver does not come after the sender.
  public init(
    from sender: Heads, to receiver: Receiver, base: Examples, source: Examples,
    of model: Transformer, in network: Network, _ weights: Weights, threads: Int = 1
  ) throws {
    guard source.count == base.count else {
      throw NetworkError(
        "\(source.count) source examples cannot be patched into \(base.count), row by row")
    }
    let z = try model.block(sender.layer).z
    let run = try network.run(weights, on: source, recording: [z], threads: threads)
    try self.init(
      from: sender, to: receiver, base: base, sending: .patch(run[z]), of: model, in: network,
      weights, threads: threads)
  }

  /// Patches the path with an ablation of the sender, or whatever else is done to its z.
  ///
  /// - Parameters:
  ///   - sender: Where the path begins.
  ///   - receiver: Where it ends.
  ///   - base: The examples that are patched.
  ///   - action: What is done to the sender's `z`.
  ///   - model: The transformer.
  ///   - network: The network that was made of it.
  ///   - weights: A population of networks.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if weights, examples or heads do not fit, or the receiver does not come after the sender.
  public init(
    from sender: Heads, to receiver: Receiver, base: Examples, sending action: Intervention.Action,
    of model: Transformer, in network: Network, _ weights: Weights, threads: Int = 1
  ) throws {
    let first = try model.block(sender.layer)
    let end = receiver.layer ?? model.blocks.count
    guard end > sender.layer else {
      throw NetworkError(
        "there is no path from layer \(sender.layer) to layer \(end): it is no later one")
    }
    let between = (sender.layer..<min(end, model.blocks.count)).flatMap { layer in
      (layer > sender.layer ? [model.blocks[layer].z] : [])
        + [model.blocks[layer].mlpOut].compactMap { $0 }
    }
    let clean = try network.run(weights, on: base, recording: between, threads: threads)
    let second =
      [Intervention(at: first.z, sender.part(axis: 1), action)]
      + between.map { Intervention(at: $0, .patch(clean[$0])) }
    guard case .reading(let reading, let heads) = receiver else {
      interventions = second
      return
    }
    let site = try model.block(heads.layer).site(reading)
    let read = try network.run(
      weights, on: base, with: second, recording: [site], threads: threads)
    interventions = [Intervention(at: site, heads.part(axis: 1), .patch(read[site]))]
  }
}

extension PathPatching.Receiver {
  /// The receiver's layer, nil for the answer.
  fileprivate var layer: Int? {
    if case .reading(_, let heads) = self { heads.layer } else { nil }
  }
}
