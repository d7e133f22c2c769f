// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import ElmanFigures
import ElmanTask
import Illustrations
import InductionFigures
import InductionTask
import ParityFigures
import ParityTask
import ReversalFigures
import ReversalTask
import ShellGameFigures
import ShellGameTask
import TrickShellGameFigures
import TrickShellGameTask
import XORFigures
import XORTask

/// What every case draws.
public let illustrations: KeyValuePairs<String, any Illustration.Type> = [
  "elman": Elman.self,
  "induction": Induction.self,
  "parity": Parity.self,
  "reversal": Reversal.self,
  "shell-game": ShellGame.self,
  "trick-shell-game": TrickShellGame.self,
  "xor": XOR.self,
]
