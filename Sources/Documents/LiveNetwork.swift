import Foundation

/// A network that a page's reader runs, changes and breaks in the browser.
///
/// The page holds its graph, its weights at several checkpoints and some inputs to begin with; the scripts
/// beside the templates run any graph that `network.json` can say, and need nothing else.
public struct LiveNetwork: Hashable, Sendable {
  /// The weights after a number of steps.
  public struct Checkpoint: Hashable, Sendable {
    public var step: Int
    /// The numbers of all parameters, one after the other as `network.json` lists them.
    public var weights: [Float]

    public init(step: Int, weights: [Float]) {
      self.step = step
      self.weights = weights
    }

    /// How many characters of the page a checkpoint of so many weights takes.
    public static func size(weights count: Int) -> Int { (4 * count + 2) / 3 * 4 + 40 }

    /// Weights in base64, each as 32 bits, the least significant byte first.
    var json: String {
      let bytes = weights.flatMap { weight in
        withUnsafeBytes(of: weight.bitPattern.littleEndian) { Array($0) }
      }
      return #"{"step":\#(step),"weights":"\#(Data(bytes).base64EncodedString())"}"#
    }
  }

  /// What `network.json` says.
  public var network: String
  public var checkpoints: [Checkpoint]
  /// Inputs to begin with; each has the numbers of every input of the network, in its order.
  public var examples: [[[Float]]]

  public init(network: String, checkpoints: [Checkpoint], examples: [[[Float]]]) {
    self.network = network
    self.checkpoints = checkpoints
    self.examples = examples
  }

  /// All of it as JSON that cannot end the element it stands in.
  var json: String {
    let weights = checkpoints.map(\.json).joined(separator: ",\n")
    let inputs = examples.map { example in
      "[" + example.map(Self.list).joined(separator: ",") + "]"
    }
    let text = """
      {"checkpoints":[
      \(weights)
      ],
      "examples":[\(inputs.joined(separator: ",\n"))],
      "network":\(network)}
      """
    // The three stand within strings alone, where JSON lets any character be written by its number. Scalars,
    // not characters: a "<" with an accent is one character that equals no "<", and still begins a tag.
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": safe.append(contentsOf: #"\u003c"#.unicodeScalars)
      case ">": safe.append(contentsOf: #"\u003e"#.unicodeScalars)
      case "&": safe.append(contentsOf: #"\u0026"#.unicodeScalars)
      default: safe.append(scalar)
      }
    }
    return String(safe)
  }

  private static func list(_ numbers: [Float]) -> String {
    let words = numbers.map { number in
      number.isFinite
        ? Int(exactly: number).map(String.init) ?? "\(number)" : "null"
    }
    return "[" + words.joined(separator: ",") + "]"
  }
}

extension LiveNetwork {
  /// The anchor of its section.
  static let anchor = "touch"

  /// The program that runs and shows it; commented out for a reader of HTML, `CDATA` is for one of XML.
  static let script =
    "\n//<![CDATA[\n"
    + [
      PackageResources.network_js, PackageResources.model_js, PackageResources.plane_js,
      PackageResources.panel_js, PackageResources.live_js,
    ].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n") + "//]]>\n"

  static let style = String(decoding: PackageResources.live_css, as: UTF8.self)

  /// What the Content-Security-Policy calls the program.
  static let scriptHash = policyName(of: script)
}
