// Visible, announced messages of one editor, each with a close button.

import { element } from "./dom.js";
import { TEXT } from "./text.js";

export class Messages {
  constructor() {
    this.element = element("div", { class: "editor-messages", role: "status", "aria-live": "polite" });
  }

  /** Show `text`; `kind` is "note" or "error". A message with the same `key` is replaced. */
  show(text, kind = "note", key = kind) {
    this.clear(key);
    const box = element("div", { class: `editor-message editor-message--${kind}`, "data-key": key }, element("span", {}, text));
    box.append(element("button", { type: "button", class: "editor-message-close", "aria-label": TEXT.close, onclick: () => box.remove() }, "×"));
    this.element.append(box);
    return box;
  }

  clear(key) {
    this.element.querySelector(`[data-key="${key}"]`)?.remove();
  }
}
