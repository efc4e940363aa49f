// Pictures on their way to the server: shown at once from memory, replaced by the stored address, removed on failure.

import { TEXT } from "./text.js";

const PENDING = /^(?:blob|data):/i;

async function send(file, { url, csrf }) {
  const body = new FormData();
  body.append("file", file, file.name);
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf, Accept: "application/json" }, credentials: "same-origin" });
  } catch {
    throw new Error(TEXT.uploadNetwork);
  }
  const json = response.headers.get("content-type")?.includes("json");
  if (response.redirected && !json) throw new Error(TEXT.uploadLogin);
  if (!json) throw new Error(response.ok ? TEXT.uploadAnswer : TEXT.uploadStatus(response.status));
  const answer = await response.json();
  if (!response.ok || answer.error) throw new Error(answer.error ?? TEXT.uploadStatus(response.status));
  if (typeof answer.url !== "string" || answer.url === "") throw new Error(TEXT.uploadAnswer);
  return answer;
}

export class Uploads {
  constructor({ editor, messages, target, whenStored }) {
    Object.assign(this, { editor, messages, target, whenStored, pending: 0, started: new Set() });
  }

  /** Insert files as figures at `position` (default: the cursor) and send them. Returns when all are done. */
  async insert(files, position = this.editor.state.selection.to) {
    const place = afterText(this.editor.state.doc.resolve(position));
    const pictures = [];
    for (const file of files) {
      if (file.type.startsWith("image/")) pictures.push({ file, source: URL.createObjectURL(file) });
      else this.messages.show(TEXT.notImage(file.name), "error", `type-${file.name}`);
    }
    if (pictures.length === 0) return;
    for (const { source } of pictures) this.started.add(source);
    this.editor.chain().insertContentAt(place, pictures.map(({ source }) => ({ type: "figure", attrs: { src: source } }))).run();
    await this.#sendAll(pictures);
  }

  /** Send pictures that a paste brought along as data: addresses. */
  async adopt() {
    const pictures = [];
    this.editor.state.doc.descendants((node) => {
      const source = node.attrs.src;
      if (!source || !PENDING.test(source) || this.started.has(source)) return;
      this.started.add(source);
      pictures.push({ file: fileFrom(source, pictures.length + 1), source });
    });
    if (pictures.length > 0) await this.#sendAll(pictures);
  }

  async #sendAll(pictures) {
    this.pending += pictures.length;
    this.messages.show(TEXT.uploading(this.pending), "note", "upload");
    const stored = [];
    // One after the other: a county office line is slow, and the order of the pictures stays that of the files.
    for (const { file, source } of pictures) {
      try {
        const answer = await send(file, this.target);
        this.#replace(source, { src: answer.url, alt: answer.alt ?? "" });
        stored.push(answer.url);
      } catch (error) {
        this.#replace(source, null);
        this.messages.show(TEXT.uploadFailed(file.name, error.message), "error", `upload-${file.name}`);
      }
      this.pending -= 1;
    }
    if (this.pending === 0) this.messages.clear("upload");
    if (stored.length > 0) {
      this.messages.show(TEXT.uploaded(stored.length), "note", "upload");
      this.whenStored(stored);
    }
  }

  #replace(source, attributes) {
    const { tr, doc } = this.editor.state;
    doc.descendants((node, position) => {
      if (node.attrs.src !== source) return;
      const place = tr.mapping.map(position);
      if (attributes) tr.setNodeMarkup(place, undefined, { ...node.attrs, ...attributes });
      else tr.delete(place, place + node.nodeSize);
    });
    // Not a step of the author: undo goes from "with picture" to "without", never to a dead memory address.
    this.editor.view.dispatch(tr.setMeta("addToHistory", false));
  }
}

/** Pictures stand between paragraphs: the one with the cursor is not cut in two. */
function afterText(place) {
  return place.parent.isTextblock && place.parent.content.size > 0 ? place.after() : place.pos;
}

function fileFrom(dataAddress, number) {
  const [, type, base64, content] = /^data:([\w/+.-]+)(;base64)?,([\s\S]*)$/i.exec(dataAddress) ?? [null, "image/png", null, ""];
  let text = "";
  try {
    text = base64 ? atob(content) : decodeURIComponent(content);
  } catch {
    // A truncated clipboard: the empty file is refused by the server with its own message.
  }
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return new File([bytes], `粘贴图片${number}.${type.split("/")[1]}`, { type });
}
