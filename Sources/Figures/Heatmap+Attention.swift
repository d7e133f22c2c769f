import Tensors

extension Heatmap {
  /// How much each query attends to each key: a row a query, its tokens on the axes.
  ///
  /// ```swift
  /// try Heatmap.attention(
  ///   pattern, tokens: ["7", "3", "9"], outlined: (0..<3).map { Heatmap.Cell($0, 2 - $0) },
  ///   outlineLabel: "where the hypothesis sends it")
  /// ```
  ///
  /// Without tokens the labels are positions from 0. Keys that a causal mask hides are empty.
  ///
  /// - Shape: `[query, key]`, each from 0 to 1
  /// - Throws: `FigureError` if the numbers are no attention, or are where the mask lets none be.
  public static func attention(
    _ pattern: Tensor, tokens: [String]? = nil, keys: [String]? = nil, isCausal: Bool = false,
    outlined: [Cell] = [], outlineLabel: String = "", cellText: CellText = .none
  ) throws -> Heatmap {
    let rows = try pattern.rows(in: "attention map")
    for (query, row) in rows.enumerated() {
      try requireFinite(row, "query \(query)", in: "attention map")
      for (key, share) in row.enumerated() {
        if share < -1e-3 || share > 1 + 1e-3 {
          throw FigureError(
            "attention map",
            "query \(query) gives key \(key) \(NumberLabel.short(share)), not from 0 to 1")
        }
        if isCausal, key > query, share > 1e-3 {
          throw FigureError(
            "attention map", "query \(query) attends to key \(key), which a causal mask hides")
        }
      }
    }
    var map = positions(
      rows, tokens, keys, isCausal, colourLabel: "attention", .sequential, cellText)
    map.scale = .sequential(from: 0, to: 1)
    map.outlined = outlined
    map.outlineLabel = outlineLabel
    return map
  }

  /// What a QK circuit says to each query about each key, before the softmax: signed, white at
  /// zero.
  ///
  /// ```swift
  /// try Heatmap.scores(positionsAlone, colourLabel: "score from positions alone")
  /// ```
  ///
  /// - Shape: `[query, key]`
  /// - Throws: `FigureError` if the tensor is no matrix.
  public static func scores(
    _ scores: Tensor, tokens: [String]? = nil, keys: [String]? = nil, isCausal: Bool = false,
    outlined: [Cell] = [], outlineLabel: String = "", colourLabel: String = "score",
    cellText: CellText = .none
  ) throws -> Heatmap {
    var map = positions(
      try scores.rows(in: "map of scores"), tokens, keys, isCausal, colourLabel: colourLabel,
      .diverging, cellText)
    map.outlined = outlined
    map.outlineLabel = outlineLabel
    return map
  }

  private static func positions(
    _ rows: [[Double]], _ tokens: [String]?, _ keys: [String]?, _ isCausal: Bool,
    colourLabel: String, _ colours: ColourMap, _ cellText: CellText
  ) -> Heatmap {
    let keyCount = rows.first?.count ?? 0
    var map = Heatmap(
      values: rows.enumerated().map { query, row in
        row.enumerated().map { key, value in isCausal && key > query ? nil : value }
      },
      rows: tokens ?? rows.indices.map(String.init),
      columns: keys ?? tokens ?? (0..<keyCount).map(String.init), rowTitle: "query position",
      columnTitle: "key position", colourLabel: colourLabel, map: colours, cellText: cellText,
      isSquare: true)
    map.missingLabel = "masked"
    return map
  }
}
