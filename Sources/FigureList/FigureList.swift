// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import Illustrations
import XORFigures
import XORTask

/// What every case draws.
public let illustrations: KeyValuePairs<String, any Illustration.Type> = [
  "xor": XOR.self,
]
