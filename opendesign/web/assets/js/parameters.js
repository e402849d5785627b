// Makes a plain GET form of parameters live: the part follows the slider.
import { ACCEPT, Preview, markStale, showAnswer } from "./preview.js";
import { showRegeneration } from "./regeneration.js";
import { Steps } from "./steps.js";

/** Enhances one form.parameters[data-preview]; does nothing the second time. */
export function enhanceParameters(form) {
  if (form.dataset.live) return;
  form.dataset.live = "true";
  new LiveParameters(form);
}

class LiveParameters {
  constructor(form) {
    this.form = form;
    this.rows = [...form.querySelectorAll(".parameter[data-name]")];
    this.steps = new Steps(this.values());
    this.preview = new Preview({
      ask: (signal) =>
        fetch(`${form.dataset.preview}${form.dataset.preview.includes("?") ? "&" : "?"}${this.query()}`, {
          signal,
          headers: { Accept: ACCEPT },
        }),
      show: (answer, how) => this.show(answer, how),
      tell: (state, ms, progress, glimpsed) => {
        showRegeneration(form, state, ms, progress);
        markStale(form.dataset.viewer, ms, glimpsed);
      },
      see: (bytes) => document.querySelector(form.dataset.viewer)?.glimpse?.(bytes) ?? false,
    });
    for (const slider of this.sliders()) paintFill(slider);
    this.listen();
    this.refresh();
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", () => this.remember());
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      this.ask();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("[data-enter]")) {
        event.preventDefault(); // else the form's first button would be pressed
        event.target.closest(".preset-row").querySelector("button").click();
        return;
      }
      if (!(event.ctrlKey || event.metaKey) || event.target.type === "text") return;
      const key = event.key.toLowerCase();
      const direction = key === "z" && !event.shiftKey ? "undo" : key === "y" || key === "z" ? "redo" : null;
      if (!direction) return;
      event.preventDefault();
      this.step(direction);
    });
  }

  sliders() {
    return this.form.querySelectorAll('input[type="range"][data-for]');
  }

  /** The field with a name of a .parameter row. */
  fieldOf(row) {
    return this.form.querySelector(`[name="${CSS.escape(`p.${row.dataset.name}`)}"]:not([type="hidden"])`);
  }

  values() {
    const values = {};
    for (const row of this.rows) {
      const field = this.fieldOf(row);
      values[row.dataset.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    return values;
  }

  /** The values as a query, without the "false" that follows a ticked box. */
  query() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.form))
      if (!query.has(name) && name.startsWith("p.")) query.append(name, value);
    return query;
  }

  changed(field) {
    const row = field.closest(".parameter[data-name]");
    if (!row) return;
    if (field.matches('input[type="range"]')) this.fieldOf(row).value = tidy(field);
    const slider = row.querySelector('input[type="range"]');
    if (slider && slider !== field) slider.value = field.value;
    if (slider) paintFill(slider);
    this.refresh();
    if (this.isValid()) this.ask();
  }

  isValid() {
    return this.rows.every((row) => this.fieldOf(row).checkValidity());
  }

  ask() {
    this.preview.want();
  }

  show(answer, { milliseconds, newest, seen }) {
    const { form } = this;
    if (newest && answer.derived) this.showDerived(answer.derived);
    if (newest || answer.state === "made") {
      showAnswer(answer, {
        scope: form,
        viewer: form.dataset.viewer,
        facts: form.dataset.facts,
        files: form.dataset.files,
        said: form.dataset.said,
        seen: seen && newest,
      });
    }
    if (!newest) return;
    showRegeneration(form, answer.state, milliseconds);
    form.dispatchEvent(new CustomEvent(`parameters:${answer.state}`, { bubbles: true, detail: answer }));
  }

  showDerived(values) {
    for (const row of this.form.querySelectorAll("[data-derived]"))
      if (row.dataset.derived in values) row.querySelector("output").textContent = values[row.dataset.derived];
  }

  remember() {
    if (!this.isValid()) return;
    this.steps.push(this.values());
    this.refresh();
  }

  clicked(event) {
    const button = event.target.closest(
      "[data-undo], [data-redo], [data-reset-all], [data-reset-one], [data-values], [data-stop]",
    );
    if (!button) return;
    const { undo, redo, values, stop } = button.dataset;
    event.preventDefault();
    if (stop !== undefined) this.preview.stop();
    else if (undo !== undefined) this.step("undo");
    else if (redo !== undefined) this.step("redo");
    else if (values !== undefined) this.set({ ...this.defaults(), ...JSON.parse(values) });
    else if (button.hasAttribute("data-reset-all")) this.set(this.defaults());
    else this.resetOne(button.closest(".parameter"));
  }

  resetOne(row) {
    this.set({ ...this.values(), [row.dataset.name]: JSON.parse(row.dataset.default) });
    this.fieldOf(row).focus();
  }

  defaults() {
    return Object.fromEntries(this.rows.map((row) => [row.dataset.name, JSON.parse(row.dataset.default)]));
  }

  step(direction) {
    const values = this.steps[direction]();
    if (values) this.write(values);
  }

  set(values) {
    this.write(values);
    this.steps.push(this.values());
    this.refresh();
  }

  write(values) {
    for (const row of this.rows) {
      const value = values[row.dataset.name];
      const field = this.fieldOf(row);
      if (field.type === "checkbox") field.checked = value === true || value === "true";
      else field.value = Array.isArray(value) ? value.join(", ") : value;
      const slider = row.querySelector('input[type="range"]');
      if (slider) {
        slider.value = value;
        paintFill(slider);
      }
    }
    this.refresh();
    this.ask();
  }

  /** Everything that follows from the values and costs nothing: dots, buttons, links, address bar. */
  refresh() {
    const { form } = this;
    const values = this.values();
    let changes = 0;
    for (const row of this.rows) {
      const differs = !same(values[row.dataset.name], JSON.parse(row.dataset.default));
      row.classList.toggle("is-changed", differs);
      changes += differs;
      sayWrong(row, this.fieldOf(row));
    }
    form.querySelector("[data-undo]").disabled = !this.steps.canUndo;
    form.querySelector("[data-redo]").disabled = !this.steps.canRedo;
    form.querySelector("[data-reset-all]").toggleAttribute("aria-disabled", changes === 0);
    this.markPreset(values);
    this.carry(values);
  }

  markPreset(values) {
    for (const preset of this.form.querySelectorAll("[data-values]")) {
      const wanted = { ...this.defaults(), ...JSON.parse(preset.dataset.values) };
      const fits = Object.entries(wanted).every(([name, value]) => same(values[name], value));
      preset.toggleAttribute("aria-current", fits);
      if (fits) preset.setAttribute("aria-current", "true");
    }
  }

  /** Keeps the address bar and the links beside the part in step: only what differs from the script is named. */
  carry(values) {
    const changed = this.rows
      .filter((row) => !same(values[row.dataset.name], JSON.parse(row.dataset.default)))
      .map((row) => [`p.${row.dataset.name}`, String(values[row.dataset.name])]);
    const carried = (address) => {
      const url = new URL(address, location.href);
      for (const name of [...url.searchParams.keys()])
        if (name.startsWith("p.")) url.searchParams.delete(name);
      for (const [name, value] of changed) url.searchParams.set(name, value);
      return url.href;
    };
    const here = carried(location.href);
    if (here !== location.href) history.replaceState(history.state, "", here);
    for (const link of document.querySelectorAll("a[data-carries-parameters]"))
      link.href = carried(link.href);
  }
}

