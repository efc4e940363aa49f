/**
 * A grid that takes the keys and the clipboard of a spreadsheet.
 *
 * <table data-behaviour="sheet"><tbody><tr data-row>…<td><input></td>…</tr></tbody></table>
 * A block of several cells that is pasted spreads over the cells from the cursor on. Enter goes down instead of sending
 * the form; ↑ and ↓ change the row in fields of one line. Without scripts blocks go into the box below the grid.
 */
const FIELDS = "input:not([type=hidden]), select, textarea";

function isoDay(text) {
  const found = /^(\d{4})\D(\d{1,2})\D(\d{1,2})日?$/.exec(text);
  return found ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : text;
}

function fill(field, text) {
  if (field instanceof HTMLSelectElement) {
    let option = [...field.options].find((one) => one.value === text || one.text.trim() === text);
    if (!option) {
      option = new Option(text, text);
      field.add(option);
    }
    option.selected = true;
  } else if (field.type === "date") {
    field.value = isoDay(text);
    if (field.value === "" && text) {
      // What is no day stays as it was written; the check says so.
      field.type = "text";
      field.value = text;
    }
  } else {
    field.value = text;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Lines of cells as spreadsheet programs copy them; cells with line breaks are quoted. */
function cellsOf(text) {
  const lines = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    const line = lines[lines.length - 1];
    if (quoted && sign === '"' && source[at + 1] === '"') {
      line[line.length - 1] += sign;
      at += 1;
    } else if (sign === '"' && (quoted || line[line.length - 1] === "")) quoted = !quoted;
    else if (!quoted && sign === "\t") line.push("");
    else if (!quoted && sign === "\n") lines.push([""]);
    else line[line.length - 1] += sign;
  }
  return lines;
}

export function connect(table) {
  const rows = () => [...table.querySelectorAll("[data-row]")].map((row) => [...row.querySelectorAll(FIELDS)]);
  const place = (field) => {
    const grid = rows();
    const row = grid.findIndex((fields) => fields.includes(field));
    return { grid, row, column: row < 0 ? -1 : grid[row].indexOf(field) };
  };

  table.addEventListener("paste", (event) => {
    const lines = cellsOf(event.clipboardData.getData("text/plain"));
    const { grid, row, column } = place(event.target);
    if (row < 0 || (lines.length === 1 && lines[0].length === 1 && event.target.type !== "date")) return;
    // What would not fit is for the box below, which has room for any number of rows.
    if (row + lines.length > grid.length || lines.some((line) => column + line.length > grid[row].length)) {
      const box = document.getElementById(table.dataset.pasteBox);
      if (!box) return;
      event.preventDefault();
      box.value = event.clipboardData.getData("text/plain");
      box.closest("details")?.setAttribute("open", "");
      box.focus();
      return;
    }
    event.preventDefault();
    lines.forEach((line, down) => line.forEach((text, right) => fill(grid[row + down][column + right], text.trim())));
  });

  table.addEventListener("keydown", (event) => {
    const isLine = event.target instanceof HTMLInputElement && event.target.type !== "date";
    const step = event.key === "Enter" ? 1 : isLine ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : 0;
    if (!step || event.altKey || event.ctrlKey || event.isComposing || event.target instanceof HTMLTextAreaElement) return;
    const { grid, row, column } = place(event.target);
    const next = grid[row + step]?.[column];
    if (event.key === "Enter" || next) event.preventDefault();
    next?.focus();
  });
}
