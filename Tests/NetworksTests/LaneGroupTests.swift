import Testing

@testable import Networks

/// Every network has one place in the lanes, and few places stay empty.
@Suite struct LaneGroupTests {
  @Test func everyNetworkIsInOneGroup() {
    for count in 0..<200 {
      let groups = laneGroups(of: count)
      #expect(groups.flatMap(\.networks) == Array(0..<count))
      #expect(groups.allSatisfy { !$0.networks.isEmpty && $0.networks.count <= $0.width })
      #expect(groups.reduce(0) { $0 + $1.width } - count < 4)
    }
  }

  @Test func wideLanesComeFirst() {
    #expect(laneGroups(of: 2).map(\.width) == [1, 1])
    #expect(laneGroups(of: 3).map(\.width) == [4])
    #expect(laneGroups(of: 8).map(\.width) == [4, 4])
    #expect(laneGroups(of: 20).map(\.width) == [8, 8, 4])
    #expect(laneGroups(of: 100).map(\.width) == [16, 16, 16, 16, 16, 8, 8, 4])
  }
}