/** Says under a field what is wrong with its value, in the browser's words; nothing is built from it. */
function sayWrong(row, field) {
  const wrong = field.validationMessage;
  let line = row.querySelector(".error");
  if (!wrong && !line) return;
  line ??= row.appendChild(Object.assign(document.createElement("p"), { className: "error" }));
  line.id ||= `${field.id}-wrong`;
  line.setAttribute("role", "alert");
  line.textContent = wrong;
  line.hidden = !wrong;
  field.toggleAttribute("aria-invalid", false);
  field.removeAttribute("aria-errormessage");
  if (!wrong) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-errormessage", line.id);
}

/** Tells whether a field holds a value as the script knows it; lists are written "1, 2, 3". */
function same(value, wanted) {
  if (Array.isArray(wanted)) {
    const parts = String(value)
      .split(/[\s,;]+/)
      .filter(Boolean);
    return parts.length === wanted.length && wanted.every((each, at) => same(parts[at], each));
  }
  if (typeof wanted === "number") return Number(value) === wanted && value !== "";
  return String(value) === String(wanted);
}

/** A slider with step "any" moves in floating noise: three digits more than its range needs are dropped. */
function tidy(slider) {
  if (slider.step !== "any") return slider.value;
  const digits = Math.max(0, Math.min(6, 3 - Math.ceil(Math.log10(slider.max - slider.min || 1))));
  return String(Number(Number(slider.value).toFixed(digits)));
}

function paintFill(slider) {
  const share = (slider.value - slider.min) / (slider.max - slider.min || 1);
  slider.style.setProperty("--fill", `${(share * 100).toFixed(1)}%`);
  const unit = slider.closest(".parameter")?.querySelector(".unit")?.textContent ?? "";
  slider.setAttribute("aria-valuetext", `${tidy(slider)} ${unit}`.trim());
}
