"use strict";

/**
 * Runs the network of a network.json, whose own texts say what each operation does.
 *
 * A value is { shape, batched, data }: the shape of one example, whether an axis of examples stands
 * before it, and its numbers row by row. They are computed with 64 bits, so that what was recorded
 * with 32 differs by its own rounding alone.
 */

/** How many numbers a shape holds. */
function countOf(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/** How far apart neighbours along each axis lie. */
function stridesOf(sizes) {
  const strides = new Array(sizes.length);
  let stride = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= sizes[axis];
  }
  return strides;
}

/** The sizes of all axes of a value, that of the examples included. */
function sizesOf(value, run) {
  return value.batched ? [run.examples, ...value.shape] : value.shape;
}

/** The numbers met when each axis is walked by its own stride from a first place. */
function rearranged(data, sizes, strides, first = 0) {
  const result = new Float64Array(countOf(sizes));
  let next = 0;
  function walk(axis, from) {
    if (axis === sizes.length) {
      result[next++] = data[from];
      return;
    }
    for (let index = 0; index < sizes[axis]; index++) walk(axis + 1, from + index * strides[axis]);
  }
  walk(0, first);
  return result;
}

/** The numbers of a value repeated to a larger shape, and for each example where asked. */
function expanded(value, shape, batched, run) {
  const result = { shape, batched, data: value.data };
  const sizes = sizesOf(result, run);
  const own = stridesOf(value.shape);
  const missing = shape.length - value.shape.length;
  const strides = shape.map((_, axis) =>
    axis < missing || value.shape[axis - missing] === 1 ? 0 : own[axis - missing]);
  if (batched) strides.unshift(value.batched ? countOf(value.shape) : 0);
  // Nothing to repeat: the same numbers serve.
  if (countOf(sizes) === value.data.length) return value.data;
  return rearranged(value.data, sizes, strides);
}

/** Operations on each number. */
const unary = {
  negate: (x) => -x,
  relu: (x) => (x > 0 ? x : 0),
  step: (x) => (x > 0 ? 1 : 0),
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  square: (x) => x * x,
};

/** Operations on the numbers at one place of operands that are broadcast against each other. */
const elementwise = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  less: (x, y) => (x < y ? 1 : 0),
  equal: (x, y) => (x === y ? 1 : 0),
  maximum: (x, y) => Math.max(x, y),
  select: (x, y, z) => (x !== 0 ? y : z),
};

/** What becomes of the numbers along the axes that a reduction leaves out. */
const reductions = {
  sum: (row) => row.reduce((sum, x) => sum + x, 0),
  max: (row) => row.reduce((most, x) => Math.max(most, x), -Infinity),
  argmax: (row) => row.reduce((best, x, index) => (x > row[best] ? index : best), 0),
};

/** Makes from each run of `size` neighbours one number. */
function overRows(data, size, reduce) {
  return Float64Array.from({ length: data.length / size }, (_, row) =>
    reduce(data.subarray(row * size, (row + 1) * size)));
}

function reduction(rule, value, axes, run) {
  const sizes = sizesOf(value, run);
  const strides = stridesOf(sizes);
  const reduced = axes.map((axis) => axis + (value.batched ? 1 : 0));
  const kept = sizes.map((_, axis) => axis).filter((axis) => !reduced.includes(axis));
  const order = [...kept, ...reduced];
  const data = rearranged(
    value.data, order.map((axis) => sizes[axis]), order.map((axis) => strides[axis]));
  return overRows(data, countOf(reduced.map((axis) => sizes[axis])), rule);
}

/** The softmax along the last axis, or its logarithm. */
function softmax(value, isLogarithm) {
  const size = value.shape[value.shape.length - 1];
  const result = new Float64Array(value.data.length);
  for (let first = 0; first < result.length; first += size) {
    const row = value.data.subarray(first, first + size);
    const most = reductions.max(row);
    let total = 0;
    for (const x of row) total += Math.exp(x - most);
    for (let index = 0; index < size; index++) {
      const d = row[index] - most;
      result[first + index] = isLogarithm ? d - Math.log(total) : Math.exp(d) / total;
    }
  }
  return result;
}

