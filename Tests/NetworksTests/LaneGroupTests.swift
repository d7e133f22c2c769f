import Testing

@testable import Networks

/// Every network has one place in the lanes, and few places stay empty.
@Suite struct LaneGroupTests {
  @Test func everyNetworkIsInOneGroup() {
    for count in 0..<200 {
      let groups = laneGroups(of: count, weights: 100)
      #expect(groups.flatMap(\.networks) == Array(0..<count))
      #expect(groups.allSatisfy { !$0.networks.isEmpty && $0.networks.count <= $0.width })
      #expect(groups.dropLast().allSatisfy { $0.networks.count == $0.width })
      #expect(groups.reduce(0) { $0 + $1.width } - count < 8)
    }
  }

  @Test func wideLanesComeFirst() {
    #expect(laneGroups(of: 2, weights: 100).map(\.width) == [1, 1])
    #expect(laneGroups(of: 3, weights: 100).map(\.width) == [4])
    #expect(laneGroups(of: 8, weights: 100).map(\.width) == [8])
    #expect(laneGroups(of: 9, weights: 100).map(\.width) == [16])
    #expect(laneGroups(of: 20, weights: 100).map(\.width) == [16, 4])
    #expect(laneGroups(of: 100, weights: 100).map(\.width) == [16, 16, 16, 16, 16, 16, 4])
  }

  @Test func whatIsLeftOfWideNetworksGoesByItself() throws {
    func widths(_ count: Int) -> [Int] {
      laneGroups(of: count, weights: 100, fillsVectors: true).map(\.width)
    }
    #expect(widths(20) == [16, 1, 1, 1, 1])
    #expect(widths(25) == [16, 16])
    #expect(widths(8) == [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(widths(4) == [1, 1, 1, 1])
    #expect(try Perceptron(width: 64).network.fillsVectors)
    #expect(try !Perceptron(width: 63).network.fillsVectors)
  }

  @Test func largeNetworksGoByThemselves() {
    let groups = laneGroups(of: 5, weights: mostWeightsOfALane + 1)
    #expect(groups == (0..<5).map { LaneGroup(networks: $0..<$0 + 1, width: 1) })
    #expect(laneGroups(of: 5, weights: mostWeightsOfALane).map(\.width) == [8])
  }

  /// The third of three networks is shared by two threads, four train side by side: the same bits.
  @Test func aSharedNetworkHasTheSameBits() throws {
    let network = try Perceptron(width: 12_000).network
    #expect(network.parameterCount > mostWeightsOfALane)
    let schedule = Schedule(
      optimizer: .adam(beta1: 0.9, beta2: 0.98, weightDecay: 0.01), learningRate: 1e-2, steps: 4)
    func trained(_ count: Int, threads: Int) throws -> Weights? {
      try network.train(
        on: .whole(Perceptron.corners()), evaluation: nil, schedule: schedule,
        seeds: Array(0..<count), stored: [4], threads: threads
      ).snapshots[4]
    }
    let one = try #require(try trained(3, threads: 1))
    let other = try #require(try trained(4, threads: 2)).networks(0..<3)
    #expect(same(try #require(try trained(3, threads: 2)), one))
    #expect(same(other, one))
  }

  /// Every group is in one crew, whatever the number of threads.
  @Test(arguments: [0, 1, 5, 20, 100, 1_000], [1, 2, 3, 8])
  func crewsHaveEveryGroupOnce(networks: Int, threads: Int) {
    for fillsVectors in [false, true] {
      let groups = laneGroups(of: networks, weights: 100, fillsVectors: fillsVectors)
      for (areAlone, sharesExamples) in [
        (false, false), (false, true), (true, false), (true, true),
      ] {
        let crews = Crew.dealt(
          groups, threads: threads, areAlone: areAlone, sharesExamples: sharesExamples)
        #expect(crews.flatMap(\.groups).sorted() == Array(groups.indices))
        #expect(crews.allSatisfy { !$0.groups.isEmpty && $0.groups.count <= 16 })
        #expect(crews.allSatisfy { $0.threads == 1 || groups[$0.groups[0]].width == 1 })
        #expect(crews == crews.filter { $0.threads == 1 } + crews.filter { $0.threads > 1 })
        if sharesExamples { continue }
        #expect(crews.allSatisfy { $0.threads == 1 })
        // Each thread has as many, or each crew is one group.
        #expect(crews.count % threads == 0 || crews.count == groups.count)
      }
    }
  }

  @Test func threadsHaveEquallyMuchToDo() {
    func dealt(_ groups: [LaneGroup], areAlone: Bool = false, sharesExamples: Bool = false)
      -> [Crew]
    {
      Crew.dealt(groups, threads: 2, areAlone: areAlone, sharesExamples: sharesExamples)
    }
    let narrow = laneGroups(of: 100, weights: 100)
    #expect(dealt(narrow).map(\.groups) == [[0, 2, 4, 6], [1, 3, 5]])
    // Not three crews, of which one thread would take two.
    #expect(dealt(laneGroups(of: 300, weights: 100)).map(\.groups.count) == [5, 5, 5, 4])
    #expect(dealt(laneGroups(of: 1_000, weights: 100), areAlone: true).count == 8)
    let wide = laneGroups(of: 20, weights: 100, fillsVectors: true)
    #expect(dealt(wide).map(\.groups) == [[0], [1, 2, 3, 4]])
    let large = laneGroups(of: 3, weights: mostWeightsOfALane + 1)
    #expect(
      dealt(large, areAlone: true, sharesExamples: true)
        == [Crew(groups: [0]), Crew(groups: [1]), Crew(groups: [2], threads: 2)])
  }
}
