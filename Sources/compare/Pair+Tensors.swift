import Artifacts
import Tensors

extension Pair {
  /// The tensors that differ, and what is said of where they come from.
  var tensorDifferences: [String] {
    var found: [String] = []
    let mine: TensorFile
    let theirs: TensorFile
    do {
      mine = try TensorFile(bytes: here, path: "made here", madeBy: "make verify")
    } catch {
      return [" cannot be read: \(error)"]
    }
    do {
      theirs = try TensorFile(bytes: gallery, path: "in the gallery", madeBy: "make regenerate")
    } catch {
      found.append(" cannot be used: \((error as? StageError)?.what ?? "\(error)")")
      guard let damaged = try? TensorFile(damaged: gallery, path: "in the gallery") else {
        return found
      }
      theirs = damaged
    }
    if mine.provenance != theirs.provenance {
      found.append(": its __metadata__ says \(said(theirs)), and should say \(said(mine))")
    }
    for name in Set(mine.names + theirs.names).sorted() {
      guard let one = mine.tensors[name] else {
        found.append(" has a tensor \(name.quoted) too many")
        continue
      }
      guard let other = theirs.tensors[name] else {
        found.append(" lacks the tensor \(name.quoted)")
        continue
      }
      if let difference = difference(one, other) {
        found.append(", tensor \"\(name.onOneLine)\": \(difference)")
      }
    }
    return found.isEmpty ? [": the same tensors, written otherwise"] : found
  }

  private func said(_ file: TensorFile) -> String {
    let provenance = file.provenance
    let fields = [
      ("case", provenance.case), ("variant", provenance.variant), ("seed", provenance.seed),
      ("step", provenance.step),
    ]
    let notes = provenance.notes.sorted { $0.key < $1.key }.map { ($0.key, Optional($0.value)) }
    return (fields + notes).compactMap { name, value in value.map { "\(name) \($0.quoted)" } }
      .joined(separator: ", ")
  }

  private func difference(_ mine: Tensor, _ theirs: Tensor) -> String? {
    guard mine.shape == theirs.shape, mine.kind == theirs.kind else {
      return "\(words(mine)) here, \(words(theirs)) in the gallery"
    }
    let places = mine.scalars.indices.filter {
      mine.scalars[$0].bitPattern != theirs.scalars[$0].bitPattern
    }
    guard let first = places.first else { return nil }
    let index = zip(mine.shape.strides, mine.shape.sizes).map { first / $0 % $1 }
    let (one, other) = (mine.scalars[first], theirs.scalars[first])
    return "\(places.count) of \(mine.count) values differ, first at \(index):"
      + " \(number(one, mine.kind)) here, \(number(other, mine.kind)) in the gallery"
  }

  private func words(_ tensor: Tensor) -> String {
    "\(tensor.kind == .whole ? "whole numbers" : "real numbers") of the shape \(tensor.shape)"
  }

  private func number(_ value: Float, _ kind: Tensor.Kind) -> String {
    kind == .whole
      ? "\(Int(value))"
      : value.isNaN ? "NaN (0x\(String(value.bitPattern, radix: 16)))" : "\(value)"
  }
}