/** numpy.einsum of two operands; the dots are a letter of their own, the axis of the examples. */
function einsum(letters, x, y, run) {
  const sides = letters.replaceAll("...", ".").split(/,|->/).map((side) => [...side]);
  const [left, right, result] = sides;
  const sizes = new Map();
  const strides = [x, y].map((operand, side) => {
    const all = sizesOf(operand, run);
    const own = stridesOf(all);
    sides[side].forEach((letter, axis) => sizes.set(letter, all[axis]));
    return new Map(sides[side].map((letter, axis) => [letter, own[axis]]));
  });
  const axis = (letter) => ({
    size: sizes.get(letter), x: strides[0].get(letter) ?? 0, y: strides[1].get(letter) ?? 0,
  });
  const kept = result.map(axis);
  const summed = [...new Set([...left, ...right])]
    .filter((letter) => !result.includes(letter)).map(axis);
  function sum(depth, atX, atY) {
    if (depth === summed.length) return x.data[atX] * y.data[atY];
    const { size, x: stepX, y: stepY } = summed[depth];
    let total = 0;
    if (depth === summed.length - 1) {
      for (let i = 0; i < size; i++) total += x.data[atX + i * stepX] * y.data[atY + i * stepY];
    } else {
      for (let i = 0; i < size; i++) total += sum(depth + 1, atX + i * stepX, atY + i * stepY);
    }
    return total;
  }
  const data = new Float64Array(countOf(kept.map((each) => each.size)));
  let next = 0;
  function walk(depth, atX, atY) {
    if (depth === kept.length) {
      data[next++] = sum(0, atX, atY);
      return;
    }
    const { size, x: stepX, y: stepY } = kept[depth];
    for (let i = 0; i < size; i++) walk(depth + 1, atX + i * stepX, atY + i * stepY);
  }
  walk(0, 0, 0);
  return data;
}

/** The rows of a table that whole numbers pick. */
function gather(table, tokens) {
  const size = countOf(table.shape.slice(1));
  const data = new Float64Array(tokens.data.length * size);
  tokens.data.forEach((token, row) => {
    data.set(table.data.subarray(token * size, (token + 1) * size), row * size);
  });
  return data;
}

/** Zeros along an axis, with the operand written among them. */
function padded(x, { axis, before, size }, run) {
  const inner = countOf(x.shape.slice(axis + 1));
  const block = x.shape[axis] * inner;
  const blocks = countOf(sizesOf(x, run).slice(0, axis + (x.batched ? 1 : 0)));
  const data = new Float64Array(blocks * size * inner);
  for (let index = 0; index < blocks; index++) {
    const from = x.data.subarray(index * block, (index + 1) * block);
    data.set(from, (index * size + before) * inner);
  }
  return data;
}

/** What stands at some places along an axis of one example. */
function sliced(x, axis, from, to, run) {
  const sizes = [...sizesOf(x, run)];
  const strides = stridesOf(sizes);
  const place = axis + (x.batched ? 1 : 0);
  sizes[place] = to - from;
  return rearranged(x.data, sizes, strides, from * strides[place]);
}

/** The axis of the examples summed over. */
function exampleSum(x, run) {
  const size = countOf(x.shape);
  const data = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    let total = 0;
    for (let row = 0; row < run.examples; row++) total += x.data[row * size + index];
    data[index] = total;
  }
  return data;
}

/** The numbers that a node makes, for every operation that makes one value. */
const operations = {
  constant: (node) => Float64Array.from(node.attributes.values, Number),
  noise: (node, _, run) =>
    new Float64Array(countOf(node.shapes[0]) * (node.batched[0] ? run.examples : 1)),
  einsum: ({ attributes }, [x, y], run) => einsum(attributes.letters, x, y, run),
  reshape: (_, [x]) => x.data,
  permute: ({ attributes }, [x], run) => {
    const shift = x.batched ? 1 : 0;
    const order = [...(x.batched ? [0] : []), ...attributes.order.map((axis) => axis + shift)];
    const sizes = sizesOf(x, run);
    const strides = stridesOf(sizes);
    return rearranged(
      x.data, order.map((axis) => sizes[axis]), order.map((axis) => strides[axis]));
  },
  broadcast: (node, [x], run) => expanded(x, node.shapes[0], node.batched[0], run),
  slice: ({ attributes: { axis, from, to } }, [x], run) => sliced(x, axis, from, to, run),
  pad: ({ attributes }, [x], run) => padded(x, attributes, run),
  softmax: (_, [x]) => softmax(x, false),
  log_softmax: (_, [x]) => softmax(x, true),
  gather: (_, [table, tokens]) => gather(table, tokens),
  one_hot: ({ attributes: { count } }, [x]) => {
    const data = new Float64Array(x.data.length * count);
    x.data.forEach((token, row) => (data[row * count + token] = 1));
    return data;
  },
  example_sum: (_, [x], run) => exampleSum(x, run),
  example_mean: (_, [x], run) => exampleSum(x, run).map((sum) => sum / run.examples),
  example_share: (_, [x], run) => x.data.map((number) => number / run.examples),
};
for (const [name, function_] of Object.entries(unary)) {
  operations[name] = (_, [x]) => x.data.map(function_);
}
for (const [name, rule] of Object.entries(reductions)) {
  operations[name] = ({ attributes }, [x], run) => reduction(rule, x, attributes.axes, run);
}
for (const [name, function_] of Object.entries(elementwise)) {
  operations[name] = (node, operands, run) => {
    const [x, y, z] = operands.map((operand) =>
      expanded(operand, node.shapes[0], node.batched[0], run));
    return x.map((number, index) => function_(number, y[index], z?.[index]));
  };
}

