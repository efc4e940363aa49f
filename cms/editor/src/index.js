// Turns <textarea data-behaviour="editor"> into a rich-text editor. The textarea stays the form field:
// it holds the saved HTML at every moment, and without JavaScript it is what the author types into.

import { Editor } from "@tiptap/core";
import { Slice } from "@tiptap/pm/model";
import { ACTIONS, TABLE_ACTIONS, selectedPicture } from "./actions.js";
import { cleanPasted, cleanSaved } from "./clean.js";
import { element, uniqueId } from "./dom.js";
import { Drafts, clock } from "./drafts.js";
import { Messages } from "./messages.js";
import { Panels } from "./panels.js";
import { extensions } from "./schema.js";
import { serialize } from "./serialize.js";
import { TEXT } from "./text.js";
import { toolbar } from "./toolbar.js";
import { Uploads } from "./uploads.js";

export { cleanPasted, cleanSaved };

/** Pasted into an empty paragraph, the first block keeps its alignment instead of lending only its text. */
function keepFirstBlock(slice, selection) {
  const first = slice.content.firstChild;
  const into = selection.$from.parent;
  if (!first?.isTextblock || into.type.name !== "paragraph" || into.content.size > 0) return slice;
  return first.attrs.align || first.attrs.indent ? new Slice(slice.content, 0, 0) : slice;
}

/** Enhance `textarea`; calling it twice does nothing. */
export function connect(textarea) {
  if (!textarea.dataset.editorReady) new Desk(textarea);
}

class Desk {
  constructor(textarea) {
    this.textarea = textarea;
    textarea.dataset.editorReady = "true";
    this.messages = new Messages();
    this.drafts = new Drafts(textarea);
    this.original = textarea.value;
    this.changed = false;
    this.leaving = false;
    this.#build();
    this.saved = this.html();
    this.#watchForm();
    this.#offerDraft();
    this.#refresh();
  }

  #build() {
    const help = element("p", { class: "editor-help", id: uniqueId("editor-help") }, TEXT.help);
    const surface = element("div", { class: "editor-surface" });
    this.count = element("span", { class: "editor-count" });
    this.state = element("span", { class: "editor-state" });
    this.editor = this.#editor(surface, help);
    this.panels = new Panels({
      editor: this.editor,
      messages: this.messages,
      chooseImages: () => this.picker.click(),
      toggleFull: () => this.#toggleFull(),
      isFull: () => this.frame.classList.contains("editor--full"),
    });
    this.uploads = new Uploads({
      editor: this.editor,
      messages: this.messages,
      target: { url: this.textarea.dataset.uploadUrl, csrf: this.textarea.dataset.csrf ?? "" },
      whenStored: (sources) => this.panels.pictures(sources),
    });
    const common = { editor: this.editor, panels: this.panels };
    this.bar = toolbar({ ...common, label: TEXT.toolbar, groups: ACTIONS, className: "editor-toolbar" });
    this.tableBar = toolbar({ ...common, label: TEXT.tableToolbar, groups: TABLE_ACTIONS, className: "editor-toolbar editor-toolbar--table" });
    this.picker = element("input", { type: "file", accept: "image/*", multiple: true, hidden: true, form: "", onchange: () => this.#picked() });
    const head = element("div", { class: "editor-head" }, this.bar.element, this.tableBar.element, this.panels.element, this.messages.element);
    const foot = element("div", { class: "editor-foot" }, help, this.state, this.count);
    this.frame = element("div", { class: "editor", onkeydown: (event) => this.#keydown(event) }, head, surface, foot, this.picker);
    this.textarea.after(this.frame);
    this.textarea.hidden = true;
    // A hidden field cannot be focused, so the browser could not show its own "required" message.
    this.textarea.required = false;
    for (const label of this.textarea.labels ?? []) label.addEventListener("click", () => this.editor.commands.focus());
  }

  #editor(surface, help) {
    const label = this.textarea.labels?.[0]?.textContent.trim() || this.textarea.getAttribute("aria-label");
    const described = [this.textarea.getAttribute("aria-describedby"), help.id].filter(Boolean).join(" ");
    const attributes = { class: "editor-content", role: "textbox", "aria-multiline": "true", "aria-label": label || TEXT.region, "aria-describedby": described };
    if (this.textarea.required) attributes["aria-required"] = "true";
    if (this.textarea.getAttribute("aria-invalid") === "true") attributes["aria-invalid"] = "true";
    return new Editor({
      element: surface,
      content: cleanSaved(this.textarea.value),
      extensions: extensions(),
      injectCSS: false,
      enableInputRules: ["bulletList", "orderedList"],
      enablePasteRules: ["link"],
      editorProps: {
        attributes,
        transformPastedHTML: (html) => this.#pasted(html),
        transformPasted: (slice, view) => keepFirstBlock(slice, view.state.selection),
        handlePaste: (view, event) => this.#takeFiles(event.clipboardData, event),
        handleDrop: (view, event, slice, moved) => !moved && this.#takeFiles(event.dataTransfer, event, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos),
        handleDoubleClickOn: (view, position, node) => ["image", "figure"].includes(node.type.name) && (this.panels.pictures([node.attrs.src]), true),
      },
      onUpdate: () => this.#edited(),
      onSelectionUpdate: () => this.#refresh(),
      onTransaction: () => this.#refresh(),
    });
  }

  /** The text as it will be saved. */
  html() {
    return serialize(this.editor.state.doc, this.editor.schema);
  }

  #pasted(html) {
    const { html: cleaned, lost } = cleanPasted(html);
    if (lost > 0) this.messages.show(TEXT.pasteLost(lost), "error", "paste");
    // The pictures stand in the document only after this call: look for them afterwards.
    setTimeout(() => this.uploads.adopt());
    return cleaned;
  }

  /** Upload files from the clipboard or a drop. Word adds a picture of the text to the clipboard: text wins. */
  #takeFiles(transfer, event, position) {
    const files = [...(transfer?.files ?? [])];
    const html = transfer?.getData("text/html") ?? "";
    if (files.length === 0 || (event.type === "paste" && /<(?:p|table|span|li|h\d)\b/i.test(html))) return false;
    event.preventDefault();
    this.uploads.insert(files, position);
    return true;
  }

