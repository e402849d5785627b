// The colours of the style sheet, as the scene needs them.
import { Color } from "three";

const names = [
  "part",
  "part-edge",
  "added",
  "removed",
  "common",
  "moved",
  "picked",
  "dimension",
  "stage",
  "line-strong",
  "ink-2",
];

/** Reads the tokens as they are now (light or dark): name → Color. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    names.map((name) => [name, new Color(style.getPropertyValue(`--${name}`).trim() || "#888888")]),
  );
}
