import Artifacts
import Experiments
import Findings

/// Investigates a case and writes what was found.
///
/// - Returns: The findings.
/// - Throws: `StageError` if a file is missing, malformed or cannot be written, `PopulationTooSmall` if a
///   prediction could never be held.
public func analyze(
  _ investigation: some Investigation, in folder: CaseFolder, threads: Int
) throws -> FindingsFile {
  let evidence = Evidence(investigation, in: folder, threads: threads)
  var notebook = Notebook()
  try investigation.observe(evidence, &notebook)
  let trial = Trial(evidence)
  var standard: [(hypothesis: Hypothesis, outcome: Outcome)] = []
  if let explanation = try investigation.explanation() {
    standard = try trial.standard(explanation)
    try EvidenceReport(explanation, evidence).note(&notebook, standard: standard)
  }
  let predictions = try judged(
    try investigation.trials(trial) + standard, seeds: try trial.seedsInWords(),
    from: ["main/population.safetensors"])
  let findings = FindingsFile(
    case: folder.name, findings: notebook.findings, predictions: predictions)
  let provenance = Provenance(case: folder.name)
  if notebook.tensors.isEmpty {
    try OutputFile.remove(folder.findingsTensors)
  } else {
    try TensorFile(provenance, notebook.tensors).write(to: folder.findingsTensors)
  }
  try JSONFile.write(findings, to: folder.findings)
  return findings
}
