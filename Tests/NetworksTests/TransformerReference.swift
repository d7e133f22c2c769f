import Tensors

import func Foundation.exp

@testable import Networks

/// A transformer's forward pass in plain loops and Doubles, written from its equations.
struct TransformerReference {
  let c: Transformer.Configuration
  /// The parameters of one network, by name.
  let weights: [String: [Double]]
  private(set) var sites: [String: [Double]] = [:]

  init(_ configuration: Transformer.Configuration, _ weights: Weights, network: Int) {
    c = configuration
    self.weights = weights.tensors.mapValues { $0.slice(network).scalars.map(Double.init) }
  }

  private func w(_ name: String, _ index: Int) -> Double { weights[name]?[index] ?? 0 }

  private mutating func normalized(_ x: [[Double]], _ name: String) -> [[Double]] {
    guard c.normalizes else { return x }
    var scales: [Double] = []
    let rows = x.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      let scale = (variance + 1e-5).squareRoot()
      scales.append(scale)
      return row.map { ($0 - mean) / scale }
    }
    sites["\(name).hook_scale"] = scales
    sites["\(name).hook_normalized"] = rows.flatMap(\.self)
    return rows.map { row in
      row.indices.map { row[$0] * w("\(name).w", $0) + w("\(name).b", $0) }
    }
  }

  /// The logits of one sequence, `[position][output]`; what the sites held is kept.
  mutating func logits(_ tokens: [Int]) -> [[Double]] {
    let d = c.dModel
    var stream = tokens.enumerated().map { position, token in
      (0..<d).map { w("embed.W_E", token * d + $0) + w("pos_embed.W_pos", position * d + $0) }
    }
    for layer in 0..<c.layerCount { stream = block(layer, stream) }
    let read = normalized(stream, "ln_final")
    let outputs = c.outputs ?? c.vocabulary
    return read.map { row in
      (0..<outputs).map { output in
        (0..<d).reduce(w("unembed.b_U", output)) {
          $0 + row[$1] * w("unembed.W_U", $1 * outputs + output)
        }
      }
    }
  }

  private mutating func block(_ layer: Int, _ stream: [[Double]]) -> [[Double]] {
    let (name, d, e, h) = ("blocks.\(layer)", c.dModel, c.dHead, c.headCount)
    let length = stream.count
    sites["\(name).hook_resid_pre"] = stream.flatMap(\.self)
    let x = normalized(stream, "\(name).ln1")
    func read(_ letter: String, _ position: Int, _ head: Int) -> [Double] {
      (0..<e).map { k in
        (0..<d).reduce(w("\(name).attn.b_\(letter)", head * e + k)) {
          $0 + x[position][$1] * w("\(name).attn.W_\(letter)", (head * d + $1) * e + k)
        }
      }
    }
    var patterns: [Double] = []
    var z = [[[Double]]](
      repeating: [[Double]](repeating: [Double](repeating: 0, count: e), count: h), count: length)
    for head in 0..<h {
      for query in 0..<length {
        let q = read("Q", query, head)
        let scores = (0..<length).map { key -> Double in
          guard !c.isCausal || key <= query else { return -.infinity }
          return zip(q, read("K", key, head)).reduce(0) { $0 + $1.0 * $1.1 }
            / Double(e).squareRoot()
        }
        let largest = scores.max() ?? 0
        let total = scores.reduce(0) { $0 + Foundation.exp($1 - largest) }
        for key in 0..<length {
          let share = Foundation.exp(scores[key] - largest) / total
          patterns.append(share)
          let v = read("V", key, head)
          for k in 0..<e { z[query][head][k] += share * v[k] }
        }
      }
    }
    sites["\(name).attn.hook_pattern"] = patterns
    sites["\(name).attn.hook_z"] = z.flatMap { $0.flatMap(\.self) }
    var after = stream
    for position in 0..<length {
      for k in 0..<d {
        after[position][k] += w("\(name).attn.b_O", k)
        for head in 0..<h {
          for i in 0..<e {
            after[position][k] +=
              z[position][head][i] * w("\(name).attn.W_O", (head * e + i) * d + k)
          }
        }
      }
    }
    guard let neurons = c.dMLP else {
      sites["\(name).hook_resid_post"] = after.flatMap(\.self)
      return after
    }
    sites["\(name).hook_resid_mid"] = after.flatMap(\.self)
    let y = normalized(after, "\(name).ln2")
    for position in 0..<length {
      for n in 0..<neurons {
        let pre = (0..<d).reduce(w("\(name).mlp.b_in", n)) {
          $0 + y[position][$1] * w("\(name).mlp.W_in", $1 * neurons + n)
        }
        for k in 0..<d where pre > 0 {
          after[position][k] += pre * w("\(name).mlp.W_out", n * d + k)
        }
      }
      for k in 0..<d { after[position][k] += w("\(name).mlp.b_out", k) }
    }
    sites["\(name).hook_resid_post"] = after.flatMap(\.self)
    return after
  }
}
