/** Makes an element of a drawing. */
function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * A site of two dimensions as points in a plane, one a step, each of which can be dragged.
 *
 * Behind them stand the places that the site takes on the examples.
 */
class Plane {
  constructor(panel) {
    Object.assign(this, { panel, place: panel.place });
    const { cloud, shape, name } = this.place;
    const dots = upTo(cloud.length / 2).map((row) => drawn("circle", {
      class: "live-cloud", r: "0.03", ...this.at(cloud[2 * row], cloud[2 * row + 1]),
    }));
    this.path = drawn("polyline", { class: "live-path" });
    this.points = upTo(countOf(shape) / 2).map((row) => this.point(row, shape.length > 1));
    this.svg = drawn(
      "svg", { viewBox: "-1.3 -1.3 2.6 2.6", role: "group", "aria-label": `${name} in the plane` },
      drawn("path", { class: "live-axes", d: "M-1.3 0H1.3M0 -1.3V1.3" }),
      ...dots, this.path, ...this.points.map(({ ghost }) => ghost),
      ...this.points.map(({ node }) => node));
    this.root = element(
      "div", { class: "live-plane" }, this.svg, element("p", { class: "live-label" },
        "Drag a point, or move it with the arrow keys; Backspace lets it go."));
  }

  /** Where numbers stand in the drawing; up is positive. */
  at(x, y) {
    const { reach } = this.place;
    return { cx: String(x / reach), cy: String(-y / reach) };
  }

  /** A point that can be dragged, and where it would be if nobody had touched anything. */
  point(row, isNumbered) {
    const node = drawn(
      "g", { class: "live-point", tabindex: "0", role: "button" },
      drawn("circle", { r: "0.085" }), ...(isNumbered ? [drawn("text", {}, String(row))] : []));
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      event.preventDefault();
      node.focus();
    });
    node.addEventListener("pointermove", (event) => {
      if (!node.hasPointerCapture(event.pointerId)) return;
      const place = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(this.svg.getScreenCTM().inverse());
      this.move(row, place.x, -place.y);
    });
    node.addEventListener("keydown", (event) => this.key(event, row));
    return { node, ghost: drawn("circle", { class: "live-ghost", r: "0.06" }) };
  }

  key(event, row) {
    const by = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
    }[event.key];
    if (by) {
      const [x, y] = this.now(row);
      this.move(row, x + by[0] / 20, y + by[1] / 20);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      this.panel.view.model.release(this.place, [2 * row, 2 * row + 1]);
      this.panel.view.refresh();
    } else return;
    event.preventDefault();
  }

  /** A point's place, the reach of the site being 1. */
  now(row) {
    const [values] = this.panel.values;
    return [0, 1].map((axis) => values[2 * row + axis] / this.place.reach);
  }

  move(row, ...to) {
    const { model } = this.panel.view;
    to.forEach((number, axis) => {
      const inside = Math.max(-1.25, Math.min(1.25, number));
      model.set(this.place, 2 * row + axis, inside * this.place.reach);
    });
    this.panel.view.refresh();
  }

  refresh(values, before, length) {
    const seen = this.points.filter((_, row) => this.points.length === 1 || row < length);
    this.points.forEach(({ node, ghost }, row) => {
      const { cx, cy } = this.at(values[2 * row], values[2 * row + 1]);
      const isSeen = seen.includes(this.points[row]);
      node.setAttribute("transform", `translate(${cx} ${cy})`);
      node.style.display = isSeen ? "" : "none";
      const name = this.points.length > 1 ? `${this.place.name} ${row}` : this.place.name;
      node.setAttribute(
        "aria-label", `${name}: ${written(values[2 * row])}, ${written(values[2 * row + 1])}`);
      const was = this.at(before[2 * row], before[2 * row + 1]);
      for (const key of ["cx", "cy"]) ghost.setAttribute(key, was[key]);
      ghost.style.display = isSeen && (was.cx !== cx || was.cy !== cy) ? "" : "none";
    });
    this.path.setAttribute("points", seen.map((_, row) => {
      const { cx, cy } = this.at(values[2 * row], values[2 * row + 1]);
      return `${cx},${cy}`;
    }).join(" "));
  }
}
