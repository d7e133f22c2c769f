/// Makes the few numbers of each member of a batch, four members at a time.
@inline(never)
func contractFew<L: Lane, Ending: SumEnding>(
  _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, _ joined: UnsafePointer<L>, _: Ending.Type
) {
  layout.batch.withUnsafeBufferPointer { batch in
    layout.inner.withUnsafeBufferPointer { terms in
      for first in stride(from: 0, to: batch.count, by: 4) {
        let last = batch.count - 1
        let (b0, b1) = (batch[first], batch[min(first + 1, last)])
        let (b2, b3) = (batch[min(first + 2, last)], batch[min(first + 3, last)])
        for row in layout.rows {
          let x = left + row.operand
          let (x0, x1, x2, x3) = (x + b0.left, x + b1.left, x + b2.left, x + b3.left)
          for column in layout.columns {
            let y = right + column.operand
            let (y0, y1, y2, y3) = (y + b0.right, y + b1.right, y + b2.right, y + b3.right)
            let to = result + (row.result + column.result)
            let (c0, c1, c2, c3) = (to + b0.result, to + b1.result, to + b2.result, to + b3.result)
            var sums =
              Ending.continues
              ? Quad(c0[0], c1[0], c2[0], c3[0]) : Quad(L.zero, L.zero, L.zero, L.zero)
            for k in terms {
              sums.add(
                Quad(x0[k.left], x1[k.left], x2[k.left], x3[k.left]),
                times: Quad(y0[k.right], y1[k.right], y2[k.right], y3[k.right]))
            }
            let z = joined + (row.joined + column.joined)
            c0[0] = Ending.end(sums.a, z[b0.joined])
            c1[0] = Ending.end(sums.b, z[b1.joined])
            c2[0] = Ending.end(sums.c, z[b2.joined])
            c3[0] = Ending.end(sums.d, z[b3.joined])
          }
        }
      }
    }
  }
}
