// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import ElmanHypotheses
import ElmanTask
import InductionHypotheses
import InductionTask
import Investigations
import ParityHypotheses
import ParityTask
import ReversalHypotheses
import ReversalTask
import ShellGameHypotheses
import ShellGameTask
import TrickShellGameHypotheses
import TrickShellGameTask
import XORHypotheses
import XORTask

/// How every case is analyzed.
public let investigations: KeyValuePairs<String, any Investigation.Type> = [
  "elman": Elman.self,
  "induction": Induction.self,
  "parity": Parity.self,
  "reversal": Reversal.self,
  "shell-game": ShellGame.self,
  "trick-shell-game": TrickShellGame.self,
  "xor": XOR.self,
]
