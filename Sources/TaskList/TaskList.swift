// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import Experiments
import ParityTask
import XORTask

/// What every case trains.
public let experiments: KeyValuePairs<String, any Experiment.Type> = [
  "parity": Parity.self,
  "xor": XOR.self,
]
