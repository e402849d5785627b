// The parts of a comparison as a tree: what became of each in a word and a sign; choosing one flies there.
import { Box3, Vector3 } from "three";
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";
import { WIDE, treeOf } from "./parts.js";

const signs = {
  added: "plus",
  removed: "minus",
  changed: "pencil",
  moved: "move-3d",
  renamed: "tag",
  unchanged: "check",
};
const AROUND = 0.12; // of the part's size is left free around it

export class Marks {
  constructor(compare) {
    this.compare = compare;
    this.chosen = null;
    this.marks = [];
    this.text = undefined;
    this.list = make("div");
    this.count = make("span");
    this.box = make(
      "details",
      { class: "viewer-parts viewer-ui" },
      make("summary", {}, icon("list-tree"), this.count),
      this.list,
    );
    this.box.open = compare.clientWidth > WIDE;
    this.box.addEventListener("toggle", () => this.keepFree());
    compare.append(this.box);
  }

  keepFree() {
    const { stage, clientWidth } = this.compare;
    const isBeside = this.box.open && !this.box.hidden && clientWidth > WIDE;
    stage?.keepFree(isBeside ? this.box.offsetWidth + 8 : 0);
  }

  /** Fills the tree from [[name, status, name before]]; a part that is one piece needs none. */
  fill(text) {
    if (text === this.text) return;
    this.text = text;
    this.marks = JSON.parse(text || "[]").map(([path, status, before]) => ({ path, status, before: before ?? path }));
    this.box.hidden = this.marks.length < 2;
    this.count.textContent = word("parts", { count: this.marks.length });
    this.rows = new Map();
    const byPath = new Map(this.marks.map((mark) => [mark.path, { ...mark, name: mark.path.split("/").at(-1) }]));
    this.list.replaceChildren(this.branch(treeOf(byPath)));
    if (!byPath.has(this.chosen)) this.chosen = null;
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
    const mark = this.marks.find((each) => each.path === path);
    if (!mark) return make("div", { class: "part-row" }, make("span", { class: "part-name" }, name));
    const { status, before } = mark;
    const told = make("span", { class: "state", "data-state": status }, icon(signs[status]), word(`mark-${status}`));
    const button = make(
      "button",
      {
        type: "button",
        class: "mark-row",
        title: before === path ? path : `${before} → ${path}`,
        onclick: () => this.choose(path),
      },
      make("span", { class: "part-name" }, name),
      told,
    );
    this.rows.set(path, button);
    return make("div", { class: "part-row" }, button);
  }

  /** Flies to a part and frames it; chosen again, or null, back to the whole. */
  choose(path) {
    this.chosen = path === this.chosen ? null : path;
    if (this.compare.clientWidth <= WIDE) this.box.open = false;
    const { stage, signs: over, box } = this.compare;
    const there = this.chosen === null ? null : this.boxOf(this.marks.find((mark) => mark.path === this.chosen));
    over.surround(there);
    if (there) stage.cameras.frame(there.clone().expandByScalar(there.getSize(new Vector3()).length() * AROUND));
    else stage.cameras.frame(box);
    stage.cameras.setReach(box.getSize(new Vector3()).length() / 2);
    this.refresh();
  }

  /** Goes on (1) or back (-1) to the next part that is not as it was. */
  step(by) {
    const changed = this.marks.filter((mark) => mark.status !== "unchanged");
    if (!changed.length) return;
    const at = changed.findIndex((mark) => mark.path === this.chosen);
    const next = at < 0 && by < 0 ? changed.length - 1 : (at + by + changed.length) % changed.length;
    if (changed[next].path !== this.chosen) this.choose(changed[next].path);
    this.rows.get(this.chosen)?.scrollIntoView({ block: "nearest" });
  }

  /** Where a part is and was. */
  boxOf(mark) {
    const box = new Box3();
    for (const state of this.statesOf(mark)) if (state) box.union(state.box);
    return box;
  }

  statesOf({ path, before, status }) {
    const { models } = this.compare;
    return [
      status === "added" ? null : models.before?.parts.get(before),
      status === "removed" ? null : models.after?.parts.get(path),
    ];
  }

  /** The parts that only stand elsewhere: what each was and is. */
  moves() {
    const moved = this.marks.filter((mark) => mark.status === "moved").map((mark) => this.statesOf(mark));
    return moved.filter(([before, after]) => before && after);
  }

  refresh() {
    for (const [path, button] of this.rows ?? []) {
      button.setAttribute("aria-pressed", String(path === this.chosen));
      button.parentElement.classList.toggle("is-picked", path === this.chosen);
    }
  }
}
