extension LineChart {
  /// A row a point of a line, with its band where it has one.
  public var table: DataTable {
    let rows = series.flatMap { line in
      line.x.indices.map { place in
        [line.name, DataTable.number(line.x[place]), DataTable.number(line.y[place])]
          + ends(of: line.band, at: place)
      }
    }
    return DataTable(["series", named(x.title, "x"), named(y.title, "y"), "lower", "upper"], rows)
  }
}

extension BarChart {
  /// A row a bar, with its interval where it has one.
  public var table: DataTable {
    let rows = series.flatMap { series in
      series.values.indices.map { place in
        [categories[place], series.name, DataTable.number(series.values[place])]
          + ends(of: series.intervals, at: place)
      }
    }
    return DataTable(
      [named(categoryTitle, "category"), "series", named(axis.title, "value"), "lower", "upper"],
      rows)
  }
}

extension Heatmap {
  /// A row a cell.
  public var table: DataTable {
    let (rowNames, columnNames) = (DataTable.distinct(rows), DataTable.distinct(columns))
    let table = values.enumerated().flatMap { row, cells in
      cells.enumerated().map { column, value in
        [rowNames[row], columnNames[column], DataTable.number(value)]
      }
    }
    return DataTable(
      [
        named(rowTitle, "row"), named(columnTitle, "column"), named(colourLabel, "value"),
      ], table)
  }
}

extension Scatter {
  /// A row a point.
  public var table: DataTable {
    let rows = groups.flatMap { group in
      group.points.enumerated().map { place, point in
        [
          group.name, group.kind ?? "", group.labels?[place] ?? "", DataTable.number(point.x),
          DataTable.number(point.y),
        ]
      }
    }
    return DataTable(["group", "kind", "label", named(x.title, "x"), named(y.title, "y")], rows)
  }
}

extension Histogram {
  /// A row a number that was counted.
  public var table: DataTable { groups.table(of: x) }
}

extension Strip {
  /// A row a dot.
  public var table: DataTable { groups.table(of: x) }
}

extension NetworkDiagram {
  /// A row a weight.
  public var table: DataTable {
    let rows = weights.enumerated().flatMap { gap, matrix in
      matrix.enumerated().flatMap { from, row in
        row.enumerated().map { to, weight in
          let (before, after) = (columns[gap], columns[gap + 1])
          return [
            before.name, before.units[from].label, after.name, after.units[to].label,
            DataTable.number(weight),
          ]
        }
      }
    }
    return DataTable(["from column", "from unit", "to column", "to unit", weightLabel], rows)
  }
}

extension Grid {
  /// The rows of all panels, each with its panel's title.
  public var table: DataTable { .joined(panels.map { ($0.title, $0.plot.table) }) }
}

extension [Sample] {
  fileprivate func table(of axis: Axis) -> DataTable {
    DataTable(
      ["group", named(axis.title, "value")],
      flatMap { group in group.values.map { [group.name, DataTable.number($0)] } })
  }
}

/// A title as the name of a column; another name where the figure leaves it blank.
private func named(_ title: String, _ name: String) -> String {
  title.allSatisfy(\.isWhitespace) ? name : title
}

private func ends(of band: Band?, at place: Int) -> [String] {
  [DataTable.number(band?.lower[place]), DataTable.number(band?.upper[place])]
}
