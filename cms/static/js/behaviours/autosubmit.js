/**
 * Sends a filter form when a choice changes: <form data-behaviour="autosubmit">. Its button stays for everyone else.
 * A choice made with the arrow keys is sent only when the field is left, otherwise the first step would already send.
 */
export function connect(form) {
  let byKeyboard = false;
  let waiting = false;
  form.addEventListener("keydown", () => (byKeyboard = true));
  form.addEventListener("pointerdown", () => (byKeyboard = false));
  form.addEventListener("change", ({ target }) => {
    if (!target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) return;
    if (byKeyboard && !target.matches("[type=checkbox]")) waiting = true;
    else form.requestSubmit();
  });
  form.addEventListener("focusout", () => {
    if (waiting) form.requestSubmit();
    waiting = false;
  });
}
