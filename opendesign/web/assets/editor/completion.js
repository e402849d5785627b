// Completion for CadQuery: after "cq.", after any other dot, and for selectors inside faces("…").
import { snippetCompletion } from "@codemirror/autocomplete";
import { methods, module, selectors } from "./cadquery.js";

const option =
  (type) =>
  ([name, signature, info]) => {
    const isCall = signature.startsWith("(");
    const inner = signature.slice(1, -1).split(",")[0].trim();
    const first = inner && !inner.includes("=") && !inner.startsWith("*") ? `\${${inner}}` : "${}";
    const shared = { label: name, detail: signature, info, type: isCall ? type : "property", boost: 5 };
    return isCall ? snippetCompletion(`${name}(${signature === "()" ? "" : first})`, shared) : shared;
  };

const moduleOptions = module.map(option("class"));
const methodOptions = methods.map(option("method"));
const selectorOptions = selectors.map(([label, info]) => ({ label, info, type: "text" }));

/** A CodeMirror completion source. */
export function completeCadQuery(context) {
  const selector = context.matchBefore(/\.(faces|edges|vertices|wires|solids|shells)\(\s*["'][^"'\n]*/);
  if (selector) {
    const from = selector.from + selector.text.search(/["']/) + 1;
    return { from, options: selectorOptions, validFor: /^[^"']*$/ };
  }
  const member = context.matchBefore(/([\w)\]]+)\s*\.\w*/);
  if (!member) return null;
  const from = member.from + member.text.lastIndexOf(".") + 1;
  const owner = member.text.slice(0, member.text.lastIndexOf(".")).trim();
  if (/^\d+$/.test(owner)) return null;
  return {
    from,
    options: owner === "cq" || owner === "cadquery" ? moduleOptions : methodOptions,
    validFor: /^\w*$/,
  };
}
