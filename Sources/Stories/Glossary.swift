import Documents

extension Term {
  /// The words of the field that stories use, in alphabetical order.
  static let glossary: [Term] = [
    Term(
      name: "ablation", title: "ablation",
      meaning:
        "Putting something else in the place of a part of a network while it runs, to see what is lost: zero (*zero ablation*), its mean over all inputs (*mean ablation*), or what it was on another input (*resample ablation*)."
    ),
    Term(
      name: "activation", title: "activation",
      meaning: "The number that a neuron or another site holds for one input."),
    Term(
      name: "attention", title: "attention",
      meaning:
        "How a place of a sequence fetches something from other places: it asks a question (its *query*), every place so far offers a *key*, and the better a key fits, the more of that place's *value* is carried over. The shares add up to one."
    ),
    Term(
      name: "composition", title: "composition",
      meaning:
        "That a later head reads what an earlier one wrote: as its query, its key or its value. The *composition score* says by the weights alone how well they fit, from nought to one."
    ),
    Term(
      name: "control", title: "control",
      meaning:
        "The same intervention made where, by the hypothesis, it should do nothing special: on a random neuron, an untrained network, another network's weights."
    ),
    Term(
      name: "head", title: "head",
      meaning:
        "One of the units of an attention layer: it looks in one way of its own and carries one kind of thing over."
    ),
    Term(
      name: "interchange", title: "interchange intervention",
      meaning:
        "Running a network on one input while a part of its state is taken from its run on another. If that part holds what a hypothesis says, the answer follows the other input in this and in nothing else; the share of answers that do is the interchange intervention accuracy."
    ),
    Term(
      name: "intervention", title: "intervention",
      meaning:
        "A change made to a network by hand while everything else stays as it is: the only way to tell a cause from something that merely happens alongside."
    ),
    Term(
      name: "key", title: "key",
      meaning:
        "What a place offers to those who look for something, in attention: it is compared with the query of the place that asks."
    ),
    Term(
      name: "neuron", title: "neuron",
      meaning:
        "One coordinate of a hidden layer: a weighted sum of the inputs, set to zero where it is negative."
    ),
    Term(
      name: "parity", title: "parity",
      meaning: "Whether an even or an odd number of bits is set."),
    Term(
      name: "path-patching", title: "path patching",
      meaning:
        "Replacing what one part of a network tells one other part, and no other: as if a single wire between them were cut and connected to another run."
    ),
    Term(
      name: "penalty", title: "penalty",
      meaning:
        "A price on the size of each weight, added to what training makes small, so that weights that earn nothing shrink to zero. Here it is the sum of absolute values, called L1."
    ),
    Term(
      name: "population", title: "population",
      meaning: "Many networks trained alike, that differ in their seed alone."),
    Term(
      name: "prediction", title: "prediction",
      meaning:
        "What a hypothesis says an intervention will do, with a threshold, written down before it is measured."
    ),
    Term(
      name: "principal-component", title: "principal component",
      meaning:
        "A direction along which activations vary, at right angles to the others; the first is the one of most variance."
    ),
    Term(
      name: "read-out", title: "read-out weight",
      meaning: "The weight with which a hidden neuron enters the output."),
    Term(
      name: "seed", title: "seed",
      meaning:
        "The number from which a network's initial weights, the order of its examples and its split into trained and held-out inputs are drawn."
    ),
    Term(
      name: "selectivity", title: "selectivity",
      meaning:
        "How much more a neuron is active on one class of inputs than on the others: (a − b) / (a + b), where a is its mean activation on the class and b elsewhere. One means that it is active on the class alone."
    ),
    Term(
      name: "shapley-value", title: "Shapley value",
      meaning:
        "A neuron's share of the network's success: what it adds, averaged over all orders in which the neurons could be switched on."
    ),
    Term(
      name: "singular-value", title: "singular value",
      meaning:
        "How much a matrix stretches one of its own directions, which are at right angles to each other; a direction with a value near zero is one that the matrix does not hear."
    ),
    Term(
      name: "site", title: "site",
      meaning: "A named place in a network that can be looked at and intervened on."),
    Term(
      name: "specimen", title: "specimen",
      meaning:
        "The one network that the figures show: the first of the explore seeds that solves the task."
    ),
    Term(
      name: "template", title: "template",
      meaning:
        "The pattern of inputs that excites a neuron most: each input with the sign of the neuron's weight."
    ),
    Term(
      name: "trial-seed", title: "trial seed",
      meaning:
        "A seed that only verdicts use; the first tenth of the seeds, the *explore seeds*, are for looking."
    ),
    Term(
      name: "verdict", title: "verdict",
      meaning:
        "*Held* if the share of trial seeds that pass is significantly above the claimed share, *failed* if it is significantly below, else *inconclusive*: exact binomial tests at five per cent, corrected for the number of predictions in the case (Holm)."
    ),
    Term(
      name: "weight-decay", title: "weight decay",
      meaning:
        "Making every weight a little smaller at each step of training, by the same share, so that of two solutions the one with smaller weights wins."
    ),
  ]
}
