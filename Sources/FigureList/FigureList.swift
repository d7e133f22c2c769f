// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import Illustrations
import ParityFigures
import ParityTask
import XORFigures
import XORTask

/// What every case draws.
public let illustrations: KeyValuePairs<String, any Illustration.Type> = [
  "parity": Parity.self,
  "xor": XOR.self,
]
