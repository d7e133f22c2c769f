import Artifacts
import Experiments
import Figures

/// Writes a case's figures for print: each as PDF, and the numbers it shows as comma-separated values.
///
/// - Returns: The number of figures.
/// - Throws: As `render(_:in:threads:)` does.
public func printed(
  _ illustration: some Illustration, in folder: CaseFolder, threads: Int, to place: String
) throws -> Int {
  let evidence = Evidence(illustration, in: folder, threads: threads)
  let exhibits = try allFigures(illustration, Exhibits(evidence))
  for exhibit in exhibits {
    var figure = exhibit.figure
    figure.provenance = [("Case", folder.name)] + exhibit.from.map { ("Source", $0) }
    try OutputFile.write(figure.pdf(), to: "\(place)/\(figure.slug).pdf")
    if !figure.plot.table.rows.isEmpty {
      try OutputFile.write(figure.plot.table.csv(), to: "\(place)/\(figure.slug).csv")
    }
  }
  return exhibits.count
}

/// Draws a case's figures and writes them, with what stands beside them.
///
/// - Returns: The number of figures.
/// - Throws: `StageError` if something to draw is missing or a file cannot be written, `FigureError` if a
///   figure cannot be drawn.
public func render(
  _ illustration: some Illustration, in folder: CaseFolder, threads: Int
) throws -> Int {
  let evidence = Evidence(illustration, in: folder, threads: threads)
  let exhibits = try allFigures(illustration, Exhibits(evidence))
  var hashes: [String: String] = [:]
  var entries: [FiguresFile.Entry] = []
  for exhibit in exhibits {
    var figure = exhibit.figure
    figure.provenance = [("Case", folder.name), ("Finding", figure.title)]
    for source in exhibit.from {
      let path = "\(folder.path)/\(source)"
      if hashes[source] == nil, OutputFile.exists(path) {
        hashes[source] = try InputFile.checksum(path, madeBy: "make \(folder.name)")
      }
      let hash = hashes[source].map { " CRC-32 \($0)" } ?? ""
      figure.provenance.append(("Source", source + hash))
    }
    let bytes = try figure.png()
    let picture = try Picture(png: bytes)
    try OutputFile.write(bytes, to: folder.figure(figure.slug))
    entries.append(
      FiguresFile.Entry(
        name: figure.slug, title: figure.title, caption: figure.caption, alt: figure.alt,
        width: picture.width, height: picture.height, from: exhibit.from))
  }
  try folder.removeFigures(except: entries.map(\.name))
  try JSONFile.write(FiguresFile(case: folder.name, entries), to: folder.figures)
  return entries.count
}

/// The figures of a case, and those that every case has that names a component.
private func allFigures(_ illustration: some Illustration, _ exhibits: Exhibits) throws -> [Exhibit]
{
  try illustration.figures(exhibits)
    + (exhibits.has("evidence-component") ? evidenceFigures(exhibits) : [])
}
