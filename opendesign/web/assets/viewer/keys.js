// Everything the pointer can do, by keys, while the stage has the focus.
import { keyOf } from "./modes.js";

const TURN = Math.PI / 24;
const PAN = 0.05;
const ZOOM = 1.15;

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const views = { 0: "iso", 1: "front", 2: "top", 3: "right", 4: "back", 5: "bottom", 6: "left" };

/** Listens on the canvas of a viewer. */
export function addKeys(viewer) {
  const { canvas } = viewer.stage;
  canvas.setAttribute(
    "aria-keyshortcuts",
    "ArrowLeft ArrowRight ArrowUp ArrowDown + - F 0 1 2 3 O E D M X P C Enter Escape",
  );
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move(viewer, event) || act(viewer, event.key)) event.preventDefault();
  });
}

/** Keys that move the eye; shared with the comparison. */
export function move({ stage }, event) {
  const { cameras } = stage;
  const arrow = arrows[event.key];
  if (arrow && event.shiftKey) cameras.nudge({ across: -arrow[0] * PAN, upward: -arrow[1] * PAN });
  else if (arrow) cameras.nudge({ turn: arrow[0] * TURN, tilt: -arrow[1] * TURN });
  else if (event.key === "+" || event.key === "=") cameras.nudge({ zoom: ZOOM });
  else if (event.key === "-") cameras.nudge({ zoom: 1 / ZOOM });
  else return false;
  return true;
}

function act(viewer, key) {
  if (views[key]) viewer.look(views[key]);
  else if (key === "Escape") escape(viewer);
  else {
    const actions = {
      f: () => viewer.fit(),
      o: () => viewer.toggleProjection(),
      e: () => viewer.toggleEdges(),
      d: () => viewer.toggleDimensions(),
      m: () => viewer.measure.toggle(),
      x: () => viewer.tools.toggleSection(),
      c: () => viewer.pins.toggle(),
      p: () => (viewer.partList.box.open = !viewer.partList.box.open),
    };
    const action = actions[key.toLowerCase()];
    if (!action) return false;
    action();
  }
  return true;
}

function escape(viewer) {
  if (viewer.measure.on) viewer.measure.toggle();
  else if (viewer.picking.path) viewer.picking.choose(null);
}

const modeOf = Object.fromEntries(Object.entries(keyOf).map(([mode, key]) => [key.toLowerCase(), mode]));

/** Listens on the canvas of a comparison: N and Shift+N go from change to change. */
export function addCompareKeys(compare) {
  const { canvas, cameras } = compare.stage;
  const ways = Object.values(keyOf).join(" ");
  canvas.setAttribute("aria-keyshortcuts", `ArrowLeft ArrowRight ArrowUp ArrowDown + - F 0 1 2 3 P N ${ways} Escape`);
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const { tree, box } = compare;
    if (views[key]) cameras.frame(box, views[key]);
    else if (key === "f") cameras.frame(box);
    else if (key === "n") tree.step(event.shiftKey ? -1 : 1);
    else if (key === "p") tree.box.open = !tree.box.open;
    else if (key === "escape" && tree.chosen) tree.choose(null);
    else if (modeOf[key]) compare.modes.choose(modeOf[key]);
    else if (!move(compare, event)) return;
    event.preventDefault();
  });
}
