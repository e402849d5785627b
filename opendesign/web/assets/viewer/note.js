// One sentence over the stage: what went wrong, or that what one sees is not the newest.
import { make } from "../js/dom.js";

export class Note {
  constructor(element) {
    this.box = make("p", { class: "viewer-note viewer-ui", role: "status" });
    this.box.hidden = true;
    element.append(this.box);
  }

  show(text, stale = false) {
    this.box.textContent = text;
    this.box.classList.toggle("is-stale", stale);
    this.box.hidden = false;
  }

  hide() {
    this.box.hidden = true;
  }
}
