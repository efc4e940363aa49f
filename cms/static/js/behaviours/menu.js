/**
 * Opens the navigation as a drawer on small screens.
 * <button data-behaviour="menu" data-menu-target="shell" aria-controls="desk-nav"> inside #shell, which gets data-menu="open|closed".
 */
const WIDE = "(min-width: 60.01rem)";

export function connect(button) {
  const shell = document.getElementById(button.dataset.menuTarget);
  const drawer = document.getElementById(button.getAttribute("aria-controls"));
  const scrim = shell.querySelector("[data-menu-close]");
  const isOpen = () => shell.dataset.menu === "open";

  function set(open) {
    shell.dataset.menu = open ? "open" : "closed";
    button.setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("has-open-menu", open);
    if (open) (drawer.querySelector('[aria-current="page"]') ?? drawer.querySelector("a"))?.focus();
  }

  function close() {
    if (!isOpen()) return;
    set(false);
    button.focus();
  }

  button.hidden = false;
  set(false);
  // The first closing, when the page appears, is no movement: it would draw the whole drawer across the page.
  requestAnimationFrame(() => requestAnimationFrame(() => shell.toggleAttribute("data-menu-moves", true)));
  button.addEventListener("click", () => (isOpen() ? close() : set(true)));
  scrim?.addEventListener("click", close);
  shell.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  // Focus that leaves the drawer closes it, so it never covers what has the focus.
  drawer.addEventListener("focusout", ({ relatedTarget }) => {
    if (isOpen() && relatedTarget && !drawer.contains(relatedTarget) && relatedTarget !== scrim) set(false);
  });
  window.matchMedia(WIDE).addEventListener("change", ({ matches }) => matches && set(false));
}
