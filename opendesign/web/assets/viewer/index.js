// Fetched by app.js when a page has a stage.
import { OdCompare } from "./compare.js";
import { OdViewer } from "./element.js";

customElements.define("od-viewer", OdViewer);
customElements.define("od-compare", OdCompare);
