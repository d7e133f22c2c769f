/// The page `calibration/index.html`: how often the tests that all cases share are right.
public struct CalibrationPage: Hashable, Sendable {
  /// A test, and how often each kind of population was called held.
  public struct Row: Hashable, Sendable {
    public var test: String
    /// What it must reach, in words.
    public var predicted: String
    /// A cell for each of the page's columns: the share, its interval, and whether it is as it should be.
    public var cells: [Cell]

    public init(test: String, predicted: String, cells: [Cell]) {
      (self.test, self.predicted, self.cells) = (test, predicted, cells)
    }
  }

  /// A share of trials.
  public struct Cell: Hashable, Sendable {
    public var share: String
    public var interval: String

    public init(share: String, interval: String) { (self.share, self.interval) = (share, interval) }
  }

  public var title: String
  /// What the page finds, in a sentence or two.
  public var introduction: Markdown
  public var columns: [String]
  public var rows: [Row]
  /// What stands below the table.
  public var sections: [PageSection]

  public init(
    title: String, introduction: Markdown, columns: [String], rows: [Row], sections: [PageSection]
  ) {
    (self.title, self.introduction) = (title, introduction)
    (self.columns, self.rows, self.sections) = (columns, rows, sections)
  }

  /// The page as HTML.
  public func html() -> String {
    var anchors = AnchorNames()
    for id in ["top", "content", "counts"] + sections.map(\.id) { _ = anchors.claim(id) }
    var fields: [String: Any] = [
      "title": title, "pageTitle": "\(title) · Casebook",
      "pageType": "article", "description": introduction.plainText,
      "introduction": introduction.html(anchors: &anchors), "columns": columns,
      "rows": rows.map { row in
        [
          "test": row.test, "predicted": row.predicted,
          "cells": zip(columns, row.cells).map {
            ["column": $0, "share": $1.share, "interval": $1.interval]
          },
        ] as [String: Any]
      },
      "sections": sections.map { $0.fields(predictions: [], anchors: &anchors) },
    ]
    fields.merge(Template.fields()) { $1 }
    return Template.calibrationPage.render(fields)
  }
}
