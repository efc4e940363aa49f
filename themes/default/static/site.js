// Comforts of reading; nothing on any page depends on them.
const root = document.documentElement;
const SIZES = ["", "large", "larger"];

function setSize(name) {
  if (name) root.dataset.text = name;
  else delete root.dataset.text;
  for (const button of document.querySelectorAll("[data-text-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.textSize === name));
  }
}

function remembered() {
  try {
    const name = localStorage.getItem("text-size") || "";
    return SIZES.includes(name) ? name : "";
  } catch {
    return ""; // Storage is closed to us; the page has its ordinary size.
  }
}

function remember(name) {
  try {
    localStorage.setItem("text-size", name);
  } catch {
    // The choice then holds for this page only.
  }
}

for (const tools of document.querySelectorAll("[data-needs-script]")) tools.hidden = false;
setSize(remembered());

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("textSize" in button.dataset) {
    setSize(button.dataset.textSize);
    remember(button.dataset.textSize);
  }
  if ("print" in button.dataset) window.print();
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu-switch[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
