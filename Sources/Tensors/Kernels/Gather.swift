/// Picks rows of a table by whole numbers: result[i] = table[index[i]], each network by its own index.
///
/// An index outside the table gives a row of NaN; inputs are checked before they come here.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func gather<L: Lane>(
  _ table: UnsafePointer<L>, rows: Int, size: Int, _ indices: Operand<L>, count: Int,
  into result: UnsafeMutablePointer<L>
) {
  let indices = indices.present
  for i in 0..<count {
    let out = result + i * size
    if let row = indices.commonPlace(i, below: rows) {
      let from = table + row * size
      for j in 0..<size { out[j] = from[j] }
      continue
    }
    let index = indices[i]
    if rows <= 2 * L.width {
      // To blend every row in is cheaper than to pick the numbers one by one.
      for j in 0..<size { out[j] = L(repeating: .nan) }
      for row in 0..<rows {
        let here = L.equal(index, L(repeating: Float(row)))
        for j in 0..<size { out[j] = L.select(here, table[row * size + j], out[j]) }
      }
    } else {
      for network in 0..<L.width {
        let row = place(index[network], below: rows)
        for j in 0..<size { out[j][network] = row.map { table[$0 * size + j][network] } ?? .nan }
      }
    }
  }
}

/// The place that a number names among `count`, if it names one.
@inline(__always)
func place(_ index: Float, below count: Int) -> Int? {
  index >= 0 && index < Float(count) ? Int(index) : nil
}

/// Writes each whole number as a row of zeros with a one at its place.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func oneHot<L: Lane>(
  _ indices: UnsafePointer<L>, count: Int, size: Int, into result: UnsafeMutablePointer<L>
) {
  if L.width == 1 {
    for i in 0..<count * size { result[i] = L.zero }
    for i in 0..<count {
      guard let place = place(indices[i][0], below: size) else { continue }
      if indices[i][0] == Float(place) { result[i * size + place] = L.one }
    }
    return
  }
  for i in 0..<count {
    for j in 0..<size {
      result[i * size + j] = L.select(
        L.equal(indices[i], L(repeating: Float(j))), L.one, L.zero)
    }
  }
}

/// Adds each row of numbers to the row of a table that a whole number picks, in order: the counterpart of `gather`.
///
/// A sum that continues begins with what the table holds. An index outside the table adds to no row.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func scatterSum<L: Lane>(
  _ x: UnsafePointer<L>, _ indices: Operand<L>, count: Int,
  into table: UnsafeMutablePointer<L>,
  rows: Int, size: Int, continuing: Bool
) {
  let indices = indices.present
  if !continuing {
    for i in 0..<rows * size { table[i] = L.zero }
  }
  for i in 0..<count {
    let from = x + i * size
    if let row = indices.commonPlace(i, below: rows) {
      let to = table + row * size
      for j in 0..<size { to[j] = to[j] + from[j] }
      continue
    }
    let index = indices[i]
    if rows <= 2 * L.width {
      for row in 0..<rows {
        let isHere = L.equal(index, L(repeating: Float(row)))
        let to = table + row * size
        for j in 0..<size { to[j] = to[j] + L.select(isHere, from[j], L.zero) }
      }
    } else {
      for network in 0..<L.width {
        guard let row = place(index[network], below: rows) else { continue }
        for j in 0..<size { table[row * size + j][network] += from[j][network] }
      }
    }
  }
}
