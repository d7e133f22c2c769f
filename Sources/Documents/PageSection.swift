/// A part of a case page under a heading of its own.
public struct PageSection: Hashable, Sendable {
  /// Something that stands on a page by itself.
  public enum Block: Hashable, Sendable {
    case prose(Markdown)
    /// Figures side by side; one below the other where the page is narrow.
    case pictures([Picture])
    /// The table of predictions.
    case predictions
  }

  /// Its anchor, such as `trial`.
  public var id: String
  /// Its heading; may hold markup such as emphasis.
  public var title: Markdown
  public var blocks: [Block]

  public init(id: String, title: Markdown, blocks: [Block]) {
    self.id = id
    self.title = title
    self.blocks = blocks
  }
}

extension PageSection {
  func fields(predictions: [PredictionRow], anchors: inout AnchorNames) -> [String: Any] {
    [
      "id": id, "heading": title.inlineHTML,
      "blocks": Self.fields(blocks, predictions: predictions, anchors: &anchors),
    ]
  }

  static func fields(
    _ blocks: [Block], predictions: [PredictionRow], anchors: inout AnchorNames
  ) -> [[String: Any]] {
    blocks.map { block in
      switch block {
      case .prose(let markdown):
        ["prose": markdown.html(anchors: &anchors)]
      case .pictures(let pictures):
        [
          "row": ["pictures": pictures.map(\.fields), "several": pictures.count > 1]
            as [String: Any]
        ]
      case .predictions:
        ["table": ["predictions": predictions.map(\.fields)]]
      }
    }
  }
}
