import { OdEditor } from "./element.js";

customElements.define("od-editor", OdEditor);
