// A toolbar as the ARIA practices describe it: one tab stop, arrow keys inside, real buttons with their state.

import { element, icon } from "./dom.js";

function face({ glyph, look, icon: path, text }) {
  if (path) return icon(path);
  if (glyph) return element("span", { class: `editor-glyph editor-glyph--${look}`, "aria-hidden": "true" }, glyph);
  return text;
}

/** Build a toolbar. `refresh()` brings pressed and disabled states up to date; `focus()` moves the focus in. */
export function toolbar({ label, groups, editor, panels, className }) {
  const entries = [];
  const bar = element("div", { class: className, role: "toolbar", "aria-label": label });
  for (const group of groups) {
    const box = element("div", { class: "editor-group", role: "group", "aria-label": group.label });
    for (const action of group.actions) {
      const button = element(
        "button",
        {
          type: "button",
          class: action.text ? "editor-button editor-button--text" : "editor-button",
          "data-action": action.name,
          "aria-label": action.label,
          "aria-pressed": action.active ? "false" : null,
          title: action.keys ? `${action.label}（${action.keys}）` : action.label,
          tabindex: "-1",
          // The selection in the text must survive a mouse click on a button.
          onmousedown: (event) => event.preventDefault(),
          onclick: () => button.getAttribute("aria-disabled") !== "true" && action.run(editor, panels),
        },
        face(action),
      );
      entries.push({ action, button });
      box.append(button);
    }
    bar.append(box);
  }
  const buttons = entries.map(({ button }) => button);
  let current = 0;

  function moveTo(index) {
    buttons[current].tabIndex = -1;
    current = (index + buttons.length) % buttons.length;
    buttons[current].tabIndex = 0;
    buttons[current].focus();
  }

  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: buttons.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      moveTo(steps[event.key]);
    }
  });
  bar.addEventListener("focusin", (event) => {
    const index = buttons.indexOf(event.target);
    if (index < 0) return;
    buttons[current].tabIndex = -1;
    current = index;
    buttons[current].tabIndex = 0;
  });
  buttons[0].tabIndex = 0;

  return {
    element: bar,
    focus: () => buttons[current].focus(),
    refresh() {
      for (const { action, button } of entries) {
        if (action.active) button.setAttribute("aria-pressed", String(Boolean(action.active(editor, panels))));
        // aria-disabled instead of disabled: a button that loses its sense must not lose the focus.
        if (action.enabled) button.setAttribute("aria-disabled", String(!action.enabled(editor)));
      }
    },
  };
}
