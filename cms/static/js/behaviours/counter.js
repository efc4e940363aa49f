/**
 * Counts the characters of a field: <textarea data-behaviour="counter" data-counter-max="200">.
 * data-counter-text="已输入 {count} / {max} 字", data-counter-over="超出 {over} 字" replace the sentences.
 * It only advises; the limit itself is checked by the server.
 */
let sequence = 0;

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function connect(field) {
  const max = Number(field.dataset.counterMax || field.maxLength);
  const note = document.createElement("p");
  sequence += 1;
  note.id = `counter-${sequence}`;
  note.className = "field-count";
  field.after(note);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());

  function show() {
    // Code points, not UTF-16 units: rare characters in names count once.
    const count = [...field.value].length;
    const over = max > 0 ? count - max : 0;
    const plain = max > 0 ? "已输入 {count} / {max} 字" : "已输入 {count} 字";
    const sentence = over > 0 ? (field.dataset.counterOver ?? "超出 {over} 字") : (field.dataset.counterText ?? plain);
    note.textContent = fill(sentence, { count, max, over });
    note.toggleAttribute("data-over", over > 0);
    // Spoken only when it matters: a count after every letter would drown what the author types.
    if (over > 0) note.setAttribute("role", "status");
    else note.removeAttribute("role");
  }

  field.addEventListener("input", show);
  field.form?.addEventListener("reset", () => setTimeout(show));
  show();
}
