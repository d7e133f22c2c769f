import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ShellGameTask
import Tensors

/// How much room a network has, and what it makes of it.
extension ShellGame {
  /// Which numbers of cups are learnt in how many dimensions.
  func noteStaircase(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    var rows: [[Double]] = []
    var (enough, short) = ((solved: 0, n: 0), (solved: 0, n: 0))
    var files: [String] = []
    for cups in Self.staircase {
      // −1 where there is no such network: more dimensions than cups were not tried.
      var row = [Double](repeating: -1, count: Self.staircase.upperBound)
      for width in 1...cups {
        let name = Self.step(cups: cups, width: width)
        let training = try evidence.training(name)
        let accuracies = training.finalAccuracy.prefix(10)
        let solved = training.solvedAt.prefix(10).count { $0 != nil }
        row[width - 1] = Statistics.mean(accuracies)
        files.append("\(name)/training.json")
        if width >= cups - 1 {
          enough = (enough.solved + solved, enough.n + accuracies.count)
        } else {
          short = (short.solved + solved, short.n + accuracies.count)
        }
      }
      rows.append(row)
    }
    notebook.keep("staircase", try Self.table(rows))
    notebook.noteShare(
      "staircase-enough", enough.solved, of: enough.n, unit: "share of networks",
      seeds: "0-9 of each",
      from: files)
    notebook.noteShare(
      "staircase-short", short.solved, of: short.n, unit: "share of networks", seeds: "0-9 of each",
      from: files)
  }

  /// What networks make of the swaps they were never shown, and how flat they lie.
  func noteUnseen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    notebook.note(
      "unseen-games", Double(Self.unseenGames.count), unit: "games", n: Self.unseenGames.count,
      from: ["main/network.json"])
    for width in Self.unseenWidths {
      for suffix in ["", "-no-decay"] {
        let name = "unseen-width-\(width)\(suffix)"
        let population = try evidence.population(name)
        let weights = population.final
        let right = try rightOnUnseen(weights, of: name, threads: evidence.threads)
        let seeds = Self.all(right.count)
        notebook.noteMean(
          name, of: right, unit: "share of games", seeds: seeds, from: [population.path])
        notebook.noteShare(
          "\(name)-all", right.count { $0 == 1 }, of: right.count, unit: "share of networks",
          seeds: seeds, from: [population.path])
        let off = try Self.offOnUnseen(weights, width: width, threads: evidence.threads)
        notebook.note(
          "\(name)-off", Statistics.median(off), unit: "distance of a score", n: off.count,
          seeds: seeds, from: [population.path])
        let long = try Self.playingLong(weights, threads: evidence.threads)
        notebook.noteShare(
          "\(name)-long", long.throughout.count { $0 == 1 }, of: long.throughout.count,
          unit: "share of networks", seeds: seeds, from: [population.path])
        let curve = (0..<Self.longGames.moves).map { move in
          Statistics.mean(long.after.map { $0[move] })
        }
        notebook.keep("\(name)-curve", Tensor(curve.map(Float.init)))
        notebook.note(
          "\(name)-end", curve[curve.count - 1], unit: "share of games", n: right.count,
          seeds: seeds, from: [population.path])
        guard width > 2, let corners = weights["E"] else { continue }
        // Three corners lie in a plane through zero if the third singular value is nothing.
        let thickness = (0..<weights.count).map { network in
          let values = SingularValues(of: corners.slice(network)).values
          return values[2] / values[0]
        }
        notebook.note(
          "thickness-width-\(width)\(suffix)", Statistics.median(thickness),
          unit: "third singular value / first", n: thickness.count, seeds: seeds,
          from: [population.path])
      }
    }
    let shown = try evidence.population("cups-3-width-3")
    let corners = shown.final["E"] ?? Tensor([])
    let thickness = (0..<shown.final.count).map { network in
      let values = SingularValues(of: corners.slice(network)).values
      return values[2] / values[0]
    }
    notebook.note(
      "thickness-shown-all", Statistics.median(thickness), unit: "third singular value / first",
      n: thickness.count, seeds: Self.all(thickness.count), from: [shown.path])
  }
}
