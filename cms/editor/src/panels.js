// Inline panels below the toolbar: link, image texts, table size, table caption. Never a browser prompt.

import { selectedPicture } from "./actions.js";
import { element, uniqueId } from "./dom.js";
import { TEXT } from "./text.js";

const LINK = /^(?:https?:\/\/[^\s]+|mailto:[^\s]+|tel:[+\d-]+|\/[^\s]*|#[^\s]+)$/i;

function field({ label, hint, ...attributes }) {
  const id = uniqueId("editor-field");
  // form="" takes the field out of the page's form: it is neither checked nor sent with the article.
  const input = element("input", { id, form: "", class: "editor-input", type: "text", "aria-describedby": hint ? `${id}-hint` : null, ...attributes });
  const box = element("div", { class: attributes.type === "checkbox" ? "editor-field editor-field--check" : "editor-field" });
  box.append(element("label", { for: id }, label), input);
  if (hint) box.append(element("p", { class: "editor-hint", id: `${id}-hint` }, hint));
  return { box, input };
}

/** The panel area of one editor. Only one panel is open at a time; Escape closes it, Enter confirms. */
export class Panels {
  constructor({ editor, messages, chooseImages, toggleFull, isFull }) {
    Object.assign(this, { editor, messages, chooseImages, toggleFull, isFull });
    this.element = element("div", { class: "editor-panel", role: "group", hidden: true });
    this.element.addEventListener("keydown", (event) => this.#keydown(event));
  }

  #keydown(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
      // The panel stands inside the form of the page: Enter must not save the article.
      event.preventDefault();
      this.confirm();
    }
  }

  #open(title, boxes, confirm, extra = []) {
    this.confirm = confirm;
    this.element.setAttribute("aria-label", title);
    this.element.replaceChildren(
      element("p", { class: "editor-panel-title" }, title),
      ...boxes,
      element(
        "div",
        { class: "editor-panel-actions" },
        element("button", { type: "button", class: "editor-confirm", onclick: () => confirm() }, TEXT.confirm),
        ...extra,
        element("button", { type: "button", class: "editor-cancel", onclick: () => this.close() }, TEXT.cancel),
      ),
    );
    this.element.hidden = false;
    this.element.querySelector("input")?.focus();
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.editor.commands.focus();
  }

  link() {
    const { editor } = this;
    const old = editor.getAttributes("link").href ?? "";
    const empty = editor.state.selection.empty && !old;
    const address = field({ label: TEXT.linkAddress, hint: TEXT.linkHint, inputmode: "url" });
    const text = field({ label: TEXT.linkText });
    address.input.value = old;
    const confirm = () => {
      const href = address.input.value.trim();
      if (!LINK.test(href)) {
        address.input.setAttribute("aria-invalid", "true");
        this.messages.show(TEXT.linkInvalid, "error");
        return;
      }
      this.close();
      if (empty) editor.chain().insertContent({ type: "text", text: text.input.value.trim() || href, marks: [{ type: "link", attrs: { href } }] }).run();
      else editor.chain().extendMarkRange("link").setLink({ href }).run();
    };
    const remove = element("button", { type: "button", class: "editor-cancel", onclick: () => (this.close(), editor.chain().extendMarkRange("link").unsetLink().run()) }, TEXT.linkRemove);
    this.#open(TEXT.linkTitle, empty ? [address.box, text.box] : [address.box], confirm, old ? [remove] : []);
  }

  /** Ask for the texts of the pictures with these addresses, or of the selected one. */
  pictures(sources = [selectedPicture(this.editor)?.attrs.src]) {
    const found = this.#find(sources);
    if (found.length === 0) return;
    const many = found.length > 1;
    const rows = found.map(({ node }, index) => {
      const alt = field({ label: many ? TEXT.imageAltNumbered(index + 1) : TEXT.imageAlt, hint: index === 0 ? TEXT.imageAltHint : null, maxlength: "200" });
      alt.input.value = node.attrs.alt ?? "";
      const caption = node.type.name === "figure" ? field({ label: many ? TEXT.imageCaptionNumbered(index + 1) : TEXT.imageCaption, maxlength: "200" }) : null;
      if (caption) caption.input.value = node.attrs.caption;
      const picture = element("img", { src: node.attrs.src, alt: "", class: "editor-thumbnail" });
      return { source: node.attrs.src, alt, caption, box: element("div", { class: "editor-picture" }, picture, element("div", { class: "editor-picture-fields" }, alt.box, caption?.box)) };
    });
    const confirm = () => {
      const { tr } = this.editor.state;
      for (const { node, position } of this.#find(sources)) {
        const row = rows.find(({ source }) => source === node.attrs.src);
        if (!row) continue;
        const caption = row.caption ? { caption: row.caption.input.value.trim() } : {};
        tr.setNodeMarkup(position, undefined, { ...node.attrs, alt: row.alt.input.value.trim(), ...caption });
      }
      this.editor.view.dispatch(tr);
      this.close();
    };
    this.#open(TEXT.imageTitle, rows.map(({ box }) => box), confirm);
  }

  #find(sources) {
    const found = [];
    this.editor.state.doc.descendants((node, position) => {
      if (["image", "figure"].includes(node.type.name) && sources.includes(node.attrs.src)) found.push({ node, position });
    });
    return found;
  }

  table() {
    const rows = field({ label: TEXT.tableRows, type: "number", min: "1", max: "50", value: "3" });
    const columns = field({ label: TEXT.tableColumns, type: "number", min: "1", max: "20", value: "3" });
    const header = field({ label: TEXT.tableHeader, type: "checkbox", checked: true });
    const size = ({ input }) => Math.max(1, Math.min(Number(input.max), Math.trunc(Number(input.value)) || 1));
    const confirm = () => {
      this.close();
      this.editor.chain().focus().insertTable({ rows: size(rows), cols: size(columns), withHeaderRow: header.input.checked }).run();
    };
    this.#open(TEXT.tableTitle, [rows.box, columns.box, header.box], confirm);
  }

  caption() {
    const caption = field({ label: TEXT.captionLabel, maxlength: "100" });
    caption.input.value = this.editor.getAttributes("table").caption ?? "";
    const confirm = () => {
      const text = caption.input.value.trim();
      this.close();
      this.editor.chain().focus().updateAttributes("table", { caption: text }).run();
    };
    this.#open(TEXT.captionTitle, [caption.box], confirm);
  }
}
