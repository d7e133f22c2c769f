// Does in a page what the element "task" asks for, and leaves what it finds in the element "found".

/** Runs the network on many inputs, some at a time; the sites' numbers, a row an example. */
function runMany({ data, inputs, examples, sites, batch }) {
  const leaves = new Map();
  const weights = decoded(data.checkpoints.at(-1).weights);
  let from = 0;
  for (const { name, shape } of data.network.parameters) {
    leaves.set(name, weights.subarray(from, (from += countOf(shape))));
  }
  const all = data.network.inputs.map(({ name }) => decoded(inputs[name]));
  const found = Object.fromEntries(sites.map((name) => [name, []]));
  for (let first = 0; first < examples; first += batch) {
    const count = Math.min(batch, examples - first);
    data.network.inputs.forEach(({ name, shape }, index) => {
      const size = countOf(shape);
      leaves.set(name, all[index].slice(first * size, (first + count) * size));
    });
    const values = runNetwork(data.network, leaves, count);
    for (const name of sites) {
      const { shape, batched, data } = values.get(name);
      const size = countOf(shape);
      for (let row = 0; row < count; row++) {
        found[name].push(batched ? data.subarray(row * size, (row + 1) * size) : data);
      }
    }
  }
  return Object.fromEntries(sites.map((name) => [name, encoded(found[name])]));
}

function encoded(rows) {
  const numbers = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    numbers.set(row, at);
    at += row.length;
  }
  const bytes = new Uint8Array(numbers.buffer);
  let text = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(text);
}

/** What a reader can do; `place` is a panel, such as "site hidden". */
const actions = {
  slide: (selector, value) => {
    const slider = document.querySelector(selector);
    slider.value = value;
    slider.dispatchEvent(new Event("input"));
  },
  choose: (selector, value) => {
    const field = document.querySelector(selector);
    field.value = value;
    field.dispatchEvent(new Event("change"));
  },
  click: (selector) => document.querySelector(selector).click(),
  undo: () => document.querySelector(".live-done button").click(),
  all: (place) => panelAt(place).querySelectorAll(".live-all, thead th:first-child, "
    + ".live-unit:only-child").forEach((node) => node.click()),
  key: (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
  slice: (place, number) => [...panelAt(place).querySelectorAll("thead th:first-child")]
    .at(number).click(),
  nudge: (place, key) => panelAt(place).querySelector(".live-point").dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true })),
  focus: (place) => panelAt(place).querySelector('[tabindex="0"]').focus(),
  focused: () => document.activeElement.getAttribute("aria-label"),
  read: (place) => [...panelAt(place).querySelectorAll("td, .live-number")]
    .map((node) => node.textContent),
  marked: (place) => panelAt(place)
    .querySelectorAll('td[aria-selected="true"], .live-unit[aria-pressed="true"]').length,
  text: (selector) => document.querySelector(selector).textContent,
  inside: (selector) => document.querySelector("iframe").contentDocument
    .querySelectorAll(selector).length,
  count: (selector) => document.querySelectorAll(selector).length,
};

function panelAt(place) {
  const panel = [...document.querySelectorAll("details.live-place")]
    .find(({ dataset }) => dataset.place === place);
  for (let node = panel; node; node = node.parentElement.closest("details")) {
    if (!node.open) {
      node.open = true;
      node.dispatchEvent(new Event("toggle"));
    }
  }
  return panel;
}

function drive() {
  const task = JSON.parse(document.getElementById("task").textContent);
  let found;
  try {
    found = task.actions
      ? { found: task.actions.map(([name, ...rest]) => actions[name](...rest) ?? null) }
      : runMany({ ...task, data: JSON.parse(document.getElementById("live-data").textContent) });
  } catch (error) {
    found = { error: `${error}` };
  }
  const bytes = new TextEncoder().encode(JSON.stringify(found));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  document.body.append(Object.assign(
    document.createElement("pre"), { id: "found", textContent: btoa(text) }));
}

window.addEventListener("load", drive);
