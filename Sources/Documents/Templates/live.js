/**
 * Shows the network of the page and lets a reader touch it: its input, its sites, its weights.
 *
 * What is drawn follows from network.json alone: the kind of each input, and for each site its
 * axes and how it is best shown. Every text goes into the page as text, never as HTML.
 */

/** Makes an element; texts become attributes, anything else (a handler, a flag) a property. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "string") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** A number as a reader sees it: two places, fewer where it is large, with a true minus sign. */
function written(number) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  const text = size.toFixed(size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2);
  return (number < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** A whole number with its thousands apart. */
function counted(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

const tools = {
  zero: "Set it to zero",
  patch: "Patch it from a second input",
  swap: "Swap two matrices",
};

/** The network's part of the page. */
class View {
  constructor(root, model) {
    this.model = model;
    this.tool = "zero";
    this.editors = [0, 1].map((which) => new Editor(model, which, () => this.refresh()));
    this.panels = [...model.sites, ...model.parameters].map((place) => new Panel(place, this));
    root.replaceChildren(
      element("div", { class: "live-deck" }, ...this.inputs(), this.training(), this.touching()),
      ...this.shelves(), this.summary());
    this.refresh();
  }

  /** The input, what the network answers, and the second input to patch from. */
  inputs() {
    this.answers = [0, 1].map(() => element("output", { class: "live-answer" }));
    this.secondInput = element(
      "fieldset", { hidden: true }, element("legend", {}, "Second input"),
      this.editors[1].root, this.answers[1]);
    const first = element(
      "fieldset", {}, element("legend", {}, "Input"), this.editors[0].root, this.answers[0]);
    return [first, this.secondInput];
  }

  /** The slider over the checkpoints. */
  training() {
    const { checkpoints } = this.model;
    const last = String(checkpoints.length - 1);
    this.slider = element("input", {
      type: "range", id: "live-step", min: "0", max: last, step: "1", value: last,
      oninput: () => this.moveTo(Number(this.slider.value)),
    });
    this.step = element("output", { for: "live-step" });
    this.player = element("button", { type: "button", onclick: () => this.play() });
    this.pause();
    return element(
      "fieldset", {}, element("legend", {}, "Training"),
      element("div", { class: "live-row" },
        element("label", { for: "live-step" }, "Checkpoint"), this.slider, this.step, this.player));
  }

  moveTo(checkpoint) {
    this.model.checkpoint = checkpoint;
    this.slider.value = String(checkpoint);
    this.refresh();
  }

  /** Shows the training from its beginning, or from where the slider stands. */
  play() {
    if (this.timer) return this.pause();
    const last = this.model.checkpoints.length - 1;
    if (this.model.checkpoint === last) this.moveTo(0);
    this.player.textContent = "Pause";
    this.timer = setInterval(() => {
      this.moveTo(this.model.checkpoint + 1);
      if (this.model.checkpoint === last) this.pause();
    }, 300);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.player.textContent = "Watch it learn";
  }

  /** What a click on a number does. */
  touching() {
    const stacks = this.model.parameters.some(({ shape }) => shape.length > 2 && shape[0] > 1);
    const choices = Object.entries(tools).filter(([tool]) => tool !== "swap" || stacks)
      .map(([tool, text]) => element("label", {}, element("input", {
        type: "radio", name: "live-tool", value: tool, checked: tool === this.tool,
        onchange: () => this.take(tool),
      }), text));
    return element(
      "fieldset", {}, element("legend", {}, "Click on a number, a row, a head or a matrix to"),
      element("div", { class: "live-row live-choices" }, ...choices));
  }

  /** What clicks have done, always in sight; hidden while nothing is changed. */
  summary() {
    this.changes = element("p", { role: "status" });
    this.undo = element("button", {
      type: "button",
      onclick: () => {
        this.model.undo();
        this.refresh();
      },
    }, "Undo all");
    this.done = element("div", { class: "live-done live-row" }, this.changes, this.undo);
    return this.done;
  }

  take(tool) {
    this.tool = tool;
    this.picked = null;
    this.secondInput.hidden = tool !== "patch";
    if (tool === "swap") this.weights.open = true;
    this.refresh();
  }

  /** Sites, and below them, closed at first, the weights. */
  shelves() {
    const shelf = (group) => element(
      "div", { class: "live-shelf" },
      ...this.panels.filter(({ place }) => place.group === group).map(({ root }) => root));
    this.weights = element(
      "details", {
        class: "live-weights", ontoggle: () => this.panels.forEach((panel) => panel.refresh()),
      },
      element("summary", {}, "The weights"), shelf("weight"));
    return [shelf("site"), this.weights];
  }

  /** Does to a panel's numbers what the chosen tool does. */
  touch(panel, indices) {
    const { place } = panel;
    if (this.tool === "swap") this.pick(place, indices[0]);
    else if (place.group === "site" || this.tool === "zero") {
      this.model.toggle(place, indices, this.tool);
    } else {
      this.hint = "Weights are the same for every input: there is nothing to patch.";
    }
    this.refresh();
    this.hint = null;
  }

  /** Takes the first matrix of a swap, or swaps it with the second. */
  pick(place, index) {
    if (place.group !== "weight" || place.shape.length < 3) {
      this.hint = "Only the matrices of one stack can be swapped; they are among the weights.";
      return;
    }
    const slice = Math.floor(index / countOf(place.shape.slice(1)));
    const first = this.picked;
    this.picked = null;
    if (first?.place === place) this.model.swap(place, first.slice, slice);
    else this.picked = { place, slice };
  }

  /** Computes everything again and shows it. */
  refresh() {
    const { model } = this;
    try {
      model.compute();
    } catch (error) {
      this.changes.textContent = `The network cannot run: ${error.message}.`;
      this.done.hidden = false;
      return;
    }
    this.panels.forEach((panel) => panel.refresh());
    this.editors.forEach((editor) => editor.refresh());
    const differing = this.say(0, model.touched.site, model.untouched.site);
    this.say(1, model.second, model.second);
    const { step } = model.checkpoints[model.checkpoint];
    this.step.textContent =
      `step ${counted(step)} of ${counted(model.checkpoints.at(-1).step)}`;
    this.slider.setAttribute("aria-valuetext", this.step.textContent);
    const changes = this.listed();
    this.undo.hidden = changes.length === 0;
    const text = this.hint
      ?? (this.picked ? `${this.picked.place.name} ${this.picked.slice}: now click on another.`
        : changes.length === 0 ? "" : `${changes.join("; ")}. ${differing}`);
    this.done.hidden = text === "";
    if (this.changes.textContent !== text) this.changes.textContent = text;
  }

  /** Writes an answer, beside what the untouched network says, and tells how they differ. */
  say(which, values, untouched) {
    const { numbers, isChoice } = this.model.answer(values);
    const text = (number) => (isChoice ? String(number) : written(number));
    const before = this.model.answer(untouched).numbers.map(text);
    const words = numbers.map(text);
    const chips = words.map((word, index) => element(
      "span", { class: word === before[index] ? "live-said" : "live-said live-differs" }, word));
    const slots = this.editors[which].slots(words.length);
    slots.forEach((slot, index) => slot.replaceChildren(chips[index]));
    const label = (text) => element("span", { class: "live-label" }, text);
    const count = words.filter((word, index) => word !== before[index]).length;
    this.answers[which].replaceChildren(
      ...(slots.length > 0 ? [label("Below each token stands what it answers there.")]
        : [label("It answers"), ...chips.flatMap((chip) => [chip, " "])]),
      ...(count > 0 ? [label(`untouched: ${before.join(" ")}`)] : []));
    return count === 0 ? "It answers as before."
      : words.length === 1 ? `It answers ${words[0]} instead of ${before[0]}.`
      : `It answers otherwise at ${count} of ${words.length} places.`;
  }

  /** What was done, in words. */
  listed() {
    const { marks, orders } = this.model;
    const done = { zero: "set to zero", patch: "patched", move: "moved" };
    const lines = this.panels.flatMap((panel) => {
      const { name, group, shape } = panel.place;
      const all = [...(marks[group].get(name) ?? new Map())];
      return Object.entries(done).flatMap(([mark, word]) => {
        const here = all.filter(([, each]) => kindOf(each) === mark).map(([index]) => index);
        if (here.length === 0) return [];
        const total = countOf(shape);
        if (here.length === total) return [`${name} ${word}`];
        return [here.length > 3 ? `${name} ${word} at ${here.length} of ${total}`
          : `${name} ${word} at ${here.map((index) => panel.nameOf(index)).join(" and ")}`];
      });
    });
    return [...lines, ...[...orders.keys()].map((name) => `${name} has matrices swapped`)];
  }
}

/** The values of one of the two inputs, to be changed. */
class Editor {
  constructor(model, which, changed) {
    Object.assign(this, { model, which, changed });
    this.fields = model.network.inputs.map((input, index) => this.field(input, index));
    const next = element("button", { type: "button", onclick: () => this.next() },
      "Another example");
    this.root = element("div", { class: "live-row" },
      ...this.fields.map(({ root }) => root), next);
  }

  /** Takes the next of the examples that came with the page. */
  next() {
    const { examples, inputs } = this.model;
    this.model.example = (this.model.example + 1) % examples.length;
    inputs[this.which] = examples[this.model.example].map((row) => [...row]);
    this.changed();
  }

  set(index, at, value) {
    if (!Number.isFinite(value)) return;
    this.model.inputs[this.which][index][at] = value;
    this.changed();
  }

  /** One input: a control for each of its numbers, as its kind asks for. */
  field(input, index) {
    const make = { signs: toggle, bits: toggle, tokens: choice, lengths: extent }[input.kind]
      ?? entry;
    const controls = Array.from({ length: countOf(input.shape) }, (_, at) => {
      const label = input.shape.length === 0 ? input.name : `${input.name} ${at}`;
      const control = make(input, label, (value) => this.set(index, at, value), this.model);
      return { ...control, slot: element("span") };
    });
    const root = element(
      "div", { class: "live-field", role: "group", "aria-label": input.name },
      element("span", { class: "live-label" }, input.name),
      ...controls.map(({ root, slot }) => element("span", { class: "live-pair" }, root, slot)));
    return { input, controls, root };
  }

  /** Where an answer a place goes: below the tokens of a sequence that is as long. */
  slots(count) {
    const field = this.fields.find(({ input }) =>
      input.kind === "tokens" && input.shape.length === 1 && input.shape[0] === count);
    return count > 1 && field ? field.controls.map(({ slot }) => slot) : [];
  }

  refresh() {
    const { inputs, longest } = this.model;
    const lengths = this.model.network.inputs.findIndex(({ kind }) => kind === "lengths");
    const length = lengths < 0 ? Infinity : inputs[this.which][lengths][0];
    this.fields.forEach(({ input, controls }, index) => controls.forEach((control, at) => {
      control.show(inputs[this.which][index][at]);
      const isStep = input.shape.length > 0 && input.shape[0] === longest;
      const step = Math.floor(at / countOf(input.shape.slice(1)));
      if (length !== Infinity) control.control.disabled = isStep && step >= length;
    }));
  }
}

/** A sign or a bit: a button that turns it over. */
function toggle({ kind }, label, set) {
  const [low, high] = kind === "signs" ? [-1, 1] : [0, 1];
  let now = low;
  const control = element("button", {
    type: "button", class: "live-toggle", onclick: () => set(now === high ? low : high),
  });
  const show = (value) => {
    now = value;
    control.textContent = kind === "signs" ? (value > 0 ? "+1" : "−1") : String(value);
    control.setAttribute("aria-label", `${label}: ${control.textContent}`);
    control.classList.toggle("live-on", value === high);
  };
  return { root: control, control, show };
}

/** A token: one of a list. */
function choice({ vocabulary }, label, set) {
  const control = element("select", {
    "aria-label": label, onchange: () => set(Number(control.value)),
  }, ...Array.from({ length: vocabulary }, (_, token) =>
    element("option", { value: String(token) }, String(token))));
  return { root: control, control, show: (value) => (control.value = String(value)) };
}

/** A number of steps: a slider. */
function extent(_, label, set, { longest }) {
  const shown = element("output");
  const control = element("input", {
    type: "range", min: "0", max: String(longest), step: "1", "aria-label": label,
    oninput: () => set(Number(control.value)),
  });
  const show = (value) => (control.value = shown.textContent = String(value));
  return { root: element("span", { class: "live-extent" }, control, shown), control, show };
}

/** Any other number. */
function entry(_, label, set) {
  const control = element("input", {
    type: "number", step: "any", "aria-label": label, onchange: () => set(Number(control.value)),
  });
  return { root: control, control, show: (value) => (control.value = String(value)) };
}

/** Starts the network of the page. */
function start() {
  const root = document.getElementById("live-network");
  try {
    const data = JSON.parse(document.getElementById("live-data").textContent);
    new View(root, new Model(data));
    root.dataset.state = "running";
  } catch (error) {
    root.replaceChildren(element("p", {}, `The network cannot run here: ${error.message}.`));
    root.dataset.state = "failed";
  }
}

start();
