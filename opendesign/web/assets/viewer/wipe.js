// A line one pulls across: before at its left, after at its right.
import { icon, make } from "../js/dom.js";
import { word } from "../js/words.js";

const THUMB = 32; // px: the thumb of a range input stays inside by half its width, and the line follows it exactly

export class Wipe {
  constructor(compare) {
    this.compare = compare;
    this.share = 0.5;
    const input = make("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.005,
      value: this.share,
      "aria-label": word("mode-wipe"),
    });
    this.line = make(
      "div",
      { class: "wipe-line" },
      make("span", { class: "wipe-grip" }, icon("move-horizontal")),
    );
    this.layer = make(
      "div",
      { class: "wipe viewer-ui" },
      this.line,
      make("span", { class: "wipe-word wipe-word--before" }, word("mode-before")),
      make("span", { class: "wipe-word wipe-word--after" }, word("mode-after")),
      input,
    );
    input.addEventListener("input", () => {
      this.share = Number(input.value);
      compare.stage.draw();
    });
    compare.append(this.layer);
  }

  /** Draws the same picture twice, each in its half. */
  draw(renderer, scene, camera, { width, height }) {
    const x = THUMB / 2 + this.share * (width - THUMB);
    this.line.style.transform = `translateX(${x.toFixed(1)}px)`;
    renderer.setScissorTest(true);
    for (const [name, left, wide] of [
      ["before", 0, x],
      ["after", x, width - x],
    ]) {
      this.compare.only(name);
      renderer.setScissor(left, 0, wide, height);
      renderer.render(scene, camera);
    }
    renderer.setScissorTest(false);
  }
}
