// The words of the catalogues that base.html put into the page, and numbers in the page's language.
let words;

/** Gives a translated word; {name} in it is replaced from values. */
export function word(key, values = {}) {
  words ??= JSON.parse(document.getElementById("words")?.textContent ?? "{}");
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const language = document.documentElement.lang || undefined;
const formats = new Map();

/** Writes a number with at most (or exactly, with fixed) so many decimals. */
export function number(value, digits = 2, fixed = false) {
  const key = `${digits}${fixed}`;
  if (!formats.has(key)) {
    const options = { maximumFractionDigits: digits, minimumFractionDigits: fixed ? digits : 0 };
    formats.set(key, new Intl.NumberFormat(language, options));
  }
  return formats.get(key).format(Object.is(value, -0) ? 0 : value);
}

const inches = document.documentElement.dataset.units === "inch";

/** Writes a length that is given in mm in the unit the person prefers. */
export const length = (mm, digits = 2) =>
  inches ? `${number(mm / 25.4, digits + 1)} in` : `${number(mm, digits)} mm`;

/** Writes an area given in mm². */
export const area = (mm2) => (inches ? `${number(mm2 / 645.16, 2)} in²` : `${number(mm2 / 100, 2)} cm²`);

/** Writes a volume given in mm³. */
export const volume = (mm3) =>
  inches ? `${number(mm3 / 16387.064, 3)} in³` : `${number(mm3 / 1000, 2)} cm³`;
