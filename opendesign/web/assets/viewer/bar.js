// The row of buttons at the foot of the stage.
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";

/** Adds the bar to a viewer; buttons show by aria-pressed what is on. */
export function addBar(viewer) {
  const toggles = [];
  const button = (name, text, key, act, isOn) => {
    const title = key ? `${text} (${key})` : text;
    const element = make("button", { type: "button", title, "aria-label": text, onclick: act }, icon(name));
    if (isOn) toggles.push([element, isOn]);
    return element;
  };
  const view = (name, key) =>
    make(
      "button",
      {
        type: "button",
        class: "is-word",
        title: `${word(`view-${name}`)} (${key})`,
        onclick: () => viewer.look(name),
      },
      word(`view-${name}`),
    );
  const rule = () => make("span", { class: "rule" });
  const { tools, dimensions, measure, pins, section, stage } = viewer;
  const bar = make(
    "div",
    { class: "viewer-bar viewer-ui", role: "toolbar", "aria-label": word("viewer-tools") },
    button("focus", word("fit"), "F", () => viewer.fit()),
    view("iso", "0"),
    view("front", "1"),
    view("top", "2"),
    view("right", "3"),
    rule(),
    button(
      "box",
      word("orthographic"),
      "O",
      () => viewer.toggleProjection(),
      () => stage.cameras.active.isOrthographicCamera,
    ),
    button(
      "hexagon",
      word("edges"),
      "E",
      () => viewer.toggleEdges(),
      () => viewer.edges,
    ),
    button(
      "pencil-ruler",
      word("dimensions"),
      "D",
      () => viewer.toggleDimensions(),
      () => dimensions.shown,
    ),
    button(
      "ruler",
      word("measure"),
      "M",
      () => measure.toggle(),
      () => measure.on,
    ),
    ...(pins.form
      ? [
          button(
            "map-pin",
            word("pin"),
            "C",
            () => pins.toggle(),
            () => pins.on,
          ),
        ]
      : []),
    button(
      "scissors",
      word("section"),
      "X",
      () => tools.toggleSection(),
      () => section.axis !== null,
    ),
    (viewer.explodeButton = button(
      "unfold-horizontal",
      word("explode"),
      "",
      () => tools.toggleExplode(),
      () => tools.exploded !== null,
    )),
    rule(),
    button("expand", word("fullscreen"), "", () => fullscreen(viewer)),
  );
  viewer.append(bar);
  const show = () => {
    for (const [element, isOn] of toggles) element.setAttribute("aria-pressed", String(Boolean(isOn())));
    viewer.explodeButton.hidden = (viewer.model?.parts.size ?? 0) < 2;
  };
  for (const type of ["viewer:tools", "viewer:loaded"]) viewer.addEventListener(type, show);
  show();
}

function fullscreen(viewer) {
  if (document.fullscreenElement) document.exitFullscreen();
  else viewer.requestFullscreen?.();
}
