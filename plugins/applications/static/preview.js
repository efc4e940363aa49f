/**
 * Shows what a form would give while it is being filled in: <form data-behaviour="preview" data-preview-target="letter"
 * data-preview-parts="dependent">. The form is sent with action=preview in the background; the element with the id of
 * the target is replaced. When a choice changes, so is the part of the form that depends on it. Without this the
 * button with action=preview does the same.
 */
const DELAY = 600;

export function connect(form) {
  let timer = 0;
  let running = null;
  const target = form.dataset.previewTarget;
  const parts = form.dataset.previewParts;
  form.querySelector("[name=action][value=preview]")?.closest("p")?.setAttribute("hidden", "");

  async function refresh(withParts) {
    running?.abort();
    running = new AbortController();
    const values = new FormData(form);
    values.set("action", "preview");
    // Files are not needed for a preview.
    for (const [name, value] of [...values]) if (value instanceof File) values.delete(name);
    try {
      const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: values, signal: running.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of withParts ? [target, parts] : [target]) {
        const fresh = page.getElementById(id);
        const old = document.getElementById(id);
        if (fresh && old) old.replaceChildren(...fresh.childNodes);
      }
    } catch (error) {
      if (error.name !== "AbortError") reportError(error);
    }
  }

  form.addEventListener("input", ({ target: field }) => {
    if (field.matches("[type=file]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => refresh(false), DELAY);
  });
  form.addEventListener("change", ({ target: field }) => {
    if (field.name !== "kind") return;
    clearTimeout(timer);
    refresh(true);
  });
}
