/**
 * Copies a text: <button data-behaviour="copy" data-copy="文本"> or data-copy-from="id of an element".
 * data-copy-done="已复制" is shown on the button for a moment and announced.
 */
async function write(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Offices reach the desk by plain http on the intranet, where the clipboard API does not exist.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copy refused");
}

export function connect(button) {
  const label = document.createElement("span");
  label.className = "visually-hidden";
  label.setAttribute("role", "status");
  button.after(label);
  button.hidden = false;
  const face = [...button.childNodes];
  button.addEventListener("click", async () => {
    const text = button.dataset.copy ?? document.getElementById(button.dataset.copyFrom).textContent;
    let answer = button.dataset.copyDone ?? "已复制";
    try {
      await write(text);
    } catch {
      // The reason is always the browser's permission; what helps is to copy by hand.
      answer = button.dataset.copyFailed ?? "请手动复制";
    }
    button.replaceChildren(answer);
    label.textContent = answer;
    setTimeout(() => {
      button.replaceChildren(...face);
      label.textContent = "";
    }, 2000);
  });
}
