// Undo and redo over snapshots.
const KEPT = 200;

export class Steps {
  constructor(first) {
    this.past = [first];
    this.future = [];
  }

  get canUndo() {
    return this.past.length > 1;
  }

  get canRedo() {
    return this.future.length > 0;
  }

  /** Remembers a state unless nothing changed. */
  push(state) {
    if (JSON.stringify(state) === JSON.stringify(this.past.at(-1))) return;
    this.past.push(state);
    if (this.past.length > KEPT) this.past.shift();
    this.future = [];
  }

  /** Goes one state back and returns it, or null at the beginning. */
  undo() {
    if (!this.canUndo) return null;
    this.future.push(this.past.pop());
    return this.past.at(-1);
  }

  /** Goes one state forward again and returns it, or null at the end. */
  redo() {
    if (!this.canRedo) return null;
    this.past.push(this.future.pop());
    return this.past.at(-1);
  }
}