/** Values of one step each, stacked along a new first axis of one example. */
function stacked(values, run) {
  const { shape, batched } = values[0];
  const size = countOf(shape);
  const data = new Float64Array(size * values.length * (batched ? run.examples : 1));
  values.forEach((value, step) => {
    for (let from = 0; from < value.data.length; from += size) {
      data.set(value.data.subarray(from, from + size), from * values.length + step * size);
    }
  });
  return { shape: [values.length, ...shape], batched, data };
}

/** Repeats a body along the first axis of sequences, handing carries from step to step. */
function scan({ body, steps, reversed, counts }, operands, run, place) {
  const [carries, sequences] = counts;
  let carry = operands.slice(0, carries);
  const over = operands.slice(carries, carries + sequences);
  const captured = operands.slice(carries + sequences);
  const made = new Array(steps);
  const sites = new Array(steps);
  for (let turn = 0; turn < steps; turn++) {
    const step = reversed ? steps - 1 - turn : turn;
    const now = over.map((x) => ({
      shape: x.shape.slice(1), batched: x.batched, data: sliced(x, 0, step, step + 1, run),
    }));
    sites[step] = new Map();
    const inner = { ...run, sites: sites[step] };
    const results = runGraph(body, [...carry, ...now, ...captured], inner, place * steps + step);
    made[step] = [...results.slice(carries), ...carry];
    carry = results.slice(0, carries);
  }
  for (const name of sites[0]?.keys() ?? []) {
    run.sites.set(name, stacked(sites.map((each) => each.get(name)), run));
  }
  const overTime = (made[0] ?? []).map((_, index) =>
    stacked(made.map((values) => values[index]), run));
  return [...carry, ...overTime];
}

/** A site's value with the numbers that somebody wants there instead, by place in one example. */
function edited(name, value, run, place) {
  const size = countOf(value.shape);
  let { data } = value;
  for (const [index, number] of run.edits?.get(name) ?? []) {
    if (Math.floor(index / size) !== place) continue;
    if (data === value.data) data = data.slice();
    for (let at = index % size; at < data.length; at += size) data[at] = number;
  }
  return { ...value, data };
}

/** The values of a graph's results; `place` counts the steps of the scans that it stands in. */
function runGraph(graph, slots, run, place) {
  const values = [];
  graph.slots.forEach((number, index) => (values[number] = slots[index]));
  for (const node of graph.nodes) {
    const { operation, attributes } = node;
    if (operation === "slot") continue;
    const operands = node.operands.map((number) => values[number]);
    if (operation === "scan") {
      const results = scan(attributes, operands, run, place);
      node.values.forEach((number, index) => (values[number] = results[index]));
      continue;
    }
    let value = { shape: node.shapes[0], batched: node.batched[0] };
    if (operation === "input" || operation === "parameter") {
      value.data = run.leaves.get(attributes.name);
    } else if (operation === "site") {
      value = edited(attributes.name, { ...value, data: operands[0].data }, run, place);
      run.sites.set(attributes.name, value);
    } else if (Object.hasOwn(operations, operation)) {
      value.data = operations[operation](node, operands, run);
    } else {
      throw new Error(`this page knows no operation “${operation}”`);
    }
    if (value.data?.length !== countOf(sizesOf(value, run))) {
      throw new Error(`“${attributes.name ?? operation}” does not have the shape ${value.shape}`);
    }
    values[node.values[0]] = value;
  }
  return graph.results.map((number) => values[number]);
}

/**
 * The value of every site, by name.
 *
 * @param network What network.json holds.
 * @param leaves The numbers of each parameter, and of each input a row an example, by name.
 * @param examples How many rows the inputs have.
 * @param edits What to put into sites, by name: a map from places in one example to numbers.
 */
function runNetwork(network, leaves, examples = 1, edits = new Map()) {
  const run = { leaves, examples, edits, sites: new Map() };
  runGraph(network.graph, [], run, 0);
  return run.sites;
}
