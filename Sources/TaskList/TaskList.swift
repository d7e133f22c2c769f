// Written by `make build` from the folders of Sources/CaseStudies.
// swift-format-ignore-file
import ElmanTask
import Experiments
import InductionTask
import ParityTask
import ReversalTask
import ShellGameTask
import TrickShellGameTask
import XORTask

/// What every case trains.
public let experiments: KeyValuePairs<String, any Experiment.Type> = [
  "elman": Elman.self,
  "induction": Induction.self,
  "parity": Parity.self,
  "reversal": Reversal.self,
  "shell-game": ShellGame.self,
  "trick-shell-game": TrickShellGame.self,
  "xor": XOR.self,
]
