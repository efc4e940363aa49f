// Document → the HTML that is saved: no style attributes, no editor-only markup, header rows in <thead>.

import { DOMSerializer } from "@tiptap/pm/model";

const TEMPORARY = /^(?:blob|data|file):/i;

/** Return the saved form of `doc`; an empty document is an empty string. */
export function serialize(doc, schema) {
  // A detached document: images in it are not fetched and scripts cannot run.
  const page = document.implementation.createHTMLDocument("");
  const body = page.body;
  DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: page }, body);
  for (const image of body.querySelectorAll("img")) {
    if (TEMPORARY.test(image.getAttribute("src") ?? "")) (image.closest("figure") ?? image).remove();
  }
  for (const table of body.querySelectorAll("table")) groupHeaderRows(table, page);
  for (const cell of body.querySelectorAll("td, th, li")) unwrapOnlyParagraph(cell);
  while (isBlankParagraph(body.lastElementChild)) body.lastElementChild.remove();
  return body.innerHTML;
}

function isBlankParagraph(node) {
  return node?.tagName === "P" && node.textContent.trim() === "" && !node.querySelector("img");
}

function groupHeaderRows(table, page) {
  const tbody = table.querySelector(":scope > tbody");
  const rows = [...tbody.children];
  let count = rows.findIndex((row) => ![...row.children].every((cell) => cell.tagName === "TH"));
  // A table of nothing but headers is a table whose author forgot the rows: leave it in one piece.
  if (count === -1) count = 0;
  // A header cell that spans into the rows below would be cut off at the end of <thead>.
  const reach = rows.slice(0, count).map((row, index) => Math.max(...[...row.children].map((cell) => index + cell.rowSpan)));
  if (Math.max(0, ...reach) > count) count = 0;
  rows.forEach((row, index) => {
    for (const cell of row.querySelectorAll(":scope > th:not([scope])")) cell.setAttribute("scope", index < count ? "col" : "row");
  });
  if (count > 0) {
    const thead = page.createElement("thead");
    thead.append(...rows.slice(0, count));
    tbody.before(thead);
  }
}

function unwrapOnlyParagraph(cell) {
  const [first, ...rest] = cell.children;
  if (first?.tagName !== "P" || first.attributes.length > 0) return;
  const alone = rest.length === 0;
  const beforeList = cell.tagName === "LI" && rest.every((node) => node.tagName === "UL" || node.tagName === "OL");
  if (alone || beforeList) first.replaceWith(...first.childNodes);
}