  #picked() {
    const files = [...this.picker.files];
    this.picker.value = "";
    this.uploads.insert(files);
  }

  #edited() {
    const html = this.html();
    this.textarea.value = html;
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    this.changed = html !== this.saved;
    this.state.textContent = this.changed ? TEXT.unsaved : "";
    if (this.changed) this.drafts.schedule(html, (time) => (this.state.textContent = TEXT.autosaved(time)));
    else this.drafts.forget();
  }

  #refresh() {
    // The editor reports its first transactions before the interface around it exists.
    if (!this.tableBar) return;
    this.tableBar.element.hidden = !this.editor.isActive("table");
    this.bar.refresh();
    if (!this.tableBar.element.hidden) this.tableBar.refresh();
    this.count.textContent = TEXT.characters(this.editor.state.doc.textContent.replace(/\s/g, "").length);
  }

  #keydown(event) {
    const inText = this.editor.view.dom.contains(event.target);
    if (event.key === "Escape" && this.panels.isFull()) this.#toggleFull();
    else if (inText && (event.key === "Escape" || (event.altKey && event.key === "F10"))) this.bar.focus();
    else if (inText && event.key === "Enter" && selectedPicture(this.editor)) this.panels.pictures();
    else if (inText && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") this.panels.link();
    else if (!inText && event.key === "Escape" && event.target.closest(".editor-toolbar")) this.editor.commands.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toggleFull() {
    const full = this.frame.classList.toggle("editor--full");
    document.documentElement.classList.toggle("has-full-editor", full);
    this.editor.commands.focus();
    this.#refresh();
  }

  #watchForm() {
    const form = this.textarea.form;
    if (!form) return;
    form.addEventListener("submit", (event) => {
      if (this.changed) this.textarea.value = this.html();
      if (this.uploads.pending === 0) return;
      event.preventDefault();
      this.messages.show(TEXT.uploadPending, "error", "upload");
    });
    form.addEventListener("input", ({ target }) => {
      if (target !== this.textarea && !this.frame.contains(target)) this.touched = true;
    });
    // On the window, after every other listener: by then it is settled whether the form is really sent.
    window.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return;
      this.leaving = true;
      if (this.changed) this.drafts.write(this.html(), true);
    });
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && (this.changed || this.touched)) event.preventDefault();
    });
    // Coming back with the browser's back button revives the page as it was when it was sent.
    window.addEventListener("pageshow", () => (this.leaving = false));
  }

  #offerDraft() {
    const draft = this.drafts.read();
    if (!draft) return;
    if (draft.html === this.saved || draft.html === this.original) {
      this.drafts.forget();
      return;
    }
    const sentence = draft.submitted ? TEXT.restoreOfferSubmitted : TEXT.restoreOffer;
    const box = this.messages.show(sentence(clock(draft.at)), "note", "draft");
    const restore = () => {
      box.remove();
      this.editor.chain().setContent(cleanSaved(draft.html), { emitUpdate: true }).focus().run();
      this.messages.show(TEXT.restored, "note", "draft");
    };
    const discard = () => (box.remove(), this.drafts.forget());
    box.lastElementChild.before(
      element("button", { type: "button", class: "editor-confirm", onclick: restore }, TEXT.restore),
      element("button", { type: "button", class: "editor-cancel", onclick: discard }, TEXT.discard),
    );
  }
}
