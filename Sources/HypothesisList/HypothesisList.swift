// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import Investigations
import ParityHypotheses
import ParityTask
import XORHypotheses
import XORTask

/// How every case is analyzed.
public let investigations: KeyValuePairs<String, any Investigation.Type> = [
  "parity": Parity.self,
  "xor": XOR.self,
]
