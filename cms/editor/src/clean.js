// Foreign HTML (older articles, Word, WPS, web pages) → HTML that the schema understands, without a single style attribute.

import { convertLists } from "./lists.js";
import { joinLines } from "./lines.js";
import { ALIGNMENTS, ALLOWED_CLASSES } from "./schema.js";
import { bulletLevels, classRules, renameStyles, styleOf } from "./styles.js";

const KEPT = new Set(["href", "title", "src", "alt", "width", "height", "colspan", "rowspan", "start", "type", "scope", "class", "data-pm-slice"]);
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, div";
const JUNK = "script, style, xml, meta, link, title, noscript, iframe, object, embed, form, input, button, select, textarea, template";
const RENAMED = { H1: "h2", H5: "h4", H6: "h4", DEL: "s", STRIKE: "s" };

/** Clean HTML that was saved before: everything meaningful stays. */
export function cleanSaved(html) {
  return clean(html, { pasted: false }).html;
}

/** Clean clipboard HTML. `lost` counts the pictures that cannot come along: local files and other sites. */
export function cleanPasted(html) {
  return clean(html, { pasted: true });
}

function clean(html, { pasted }) {
  const rules = classRules(html);
  const bullets = bulletLevels(html);
  const text = renameStyles(html.replace(/<style[^>]*>[\s\S]*?<\/style>/gi, "").replace(/<xml[^>]*>[\s\S]*?<\/xml>/gi, ""));
  const body = new DOMParser().parseFromString(text, "text/html").body;
  convertLists(body, bullets);
  removeComments(body);
  for (const node of body.querySelectorAll(JUNK)) node.remove();
  const lost = pasted ? removeForeignImages(body) : 0;
  if (pasted) joinLines(body);
  for (const block of body.querySelectorAll(BLOCKS)) classify(block, rules, pasted);
  for (const node of [...body.querySelectorAll("*")]) simplify(node);
  if (pasted) removeBlankParagraphs(body);
  for (const node of body.querySelectorAll("*")) keepAttributes(node);
  return { html: body.innerHTML, lost };
}

function removeComments(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
}

function pathOnThisSite(address) {
  try {
    const target = new URL(address, location.href);
    return target.origin === location.origin && /^https?:$/.test(target.protocol) ? target.pathname + target.search : null;
  } catch {
    // Not an address at all, for example "file:////server/share/a b.png" from a broken document.
    return null;
  }
}

function removeForeignImages(body) {
  let lost = 0;
  for (const image of body.querySelectorAll("img")) {
    const address = image.getAttribute("src") ?? "";
    if (/^data:image\/(?:png|jpeg|gif|webp)[;,]/i.test(address)) continue;
    const path = pathOnThisSite(address);
    if (path) {
      image.setAttribute("src", path);
    } else {
      image.remove();
      lost += 1;
    }
  }
  return lost;
}

/** Turn the alignment and first-line indent of a block into classes. */
function classify(block, rules, pasted) {
  const inherited = [...block.classList].map((name) => rules.get(name)).filter(Boolean);
  const value = (name) => styleOf(block).get(name) ?? inherited.map((rule) => rule.get(name)).findLast(Boolean);
  const align = value("text-align") ?? block.getAttribute("align")?.toLowerCase();
  // Word justifies nearly every paragraph; that is its default, not a wish of the author.
  const wanted = pasted && align === "justify" ? null : align;
  if (ALIGNMENTS.includes(wanted)) block.classList.add(`align-${wanted}`);
  if (Number.parseFloat(value("text-indent") ?? "0") > 0 || Number.parseFloat(value("mso-char-indent-count") ?? "0") > 0) block.classList.add("indent");
  if (pasted && block.tagName === "P") indentBySpaces(block);
}

/** Two full-width spaces at the start of a paragraph are the typist's first-line indent. */
function indentBySpaces(paragraph) {
  const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let first = walker.nextNode();
  while (first && first.data.trim() === "" && !/[\u3000\u00a0]/.test(first.data)) first = walker.nextNode();
  const match = /^[ \t\r\n]*(?:\u3000{2}|\u00a0{4,8})/.exec(first?.data ?? "");
  if (!match) return;
  first.data = first.data.slice(match[0].length).replace(/^[\u3000\u00a0]+/, "");
  paragraph.classList.add("indent");
}

function wrapContents(node, tag) {
  const wrapper = node.ownerDocument.createElement(tag);
  wrapper.append(...node.childNodes);
  node.append(wrapper);
}

/** Express inline styles as elements and unwrap elements that mean nothing. */
function simplify(node) {
  const styles = styleOf(node);
  const decoration = `${styles.get("text-decoration") ?? ""} ${styles.get("text-decoration-line") ?? ""}`;
  const inline = ["SPAN", "FONT", "A"].includes(node.tagName);
  if (inline && node.textContent.trim() !== "") {
    if (/^(?:bold|bolder|[6-9]00)$/.test(styles.get("font-weight") ?? "")) wrapContents(node, "strong");
    if (styles.get("font-style") === "italic") wrapContents(node, "em");
    if (node.tagName !== "A" && decoration.includes("underline")) wrapContents(node, "u");
    if (decoration.includes("line-through")) wrapContents(node, "s");
    if (["super", "sub"].includes(styles.get("vertical-align"))) wrapContents(node, styles.get("vertical-align") === "super" ? "sup" : "sub");
  }
  const plainBold = ["B", "STRONG"].includes(node.tagName) && ["normal", "400"].includes(styles.get("font-weight"));
  const office = node.tagName.includes(":");
  const anchor = node.tagName === "A" && (!node.hasAttribute("href") || /^(?:#_|file:|javascript:)/i.test(node.getAttribute("href")));
  if (["SPAN", "FONT"].includes(node.tagName) || plainBold || office || anchor) node.replaceWith(...node.childNodes);
  else if (RENAMED[node.tagName]) rename(node, RENAMED[node.tagName]);
  else if (node.tagName === "DIV" && !node.querySelector("p, div, h2, h3, h4, ul, ol, table, figure, blockquote, hr")) rename(node, "p");
}

function rename(node, tag) {
  const copy = node.ownerDocument.createElement(tag);
  for (const { name, value } of node.attributes) copy.setAttribute(name, value);
  copy.append(...node.childNodes);
  node.replaceWith(copy);
}

function removeBlankParagraphs(body) {
  for (const paragraph of body.querySelectorAll("p")) {
    const inCell = paragraph.parentElement.matches("td, th, li") && paragraph.parentElement.children.length === 1;
    if (!inCell && paragraph.textContent.trim() === "" && !paragraph.querySelector("img")) paragraph.remove();
  }
}

function keepAttributes(node) {
  for (const { name } of [...node.attributes]) {
    if (!KEPT.has(name)) node.removeAttribute(name);
  }
  const classes = [...node.classList].filter((name) => ALLOWED_CLASSES.includes(name));
  if (classes.length > 0) node.className = classes.join(" ");
  else node.removeAttribute("class");
}

