// Word breaks the lines of its HTML in the middle of Chinese sentences; a browser would show each break as a space.

const CJK = "[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u2018-\\u201d\\u2026]";
const BREAK = new RegExp(`(?<=${CJK})[ \\t]*\\r?\\n\\s*(?=${CJK})`, "g");
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, td, th";

/** Remove line breaks between Chinese characters, also where the sentence runs through several elements. */
export function joinLines(body) {
  for (const block of body.querySelectorAll(BLOCKS)) {
    const walker = body.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let length = 0;
    while (walker.nextNode()) {
      pieces.push({ node: walker.currentNode, start: length });
      length += walker.currentNode.data.length;
    }
    const breaks = [...pieces.map(({ node }) => node.data).join("").matchAll(BREAK)];
    // From the end, so that earlier positions stay what they are.
    for (const { index, 0: found } of breaks.reverse()) cut(pieces, index, index + found.length);
  }
}

function cut(pieces, from, to) {
  for (const { node, start } of pieces) {
    const first = Math.max(from - start, 0);
    const last = Math.min(to - start, node.data.length);
    if (first < last) node.deleteData(first, last - first);
  }
}
