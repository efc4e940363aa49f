/**
 * Connects markup and behaviour: data-behaviour="rows counter" loads ./behaviours/rows.js and ./behaviours/counter.js
 * and calls their connect(element) once for each element, also for elements that come later.
 *
 * Where a module is says <link rel="behaviour" title="rows" href="…/rows.js?v=digest"> (templates/ui/behaviours.html);
 * a plugin offers its own modules in the same way. Nothing is fetched before an element asks for it.
 * A page works without any of this; a behaviour only makes it more comfortable.
 */

const ATTRIBUTE = "data-behaviour";
const NAME = /^[a-z][a-z0-9-]*$/;
const connected = new WeakMap();

function addressOf(name) {
  const offered = document.querySelector(`link[rel="behaviour"][title="${name}"]`);
  return offered ? offered.href : new URL(`./behaviours/${name}.js`, import.meta.url).href;
}

async function attach(element, name) {
  try {
    const behaviour = await import(addressOf(name));
    behaviour.connect(element);
  } catch (error) {
    // One broken behaviour must not take the others with it; reportError makes it visible to the page's error log.
    reportError(new Error(`behaviour "${name}" failed`, { cause: error }));
  }
}

function connect(element) {
  const done = connected.get(element) ?? new Set();
  connected.set(element, done);
  for (const name of element.getAttribute(ATTRIBUTE).split(/\s+/)) {
    if (!NAME.test(name) || done.has(name)) continue;
    done.add(name);
    attach(element, name);
  }
}

function scan(root) {
  if (root.matches?.(`[${ATTRIBUTE}]`)) connect(root);
  for (const element of root.querySelectorAll(`[${ATTRIBUTE}]`)) connect(element);
}

new MutationObserver((records) => {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) scan(node);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

scan(document);
