/** The maps that a place with several axes is shown as: two axes each, the others held. */
function mapsOf({ shape, axes }) {
  const all = shape.map((_, axis) => axis);
  const head = axes.indexOf("head");
  const held = shape.length === 3 && head >= 0 ? [head] : all.slice(0, -2);
  const [row, column] = all.filter((axis) => !held.includes(axis));
  const strides = stridesOf(shape);
  const sizes = held.map((axis) => shape[axis]);
  return Array.from({ length: countOf(sizes) }, (_, number) => {
    let [first, rest] = [0, number];
    const names = held.map((axis, at) => {
      const inner = countOf(sizes.slice(at + 1));
      const index = Math.floor(rest / inner);
      rest %= inner;
      first += index * strides[axis];
      return `${axes[axis]} ${index}`;
    });
    return {
      label: names.join(", "), rows: shape[row], columns: shape[column],
      axes: [axes[row], axes[column]],
      index: (r, c) => first + r * strides[row] + c * strides[column],
    };
  });
}

/** The whole numbers from 0 on. */
function upTo(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** What was done to a number; one of the reader's own stands for itself. */
function kindOf(mark) {
  return typeof mark === "number" ? "move" : mark;
}

/** A site or a parameter: its numbers as units or as maps, each of which can be clicked. */
class Panel {
  constructor(place, view) {
    Object.assign(this, { place, view, cells: [] });
    this.readout = element("p", { class: "live-readout" }, this.legend());
    this.body = element("div", {
      onclick: (event) => this.click(event), onkeydown: (event) => this.key(event),
    });
    for (const kind of ["pointerover", "focusin"]) {
      this.body.addEventListener(kind, (event) => this.read(event.target));
    }
    this.body.addEventListener("pointerleave", () => (this.readout.textContent = this.legend()));
    this.root = element(
      "details", {
        class: "live-place", "data-place": `${place.group} ${place.name}`,
        open: this.opensItself, ontoggle: () => this.refresh(),
      }, element("summary", {}, element("code", {}, place.name), " ", this.dimensions()),
      element("div", { class: "live-view" }, element("div", {}, this.body, this.readout)));
  }

  /** Of many sites only those that say most are open: units, the output, and where heads look. */
  get opensItself() {
    const { sites, network } = this.view.model;
    const { place } = this;
    return sites.length <= 6 || place.group === "weight" || place.name === network.output
      || place.shape.length < 2 || (!place.isSigned && place.axes.includes("key"));
  }

  dimensions() {
    const { shape, axes } = this.place;
    const text = shape.map((size, axis) => `${axes[axis] ?? "axis"} ${size}`).join(" × ");
    return element("span", { class: "live-label" }, text || "one number");
  }

  legend() {
    const { shown, reach } = this.place;
    return shown === "units" && this.place.shape.length < 2
      ? `A full bar is ${written(reach)}.` : `Full colour is ±${written(reach)}.`;
  }

  /** Makes the cells when they are seen for the first time. */
  build() {
    const { shape } = this.place;
    const isKnown = ["units", "matrix", "tensor"].includes(this.place.shown);
    if (this.place.cloud.length > 0 && shape.length <= 2) {
      this.plane = new Plane(this);
      this.body.parentElement.after(this.plane.root);
    }
    this.body.append(...(shape.length < 2 ? [this.units()]
      : mapsOf(this.place).map((map) => this.map(map, isKnown))));
  }

  /** Numbers in a row, as bars. */
  units() {
    const all = upTo(countOf(this.place.shape));
    const buttons = all.map((index) => {
      const number = element("span", { class: "live-number" });
      const node = element(
        "button", { type: "button", class: "live-unit", tabindex: "-1" },
        element("span", { class: "live-bar" }), number);
      this.cells.push({ node, number, index, indices: [index], name: this.nameOf(index) });
      return node;
    });
    if (all.length > 1) {
      const node = element("button", { type: "button", class: "live-all", tabindex: "-1" }, "all");
      this.cells.push({ node, indices: all, name: `all of ${this.place.name}` });
      buttons.push(node);
    }
    buttons[0].tabIndex = 0;
    return element(
      "div", {
        class: this.place.isSigned ? "live-units live-signed" : "live-units", role: "toolbar",
        "aria-label": this.place.name,
      }, ...buttons);
  }

  /** A table of cells, with a header for each row and column and one for all of it. */
  map({ label, rows, columns, axes, index }, isColoured) {
    const header = (scope, text, name, indices, token) => {
      const node = element("th", { scope, tabindex: "-1" }, text, ...(token ? [token.node] : []));
      this.cells.push({ node, indices, name, token });
      return node;
    };
    const whole = label || "all";
    const everything = upTo(rows).flatMap((r) => upTo(columns).map((c) => index(r, c)));
    const corner = header("col", whole, label || `all of ${this.place.name}`, everything);
    corner.tabIndex = 0;
    const top = upTo(columns).map((c) => header(
      "col", String(c), `${axes[1]} ${c}, whole column`, upTo(rows).map((r) => index(r, c)),
      this.tokenAt(axes[1], columns, c)));
    const body = upTo(rows).map((r) => {
      const side = header(
        "row", String(r), `${axes[0]} ${r}, whole row`, upTo(columns).map((c) => index(r, c)),
        this.tokenAt(axes[0], rows, r));
      return element("tr", {}, side, ...upTo(columns).map((c) => {
        const node = element("td", { tabindex: "-1" });
        const at = index(r, c);
        this.cells.push({ node, number: node, index: at, indices: [at], name: this.nameOf(at) });
        return node;
      }));
    });
    const style = columns > 10 && isColoured ? "live-map" : "live-map live-numbers";
    const table = element(
      "table", {
        class: isColoured ? style : `${style} live-plain`, role: "grid",
        "aria-label": label ? `${this.place.name}, ${label}` : this.place.name,
      }, element("thead", {}, element("tr", {}, corner, ...top)), element("tbody", {}, ...body));
    table.style.setProperty("--columns", columns);
    const sides = `${axes[0]} ↓ ${axes[1]} →`;
    return element("div", { class: "live-scroll" },
      element("p", { class: "live-label" }, sides), table);
  }

  /** Where an axis runs along the tokens of an input: a place for the token that stands there. */
  tokenAt(axis, size, index) {
    const { inputs } = this.view.model.network;
    const input = ["position", "query", "key", "step"].includes(axis) ? inputs.findIndex(
      ({ kind, shape }) => kind === "tokens" && shape.length === 1 && shape[0] === size) : -1;
    return input < 0 ? null : { input, index, node: element("b") };
  }

  /** A number's place in words: `head 0, query 3, key 2`. */
  nameOf(index) {
    const { shape, axes, name } = this.place;
    const strides = stridesOf(shape);
    const words = shape.map((size, axis) =>
      `${axes[axis] ?? "place"} ${Math.floor(index / strides[axis]) % size}`);
    return words.join(", ") || name;
  }

  cellOf(target) {
    const node = target.closest("td, th, button");
    return this.cells.find((cell) => cell.node === node);
  }

  click(event) {
    const cell = this.cellOf(event.target);
    if (!cell) return;
    this.focus(cell);
    this.view.touch(this, cell.indices);
    this.read(event.target);
  }

  /** Arrows go from cell to cell; Enter and Space are a click. */
  key(event) {
    const cell = this.cellOf(event.target);
    if (!cell) return;
    const { node } = cell;
    const isTable = node.tagName !== "BUTTON";
    if (isTable && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.click(event);
      return;
    }
    const row = node.parentElement;
    const rows = isTable ? [...row.closest("table").rows] : [row];
    const [r, c] = [rows.indexOf(row), [...row.children].indexOf(node)];
    const to = {
      ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [r, 0], End: [r, row.children.length - 1],
      ArrowUp: isTable ? [r - 1, c] : [r, c - 1], ArrowDown: isTable ? [r + 1, c] : [r, c + 1],
    }[event.key];
    const next = to && rows[to[0]]?.children[to[1]];
    if (!next) return;
    event.preventDefault();
    this.focus(this.cellOf(next));
  }

  /** One cell of each map is reached by the tabulator key: the one that was last in use. */
  focus({ node }) {
    const area = node.closest("table, .live-units");
    for (const other of area.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    node.tabIndex = 0;
    node.focus();
  }

  /** Says what a cell is and holds. */
  read(target) {
    const cell = this.cellOf(target);
    if (!cell) return;
    const text = this.described(cell);
    this.readout.textContent = text;
    cell.node.setAttribute("aria-label", text);
  }

  described({ index, indices, name }) {
    const marks = this.view.model.marks[this.place.group].get(this.place.name);
    const done = { zero: ", set to zero", patch: ", patched", move: ", moved" };
    const kinds = new Set(indices.map((each) => kindOf(marks?.get(each))));
    const mark = kinds.size > 1 ? ", changed in part" : done[[...kinds][0]] ?? "";
    if (index === undefined) return name + mark;
    const [value, before] = this.values.map((numbers) => written(numbers[index]));
    return `${name}: ${value}${mark}` + (value === before ? "" : ` (untouched: ${before})`);
  }

  get values() {
    const { touched, untouched } = this.view.model;
    return [touched, untouched].map((each) => each[this.place.group].get(this.place.name));
  }

  /** Shows the numbers as they now are, unless the panel is closed. */
  refresh() {
    if (this.root.closest("details:not([open])")) return;
    if (this.cells.length === 0) this.build();
    const { place, view } = this;
    const [values, before] = this.values;
    const marks = view.model.marks[place.group].get(place.name) ?? new Map();
    const stepSize = place.axes[0] === "step" ? countOf(place.shape.slice(1)) : Infinity;
    this.plane?.refresh(values, before, view.model.length);
    const slice = view.picked?.place === place ? view.picked.slice : -1;
    for (const cell of this.cells) {
      const { node, number, index, indices, token } = cell;
      if (token) token.node.textContent = String(view.model.inputs[0][token.input][token.index]);
      const mark = kindOf(marks.get(indices[0]));
      const isMarked = mark !== undefined
        && indices.every((each) => kindOf(marks.get(each)) === mark);
      const isPicked = slice >= 0
        && Math.floor(indices[0] / countOf(place.shape.slice(1))) === slice;
      node.classList.toggle("live-zero", isMarked && mark === "zero");
      node.classList.toggle("live-patch", isMarked && mark !== "zero");
      node.classList.toggle("live-picked", isPicked);
      node.setAttribute(node.tagName === "BUTTON" ? "aria-pressed" : "aria-selected",
        String(isMarked));
      if (number) {
        const isUnused = Math.floor(index / stepSize) >= view.model.length;
        this.fill(cell, values[index], before[index], isUnused);
      }
    }
  }

  /** Gives a cell its number, its colour or bar, and the mark where its number stood untouched. */
  fill(cell, value, before, isUnused) {
    const { node, number } = cell;
    const text = isUnused ? "·" : written(value);
    const share = (x) => String(Math.min(1, Math.abs(x) / this.place.reach) || 0);
    const amount = Number.isFinite(value) ? share(value) : "1";
    node.style.setProperty("--amount", isUnused ? "0" : amount);
    node.style.setProperty("--before", share(before));
    node.dataset.sign = value < 0 ? "-" : "+";
    node.dataset.before = before < 0 ? "-" : "+";
    node.classList.toggle("live-differs", !isUnused && text !== written(before));
    node.classList.toggle("live-unused", isUnused);
    number.textContent = text;
    node.classList.toggle("live-none", text === "0.00");
    if (number !== node) node.setAttribute("aria-label", this.described(cell));
  }
}
