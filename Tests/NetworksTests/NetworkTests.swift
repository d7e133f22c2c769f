import Foundation
import Tensors
import Testing

@testable import Networks

/// What a network says about itself.
@Suite struct NetworkTests {
  private func error(
    _ output: Site, loss: (any Traced)? = nil, penalty: (any Traced)? = nil,
    correct: (any Traced)? = nil
  ) -> String {
    message {
      try Network(
        output: output, loss: (loss ?? output).expression, penalty: penalty, correct: correct)
    }
  }

  @Test func readsItsPartsOffTheGraph() throws {
    let net = try Perceptron(penalty: true)
    #expect(net.network.inputs == [net.x])
    #expect(net.network.targets == [net.target])
    #expect(Set(net.network.parameters) == [net.w1, net.b1, net.w2])
    #expect(net.network.sites.map(\.name) == ["hidden", "output"])
    #expect(net.network.sites[0].shape == [3] && net.network.sites[0].axes == ["unit"])
    #expect(net.network.parameterCount == 2 * 3 + 3 + 3)
    // x • W1: 2·2·3, + b1: 3, tanh: 3, • W2: 2·3.
    #expect(net.network.operationsPerExample == 12 + 3 + 3 + 6)
  }

  @Test func sitesOfALoopHaveAnAxisOfSteps() throws {
    let x = Input("x", [7, 2], kind: .reals)
    let run = scan(carry: [constant(Tensor(repeating: 0, shape: [3, 2]))], over: [x]) { h, x in
      (carry: [Site("state", h[0] + x[0], axes: ["head", "unit"]).expression], outputs: [])
    }
    let output = Site("output", run.carry[0])
    let network = try Network(output: output, loss: output)
    let state = try #require(network.sites.first { $0.name == "state" })
    #expect(state.shape == [7, 3, 2] && state.axes == ["step", "head", "unit"])
    #expect(network.operationsPerExample == 7 * 6)
  }

  @Test func namesThatClashAreRefused() {
    let (a, b) = (Parameter("W", [2], .zeros), Parameter("W", [2], .zeros))
    #expect(error(Site("output", a + b)).contains("'W'"))
    #expect(error(Site("output", a + Input("W", [2], kind: .reals))).contains("'W'"))
    #expect(error(Site("output", Site("output", a))).contains("'output'"))
    #expect(error(Site("W", a)).contains("'W'"))
    #expect(error(Site("output", Parameter("", [2], .zeros))).contains("no name"))
    let output = Site("output", a)
    let loss = output + Site("output", a * a)
    #expect(error(output, loss: loss).contains("'output'"))
  }

  @Test func whatIsNoNumberIsRefused() {
    let (a, x) = (Parameter("W", [2], .zeros), Input("x", [2], kind: .reals))
    let output = Site("output", a * x)
    #expect(error(output, penalty: sum(x)).contains("varies by example"))
    #expect(error(output, penalty: a).contains("single numbers"))
    #expect(error(output, correct: output).contains("single numbers"))
    #expect(error(output, penalty: sum(a), correct: sum(output)) == "no error")
    let values = Parameter("V", [2, 2], .values([1, 2, 3]))
    let said = error(Site("output", values))
    #expect(said.contains("'V'") && said.contains("[2, 2]") && said.contains("3 values"))
  }

  @Test func aDescriptionNamesValuesBeforeTheyAreRead() throws {
    let x = Input("x", [4, 2], kind: .reals)
    let run = GradientCase.recurrence(
      Parameter("h0", [3], .zeros), x, Parameter("W", [3, 3], .zeros),
      Parameter("U", [2, 3], .zeros))
    func check(_ graph: GraphDescription) {
      var known: Set<Int> = []
      for node in graph.nodes {
        #expect(Set(node.operands).isSubset(of: known))
        #expect(node.values.count == node.shapes.count && node.values.count == node.batched.count)
        #expect(known.isDisjoint(with: node.values))
        known.formUnion(node.values)
        if case .graph(let body) = node.attributes["body"] {
          #expect(body.slots.count == 4 && body.results.count == 2)
          check(body)
        }
      }
      #expect(Set(graph.results + graph.slots).isSubset(of: known))
    }
    let graph = GraphDescription([run.last])
    check(graph)
    let scan = try #require(graph.nodes.first { $0.operation == "scan" })
    #expect(scan.attributes["counts"] == .wholes([1, 1, 2]))
    #expect(scan.attributes["steps"] == .whole(4))
    #expect(scan.shapes.first == [3] && scan.batched.first == true)
    let product = try #require(
      GraphDescription([x.reshaped([8]) • Parameter("V", [8, 2], .zeros)]).nodes
        .first { $0.operation == "einsum" })
    #expect(product.attributes["letters"] == .text("...i,ij->...j"))
    let texts = GraphDescription.documentation([run.last])
    #expect(Set(texts.keys).isSuperset(of: ["scan", "tanh", "einsum", "add", "slot", "input"]))
    #expect(texts.values.allSatisfy { !$0.isEmpty })
    #expect(try JSONEncoder().encode(graph).count > 0)
  }
}
