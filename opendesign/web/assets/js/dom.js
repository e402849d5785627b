// Making elements without markup in strings.
const SVG = "http://www.w3.org/2000/svg";

/** Makes an element: attributes by name, on… as listeners, children as nodes or text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Makes an SVG element. */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Makes an icon of the sprite that base.html names. */
export function icon(name) {
  const sprite = document.querySelector('meta[name="icons"]')?.content ?? "";
  return makeSvg(
    "svg",
    { class: "icon", "aria-hidden": "true", width: 20, height: 20 },
    makeSvg("use", { href: `${sprite}#${name}` }),
  );
}
