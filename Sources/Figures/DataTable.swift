/// The numbers of a plot, a row a number or a point.
///
/// ```swift
/// DataTable(["step", "loss"], [["0", "0.7"], ["100", "0.02"]]).csv()
/// // step,loss
/// // 0,0.7
/// // 100,0.02
/// ```
public struct DataTable: Hashable, Sendable {
  public var columns: [String]
  public var rows: [[String]]

  public init(_ columns: [String], _ rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The table as comma-separated values (RFC 4180), without the columns that are empty.
  public func csv() -> String {
    let kept = columns.indices.filter { place in rows.contains { !$0[place].isEmpty } }
    return ([columns] + rows).map { row in
      kept.map { Self.field(row[$0]) }.joined(separator: ",") + "\n"
    }.joined()
  }

  /// Tables of several panels under each other, in the columns of all of them.
  static func joined(_ panels: [(title: String, table: DataTable)]) -> DataTable {
    var columns = ["panel"]
    for panel in panels {
      columns += panel.table.columns.filter { !columns.contains($0) }
    }
    let rows = panels.flatMap { title, table in
      table.rows.map { row in
        var joined = [title] + columns.dropFirst().map { _ in "" }
        for (name, field) in zip(table.columns, row) {
          if let place = columns.firstIndex(of: name) { joined[place] = field }
        }
        return joined
      }
    }
    return DataTable(columns, rows)
  }

  /// A number in as many digits as bring it back; nothing for none.
  static func number(_ value: Double?) -> String {
    guard let value, !value.isNaN else { return "" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// Names that tell rows apart: with their place before them where two are the same.
  static func distinct(_ names: [String]) -> [String] {
    Set(names).count == names.count
      ? names : names.enumerated().map { "\($0 + 1): \($1)" }
  }

  private static func field(_ text: String) -> String {
    let isPlain = !text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
