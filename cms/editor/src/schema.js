// What a body may contain. Everything else is dropped by the schema, however it gets in.

import { Extension, Node } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import Subscript from "@tiptap/extension-subscript";
import Superscript from "@tiptap/extension-superscript";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";

export const ALIGNMENTS = ["center", "right", "justify"];

/** The only classes a saved body may carry. */
export const ALLOWED_CLASSES = [...ALIGNMENTS.map((name) => `align-${name}`), "indent"];

/** Alignment and first-line indent as classes, because public pages forbid style attributes. */
const BlockClasses = Extension.create({
  name: "blockClasses",
  addGlobalAttributes() {
    const align = {
      default: null,
      keepOnSplit: true,
      parseHTML: (node) => ALIGNMENTS.find((name) => node.classList.contains(`align-${name}`)) ?? null,
      renderHTML: ({ align: name }) => (name ? { class: `align-${name}` } : {}),
    };
    const indent = {
      default: false,
      keepOnSplit: true,
      parseHTML: (node) => node.classList.contains("indent"),
      renderHTML: ({ indent: on }) => (on ? { class: "indent" } : {}),
    };
    return [{ types: ["paragraph", "heading"], attributes: { align, indent } }];
  },
});

const length = (name) => ({
  default: null,
  parseHTML: (node) => (/^\d{1,4}$/.test(node.getAttribute(name) ?? "") ? node.getAttribute(name) : null),
});

const PICTURE = { src: { default: null }, alt: { default: "" }, title: { default: null }, width: length("width"), height: length("height") };

/** An image inside a line of text, as older articles have it (file icons, seals). */
const InlineImage = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,
  addAttributes: () => PICTURE,
  parseHTML: () => [{ tag: "img[src]" }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
});

function pictureOf(figure) {
  const images = figure.querySelectorAll("img[src]");
  // Several pictures in one figure do not fit the node: they are read as images in a paragraph instead.
  if (images.length !== 1 || figure.querySelector("table, a[href]")) return false;
  const attributes = { caption: figure.querySelector("figcaption")?.textContent.trim() ?? "" };
  for (const name of Object.keys(PICTURE)) {
    const value = images[0].getAttribute(name);
    if (value !== null) attributes[name] = value;
  }
  return attributes;
}

/** A picture on its own line with an optional caption; edited in the image panel. */
const Figure = Node.create({
  name: "figure",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => {
    const quiet = Object.entries({ ...PICTURE, caption: { default: "" } }).map(([name, spec]) => [name, { default: spec.default, rendered: false, parseHTML: () => undefined }]);
    return Object.fromEntries(quiet);
  },
  parseHTML: () => [{ tag: "figure", getAttrs: pictureOf }],
  renderHTML({ node }) {
    const { caption, ...picture } = node.attrs;
    const present = Object.fromEntries(Object.entries(picture).filter(([, value]) => value !== null));
    return caption ? ["figure", ["img", present], ["figcaption", caption]] : ["figure", ["img", present]];
  },
});

const CaptionedTable = Table.extend({
  addAttributes: () => ({
    caption: {
      default: "",
      rendered: false,
      parseHTML: (node) => node.querySelector(":scope > caption")?.textContent.trim() ?? "",
    },
  }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  renderHTML({ node }) {
    const body = ["tbody", 0];
    return node.attrs.caption ? ["table", ["caption", node.attrs.caption], body] : ["table", body];
  },
}).configure({ resizable: false, View: null });

const span = (name) => ({
  default: 1,
  parseHTML: (node) => Math.max(1, Math.min(100, Number.parseInt(node.getAttribute(name) ?? "1", 10) || 1)),
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});

// The table commands of ProseMirror need `colwidth` to exist; without column resizing it stays empty.
const CELL = { colspan: span("colspan"), rowspan: span("rowspan"), colwidth: { default: null, rendered: false, parseHTML: () => null } };

const scope = {
  default: null,
  parseHTML: (node) => (["col", "row", "colgroup", "rowgroup"].includes(node.getAttribute("scope")) ? node.getAttribute("scope") : null),
};

/** The extensions of the editor in the order Tiptap wants them. */
export function extensions() {
  return [
    StarterKit.configure({
      code: false,
      codeBlock: false,
      heading: { levels: [2, 3, 4] },
      link: { openOnClick: false, autolink: false, linkOnPaste: true, HTMLAttributes: { target: null, rel: null, class: null } },
      dropcursor: { width: 2 },
    }),
    BlockClasses,
    Subscript,
    Superscript,
    InlineImage,
    Figure,
    CaptionedTable,
    TableRow,
    TableHeader.extend({ addAttributes: () => ({ ...CELL, scope }) }),
    TableCell.extend({ addAttributes: () => CELL }),
  ];
}

