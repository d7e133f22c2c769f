import Interpretability
import Tensors
import Testing

@Suite("Taking a part of a site from elsewhere")
struct SitePartTests {
  let base, donor: Tensor

  init() throws {
    base = try Tensor([1, 0, 0.1, 3e-7, 5, -2], shape: [1, 3, 2])
    donor = try Tensor([-7, 4, 1e6, 0.3, 0.2, 1e-9], shape: [1, 3, 2])
  }

  @Test("Directions that span all of a site leave not a digit of the base")
  func wholeSite() throws {
    let oblique = try SitePart.spanned(by: Tensor([1, 2, 3, 0.5], shape: [1, 2, 2]))
    #expect(oblique.replaced(in: base, by: donor) == donor)
    let both = try SitePart.union([
      .spanned(by: Tensor([1, 1], shape: [1, 1, 2])),
      .spanned(by: Tensor([1, 3], shape: [1, 1, 2])),
    ])
    #expect(both.replaced(in: base, by: donor) == donor)
  }

  @Test("One direction takes its share, and leaves what is at right angles")
  func oneDirection() throws {
    let diagonal = try SitePart.spanned(by: Tensor([3, 3], shape: [1, 1, 2]))
    let mixed = diagonal.replaced(in: base, by: donor)
    for row in 0..<3 {
      let (b, d) = ((base[0, row, 0], base[0, row, 1]), (donor[0, row, 0], donor[0, row, 1]))
      let (sum, difference) = (d.0 + d.1, b.0 - b.1)
      let scale = 1e-6 * max(1, sum.magnitude)
      #expect((mixed[0, row, 0] - (sum + difference) / 2).magnitude < scale)
      #expect((mixed[0, row, 1] - (sum - difference) / 2).magnitude < scale)
    }
  }

  @Test("No direction at all changes nothing, in a site of a single number, too")
  func nothing() throws {
    let none = SitePart.directions(Tensor(repeating: 0, shape: [1, 0, 1]))
    let one = try Tensor([4, 5], shape: [1, 2, 1])
    #expect(try none.replaced(in: one, by: Tensor([8, 9], shape: [1, 2, 1])) == one)
    #expect(!none.isAll(ofSite: 1))
  }
}
