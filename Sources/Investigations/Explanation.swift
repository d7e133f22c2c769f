import Interpretability
import Networks
import Tensors

/// What a case claims to have understood, so that it can be put through every test there is.
///
/// A case declares where its component is, what it computes, and on what inputs that must show. From this the evidence
/// of every case is gathered in the same way: `StandardTrial` puts five predictions on the ledger, and an
/// `EvidenceReport` measures the rest.
public struct Explanation: Sendable {
  /// The component that the story is about.
  public let component: Component
  /// What the programs compute, in words: the name of the one, unless there are several.
  public let summary: String
  /// The graph in which everything is tried, where the one that was trained has not all the sites: with the same
  /// parameters, it computes the same.
  public let network: Network?
  /// What it computes: one program, or several of which each network runs one.
  public let programs: [Program]
  /// The program that each network is claimed to run, by its place among `programs`.
  public let version: @Sendable (Weights) throws -> [Int]
  /// The share of networks that all this is claimed of.
  public let claimedShare: Double
  /// The inputs that everything is tried on, with right answers.
  public let examples: Examples
  /// Whether these are all the inputs that there are.
  public let isExhaustive: Bool
  /// Inputs that training had none of, on which the programs still say what will be answered.
  public let beyond: [Beyond]
  /// What a network does instead, in a few words, where the component was not found: `nine templates`.
  public let instead: @Sendable (Weights, Int) throws -> String
  /// The variant that was trained on answers dealt out at random.
  public let shuffledVariant: String

  /// Declares an explanation.
  ///
  /// - Precondition: There is a program.
  public init(
    of component: Component, in network: Network? = nil, summary: String? = nil,
    programs: [Program],
    version: @escaping @Sendable (Weights) throws -> [Int] = { $0.indices.map { _ in 0 } },
    claimedShare: Double = 0.8, examples: Examples, isExhaustive: Bool, beyond: [Beyond],
    shuffledVariant: String = "shuffled-labels",
    instead: @escaping @Sendable (Weights, Int) throws -> String
  ) {
    precondition(!programs.isEmpty, "An explanation needs a program")
    self.summary = summary ?? programs.map(\.name).joined(separator: ", or ")
    self.claimedShare = claimedShare
    (self.component, self.network) = (component, network)
    (self.programs, self.version) = (programs, version)
    (self.examples, self.isExhaustive, self.beyond) = (examples, isExhaustive, beyond)
    (self.shuffledVariant, self.instead) = (shuffledVariant, instead)
  }

  /// Inputs of a kind that training had none of: longer, unheard of, out of the domain.
  ///
  /// Where a program's answer is not the right one, the network must err if the explanation is true; everywhere else it
  /// must not.
  public struct Beyond: Sendable {
    /// A slug, for findings: `inside`.
    public let name: String
    /// What they are, in the plural: `points inside the square`.
    public let kind: String
    /// The network that takes them: the case's own, or one with more steps and the same weights.
    public let network: Network
    /// Draws inputs of this kind, with the right answers.
    public let make: @Sendable (inout Generator) throws -> Examples

    public init(
      _ name: String, _ kind: String, in network: Network,
      make: @escaping @Sendable (inout Generator) throws -> Examples
    ) {
      (self.name, self.kind, self.network, self.make) = (name, kind, network, make)
    }
  }
}
