// Word and WPS write lists as paragraphs with a typed marker. Runs of them become real lists; the order of the text never changes.

import { styleOf } from "./styles.js";

const BULLET = /^[·•●○■□◆◇▪➢✓Øøüo§*–-]$|^[\uf000-\uf0ff]$/;
const ROMAN = /^[ivxlcdm]+$/i;
const ROMAN_VALUES = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 };

function romanNumber(text) {
  const values = [...text.toLowerCase()].map((letter) => ROMAN_VALUES[letter]);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

/**
 * What a marker says: {tag, type, number}, or null when a list could not show it.
 *
 * “一、”, “（一）”, “第一条” and “1.1” are part of an official text: a browser would number the item “1.” instead,
 * so such paragraphs keep their marker as text. The expected number tells the roman “i.” from the letter “i.”.
 */
export function readMarker(marker, expected) {
  const text = marker.replace(/[\s\u00a0]/g, "");
  if (BULLET.test(text)) return { tag: "ul", type: null, number: 1 };
  const [, label] = /^([0-9]{1,3}|[a-z]{1,6})[.．、)）]$/i.exec(text) ?? [];
  if (!label) return null;
  if (/^\d/.test(label)) return { tag: "ol", type: null, number: Number(label) };
  const upper = label === label.toUpperCase();
  const letter = label.length === 1 ? label.toLowerCase().charCodeAt(0) - 96 : null;
  if (ROMAN.test(label) && (letter === null || letter !== expected)) return { tag: "ol", type: upper ? "I" : "i", number: romanNumber(label) };
  return letter === null ? null : { tag: "ol", type: upper ? "A" : "a", number: letter };
}

function takeMarker(paragraph) {
  const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  const start = comments.find((node) => node.data.includes("!supportLists"));
  const end = comments.find((node) => start && node.data.includes("endif") && start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (start && end) {
    const range = paragraph.ownerDocument.createRange();
    range.setStartBefore(start);
    range.setEndAfter(end);
    return range.extractContents().textContent;
  }
  const ignored = [...paragraph.querySelectorAll("span")].find((node) => styleOf(node).get("mso-list") === "ignore");
  const text = ignored?.textContent ?? "";
  ignored?.remove();
  return text;
}

function listLevel(node) {
  if (node.nodeType !== Node.ELEMENT_NODE || !/^(?:P|DIV|H[1-6])$/.test(node.tagName)) return null;
  const match = /\b(l\d+)\s+level(\d+)/.exec(styleOf(node).get("mso-list") ?? "");
  return match && { list: match[1], level: Number(match[2]) };
}

/** The list that the next item of this kind belongs to; opens and closes levels of `stack` as needed. */
function openList(stack, level, marker, place) {
  while (stack.length > 0 && stack.at(-1).level > level) stack.pop();
  let top = stack.at(-1);
  const continues = top?.level === level && top.tag === marker.tag && top.type === marker.type && (marker.tag === "ul" || marker.number === top.next);
  if (continues) return top;
  if (top?.level === level) stack.pop();
  const list = place.ownerDocument.createElement(marker.tag);
  if (marker.type) list.setAttribute("type", marker.type);
  if (marker.number > 1) list.setAttribute("start", marker.number);
  const parentItem = stack.at(-1)?.list.lastElementChild;
  if (parentItem) parentItem.append(list);
  else place.before(list);
  top = { level, tag: marker.tag, type: marker.type, list };
  stack.push(top);
  return top;
}

/** Replace the list paragraphs beneath `root` by lists. */
export function convertLists(root, bullets) {
  for (const parent of new Set([...root.querySelectorAll("p, div, h1, h2, h3, h4, h5, h6")].map((node) => node.parentNode))) {
    let stack = [];
    for (const node of [...parent.childNodes]) {
      const place = listLevel(node);
      if (place) {
        stack = convertItem(node, place, stack, bullets);
      } else if (node.nodeType === Node.ELEMENT_NODE || node.textContent.trim() !== "") {
        if (node.nodeType !== Node.COMMENT_NODE) stack = [];
      }
    }
  }
}

function convertItem(paragraph, { list, level }, stack, bullets) {
  const text = takeMarker(paragraph);
  const expected = stack.findLast((open) => open.level === level)?.next ?? 1;
  const blank = { tag: bullets.has(`${list}:level${level}`) ? "ul" : "ol", type: null, number: expected };
  const marker = text.trim() === "" ? blank : readMarker(text, expected);
  if (!marker) {
    paragraph.prepend(text.replace(/[\s\u00a0]+/g, ""));
    return [];
  }
  const open = openList(stack, level, marker, paragraph);
  open.next = marker.number + 1;
  const item = paragraph.ownerDocument.createElement("li");
  item.append(...paragraph.childNodes);
  open.list.append(item);
  paragraph.remove();
  return stack;
}
