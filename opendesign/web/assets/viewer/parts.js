// The parts of an assembly as a tree: show, hide, show only this, pick.
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";

export const WIDE = 800; // px: below, an open list would leave too little of the stage

export class PartList {
  constructor(viewer) {
    this.viewer = viewer;
    this.count = make("span");
    this.list = make("div");
    this.box = make(
      "details",
      { class: "viewer-parts viewer-ui" },
      make("summary", {}, icon("list-tree"), this.count),
      this.list,
    );
    this.box.hidden = true;
    this.box.open = viewer.clientWidth > WIDE;
    this.box.addEventListener("toggle", () => this.keepFree());
    viewer.append(this.box);
  }

  /** On a wide stage the part moves beside the open list instead of under it. */
  keepFree() {
    const { stage, clientWidth } = this.viewer;
    const isBeside = this.box.open && !this.box.hidden && clientWidth > WIDE;
    stage?.keepFree(isBeside ? this.box.offsetWidth + 8 : 0);
  }

  /** Fills the tree from the model; hides itself when there is only one part. */
  fill() {
    const { model } = this.viewer;
    const paths = [...model.parts.keys()];
    this.box.hidden = paths.length < 2;
    this.count.textContent = word("parts", { count: paths.length });
    const key = paths.join("\n");
    if (key !== this.key) {
      this.key = key;
      this.rows = new Map();
      this.list.replaceChildren(this.branch(treeOf(model.parts)));
    }
    this.refresh();
    this.keepFree();
  }

  branch(nodes) {
    return make(
      "ul",
      {},
      ...nodes.map((node) =>
        make("li", {}, this.row(node), node.children.length ? this.branch(node.children) : null),
      ),
    );
  }

  row({ path, name }) {
    const eye = make(
      "button",
      {
        type: "button",
        "aria-pressed": "true",
        "aria-label": word("show-part", { name }),
        onclick: (event) => this.toggle(path, event.altKey),
      },
      icon("eye"),
    );
    const label = make(
      "button",
      { type: "button", class: "part-name", title: path, onclick: () => this.viewer.picking.choose(path) },
      name,
    );
    const row = make("div", { class: "part-row" }, label, eye);
    this.rows.set(path, { row, eye });
    return row;
  }

  /** Shows or hides; with Alt everything else goes instead. */
  toggle(path, only = false) {
    const { model } = this.viewer;
    if (only) this.only(path);
    else
      model.setHidden(
        path,
        [...model.below(path)].some((part) => !part.hidden),
      );
    this.refresh();
    this.viewer.shownChanged();
  }

  /** Shows only the parts below a path; asked again, all. */
  only(path) {
    const { model } = this.viewer;
    const inside = new Set(model.below(path));
    const isAlone = [...model.parts.values()].every((part) => part.hidden === !inside.has(part));
    for (const part of model.parts.values()) part.hidden = !isAlone && !inside.has(part);
    model.applyHidden();
    this.refresh();
    this.viewer.shownChanged();
  }

  /** Brings eyes and marks up to date. */
  refresh() {
    const { model, picking } = this.viewer;
    for (const [path, { row, eye }] of this.rows ?? []) {
      const shown = [...model.below(path)].some((part) => !part.hidden);
      eye.setAttribute("aria-pressed", String(shown));
      eye.querySelector("use").setAttribute(
        "href",
        eye
          .querySelector("use")
          .getAttribute("href")
          .replace(/#.*/, shown ? "#eye" : "#eye-off"),
      );
      row.classList.toggle("is-off", !shown);
      row.classList.toggle("is-picked", path === picking.path);
    }
  }
}

/** Nests the parts by the slashes of their paths; a folder that holds everything is left out. */
export function treeOf(parts) {
  const root = { children: [] };
  for (const part of parts.values()) {
    let node = root;
    const steps = part.path.split("/");
    steps.forEach((step, depth) => {
      const path = steps.slice(0, depth + 1).join("/");
      let next = node.children.find((child) => child.path === path);
      if (!next)
        node.children.push((next = { path, name: parts.get(path)?.name ?? step, children: [] }));
      node = next;
    });
  }
  let top = root.children;
  while (top.length === 1 && top[0].children.length && !parts.has(top[0].path)) top = top[0].children;
  return top;
}
