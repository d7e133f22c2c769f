/** The network at all its checkpoints, and what a reader has done to it. */

/** The numbers that base64 holds, 32 bits each, the least significant byte first. */
function decoded(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 4 }, (_, index) =>
    view.getFloat32(4 * index, true));
}

/** The network at every checkpoint, what the reader has done to it, and what comes out. */
class Model {
  constructor({ network, checkpoints, examples }) {
    this.network = network;
    this.examples = examples;
    this.checkpoints = checkpoints.map(({ step, weights }) => ({
      step, weights: this.named(network.parameters, decoded(weights)),
    }));
    this.checkpoint = checkpoints.length - 1;
    // The first examples are often all alike, zeros or the shortest: begin in the middle.
    const middle = Math.floor(examples.length / 2);
    this.inputs = [middle, middle + 1].map((index) =>
      examples[index % examples.length].map((row) => [...row]));
    this.example = middle + 1;
    this.sites = network.sites.map((site) => ({ ...site, group: "site" }));
    this.parameters = network.parameters.map((parameter) => this.described(parameter));
    this.undo();
    this.measure();
    this.compute();
  }

  /** A stack of numbers cut into tensors of these names and shapes. */
  named(tensors, numbers) {
    let from = 0;
    return new Map(tensors.map(({ name, shape }) =>
      [name, numbers.subarray(from, (from += countOf(shape)))]));
  }

  /** A parameter as something to show: a row of units, a matrix, or a stack of matrices. */
  described({ name, shape }) {
    const axes = ["slice", "row", "column"].slice(-Math.max(shape.length, 1));
    return {
      name, shape, group: "weight", axes: shape.length === 1 ? ["unit"] : axes,
      shown: shape.length <= 1 ? "units" : shape.length === 2 ? "matrix" : "tensor",
    };
  }

  /** Forgets everything that was done to sites and weights. */
  undo() {
    this.marks = { site: new Map(), weight: new Map() };
    this.orders = new Map();
  }

  /** How far the numbers of every site and parameter reach, for the scale of their colours. */
  measure() {
    const { weights } = this.checkpoints.at(-1);
    const leaves = new Map(weights);
    this.network.inputs.forEach(({ name }, index) =>
      leaves.set(name, Float64Array.from(this.examples.flatMap((row) => row[index]))));
    const values = runNetwork(this.network, leaves, this.examples.length);
    for (const place of [...this.sites, ...this.parameters]) {
      const numbers =
        place.group === "site" ? values.get(place.name).data : weights.get(place.name);
      const finite = [...numbers].filter(Number.isFinite);
      place.reach = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
      place.isSigned = finite.some((x) => x < 0);
      place.cloud = place.group === "site" && place.shape.at(-1) === 2 ? numbers : [];
    }
  }

  /** Runs the network as it was trained and as the reader has left it. */
  compute() {
    const { weights } = this.checkpoints[this.checkpoint];
    const touched = new Map(weights);
    for (const [name, order] of this.orders) touched.set(name, reordered(weights.get(name), order));
    for (const [name, marks] of this.marks.weight) {
      const numbers = touched.get(name).slice();
      for (const index of marks.keys()) numbers[index] = 0;
      touched.set(name, numbers);
    }
    this.untouched = { site: this.run(weights, 0), weight: weights };
    this.second = this.run(weights, 1);
    const edits = new Map();
    for (const [name, marks] of this.marks.site) {
      const other = this.second.get(name);
      edits.set(name, new Map([...marks].map(([index, mark]) =>
        [index, mark === "zero" ? 0 : mark === "patch" ? other[index] : mark])));
    }
    this.touched = { site: this.run(touched, 0, edits), weight: touched };
  }

  run(weights, which, edits) {
    const leaves = new Map(weights);
    this.network.inputs.forEach(({ name }, index) =>
      leaves.set(name, Float64Array.from(this.inputs[which][index])));
    const values = runNetwork(this.network, leaves, 1, edits);
    return new Map([...values].map(([name, { data }]) => [name, data]));
  }

  /** Marks the numbers at these places, or unmarks them if all of them are marked like this. */
  toggle({ group, name }, indices, mark) {
    const marks = this.marks[group].get(name) ?? new Map();
    const isDone = indices.every((index) => marks.get(index) === mark);
    for (const index of indices) marks.set(index, mark);
    this.marks[group].set(name, marks);
    if (isDone) this.release({ group, name }, indices);
  }

  /** Puts a number of the reader's own into a site. */
  set({ group, name }, index, number) {
    const marks = this.marks[group].get(name) ?? new Map();
    this.marks[group].set(name, marks.set(index, number));
  }

  /** Takes the marks off these places. */
  release({ group, name }, indices) {
    const marks = this.marks[group].get(name);
    for (const index of indices) marks?.delete(index);
    if (marks?.size === 0) this.marks[group].delete(name);
  }

  /** Exchanges two slices of a stack of weights. */
  swap({ name, shape }, first, second) {
    const order = this.orders.get(name) ?? Array.from({ length: shape[0] }, (_, index) => index);
    [order[first], order[second]] = [order[second], order[first]];
    if (order.every((from, index) => from === index)) this.orders.delete(name);
    else this.orders.set(name, order);
  }

  /** The steps that count, where an input says how many do. */
  get length() {
    const index = this.network.inputs.findIndex(({ kind }) => kind === "lengths");
    return index < 0 ? Infinity : this.inputs[0][index][0];
  }

  /** The longest sequence that the network takes. */
  get longest() {
    const scans = this.network.graph.nodes.filter(({ operation }) => operation === "scan");
    return Math.max(1, ...scans.map(({ attributes }) => attributes.steps));
  }

  /** What the output says: where the last axis has several numbers, which is the largest. */
  answer(values) {
    const { shape } = this.sites.find(({ name }) => name === this.network.output);
    const numbers = values.get(this.network.output);
    const size = shape.at(-1) ?? 1;
    if (size === 1) return { numbers: [...numbers], isChoice: false };
    return { numbers: [...overRows(numbers, size, reductions.argmax)], isChoice: true };
  }
}

/** The slices of a stack in another order. */
function reordered(numbers, order) {
  const size = numbers.length / order.length;
  const result = new Float64Array(numbers.length);
  order.forEach((from, to) => {
    result.set(numbers.subarray(from * size, (from + 1) * size), to * size);
  });
  return result;
}
