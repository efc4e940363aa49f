/**
 * Marks places on the pictures of pages by dragging: <form data-behaviour="redact"> with figures [data-redact-page] and
 * the table #boxes. Each rectangle fills an empty row of the table, or a new one; the numbers are percent of the page.
 */
const LEAST = 0.5;

function row(table) {
  const rows = [...table.tBodies[0].rows];
  const empty = rows.find((one) => [...one.querySelectorAll("input")].every((input) => !input.value));
  if (empty) return empty;
  const fresh = rows.at(-1).cloneNode(true);
  for (const input of fresh.querySelectorAll("input")) input.value = "";
  table.tBodies[0].append(fresh);
  return fresh;
}

function percent(event, picture) {
  const box = picture.getBoundingClientRect();
  const clamp = (value) => Math.min(100, Math.max(0, value));
  return [clamp(((event.clientX - box.left) / box.width) * 100), clamp(((event.clientY - box.top) / box.height) * 100)];
}

export function connect(form) {
  const table = form.querySelector("#boxes");
  for (const figure of form.querySelectorAll("[data-redact-page]")) {
    const picture = figure.querySelector("img");
    const frame = document.createElement("div");
    frame.className = "applications-drag";
    picture.draggable = false;
    picture.replaceWith(frame);
    frame.append(picture);
    let start = null;
    let mark = null;
    const place = (from, to) => {
      const [left, top] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
      const size = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
      // A style set by script is allowed by the policy of the desk; style attributes in markup are not.
      Object.assign(mark.style, { left: `${left}%`, top: `${top}%`, width: `${size[0]}%`, height: `${size[1]}%` });
      return [left, top, ...size];
    };
    frame.addEventListener("pointerdown", (event) => {
      start = percent(event, picture);
      mark = document.createElement("span");
      frame.append(mark);
      frame.setPointerCapture(event.pointerId);
      place(start, start);
      event.preventDefault();
    });
    frame.addEventListener("pointermove", (event) => start && place(start, percent(event, picture)));
    frame.addEventListener("pointerup", (event) => {
      if (!start) return;
      const values = place(start, percent(event, picture));
      start = null;
      if (values[2] < LEAST || values[3] < LEAST) {
        mark.remove();
        return;
      }
      const inputs = row(table).querySelectorAll("input");
      [figure.dataset.redactPage, ...values.map((value) => value.toFixed(2))].forEach((value, at) => (inputs[at].value = value));
    });
  }
}
