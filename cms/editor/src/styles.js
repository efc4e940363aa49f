// Style attributes as text. Under `style-src 'self'` the browser drops and reports every style attribute it parses,
// even in a detached document; so they are renamed before parsing and read as strings.

/** Name under which a style attribute survives parsing. */
export const STYLE = "data-raw-style";

const TAG = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;

/** Rename all style attributes of `html`, and event handlers, which the policy reports in the same way. */
export function renameStyles(html) {
  return html.replace(TAG, (tag) => tag.replace(/([\s"'])(style|on[a-z]+)(\s*=)/gi, "$1data-raw-$2$3"));
}

/** Parse declarations "a: b; c: d" into a Map with lower-case names. */
export function declarations(text) {
  const found = new Map();
  for (const part of (text ?? "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) found.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
  }
  return found;
}

/** The renamed style attribute of `node` as declarations. */
export function styleOf(node) {
  return declarations(node.getAttribute(STYLE));
}

/** Class rules of the style sheets in `html`: WPS keeps alignment and indents there instead of at the paragraph. */
export function classRules(html) {
  const rules = new Map();
  for (const [, sheet] of html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/gi)) {
    for (const [, selectors, body] of sheet.replace(/<!--|-->|\/\*[\s\S]*?\*\//g, "").matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      for (const selector of selectors.split(",")) {
        const name = /^\s*(?:p|li|h[1-6]|div)\.([\w-]+)\s*$/i.exec(selector)?.[1];
        if (name) rules.set(name, new Map([...(rules.get(name) ?? []), ...declarations(body)]));
      }
    }
  }
  return rules;
}

/** List levels whose style sheet says "bullet", as "l0:level1"; needed where a paragraph has lost its marker. */
export function bulletLevels(html) {
  const found = new Set();
  for (const [, level, body] of html.matchAll(/@list\s+(l\d+:level\d+)[^{]*\{([^{}]*)\}/gi)) {
    if (declarations(body).get("mso-level-number-format") === "bullet") found.add(level.toLowerCase());
  }
  return found;
}
