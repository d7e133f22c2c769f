import Networks
import Tensors

/// A network as data: what `network.json` holds, enough to run it without this program.
public struct NetworkFile: Codable, Hashable, Sendable, JSONArtifact {
  public static let format = "casebook.network"
  public static let version = 1

  /// What the network is given.
  public struct Input: Codable, Hashable, Sendable {
    public var name: String
    /// `signs`, `bits`, `reals`, `tokens` or `lengths`.
    public var kind: String
    public var shape: Shape
    /// The number of tokens, where the kind is `tokens`.
    public var vocabulary: Int?
  }

  /// A tensor of the checkpoint.
  public struct Parameter: Codable, Hashable, Sendable {
    public var name: String
    public var shape: Shape
  }

  /// A named place.
  public struct Site: Codable, Hashable, Sendable {
    public var name: String
    public var shape: Shape
    public var axes: [String]
    /// How it is best shown: `units` (a row of cells), `matrix`, or `tensor`.
    public var shown: String
  }

  public var `case`: String
  public var variant: String
  public var inputs: [Input]
  public var parameters: [Parameter]
  public var sites: [Site]
  public var output: String
  public var graph: GraphDescription
  /// How to read this file, in words.
  public var documentation: [String]
  /// What each operation of the graph does, in words.
  public var operations: [String: String]
}

extension NetworkFile {
  /// Describes a network.
  public init(_ network: Network, case name: String, variant: String) {
    self.case = name
    self.variant = variant
    inputs = network.inputs.map { input in
      Input(
        name: input.name, kind: input.kind.name, shape: input.shape,
        vocabulary: input.kind.vocabulary)
    }
    parameters = network.parameters.map { Parameter(name: $0.name, shape: $0.shape) }
    sites = network.sites.map { site in
      Site(
        name: site.name, shape: site.shape, axes: site.axes,
        shown: site.shape.rank <= 1 ? "units" : site.shape.rank == 2 ? "matrix" : "tensor")
    }
    output = network.output.name
    graph = network.description
    operations = network.operationDocumentation
    documentation = [
      "The network answers a batch of examples. Its graph is a list of nodes in the order in which they are computed.",
      "Each node applies `operation` to the values numbered in `operands` (x, y and z in that order) and makes the values numbered in `values`.",
      "`shapes` has for each of `values` its shape for one example; where `batched` is true an axis of examples stands before it.",
      "What an operation does stands under `operations`; its settings stand in the node's `attributes`. Axes there count those of one example from 0, the axis of examples set aside.",
      "Operands that are broadcast: set the axis of examples aside, line the other axes up from the last, and repeat axes of size 1 or missing ones.",
      "Inputs and parameters are nodes too, and bear a name in their attributes. A parameter is the tensor of that name in a checkpoint, and for seed k row k of STEP/NAME in population.safetensors.",
      "The one value of `graph.results` is the output. A site is the value of the node that bears its name.",
      "In activations.safetensors the input is `inputs`, or `inputs.NAME` where there are several. Every site has a row an example there, also where `batched` is false.",
      "All numbers of the graph are 32-bit floats, tokens (I32 in tensor files) and truth values (1 or 0) included. Sums of products run in the order of the summed index, with fused multiply-add.",
    ]
  }
}

extension Networks.Input.Kind {
  fileprivate var name: String {
    switch self {
    case .signs: "signs"
    case .bits: "bits"
    case .reals: "reals"
    case .tokens: "tokens"
    case .lengths: "lengths"
    }
  }

  fileprivate var vocabulary: Int? {
    if case .tokens(let vocabulary) = self { vocabulary } else { nil }
  }
}
