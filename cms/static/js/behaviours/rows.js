/**
 * Repeating group: adds, removes and moves the rows of a small table.
 *
 * <div data-behaviour="rows" data-rows-name="materials" [data-rows-max="50"]>
 *   <table><tbody><tr data-row>… name="materials-0-name" …<td data-row-tools></td></tr>…</tbody></table>
 *   <template><tr data-row>… name="materials-__index__-name" …</tr></template>
 *   <p data-rows-foot></p>
 * </div>
 * Without scripts the server shows spare rows and ignores those left empty. Alt+↑ and Alt+↓ move the row of the cursor.
 */
const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];
const ICONS = { up: "M10 16V4M5 9l5-5 5 5", down: "M10 4v12M5 11l5 5 5-5", remove: "M5 5l10 10M15 5L5 15" };

function icon(path) {
  const box = document.createElement("template");
  box.innerHTML = `<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;
  return box.content;
}

function button(label, path, action) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "button button--quiet";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.append(icon(path));
  node.addEventListener("click", action);
  return node;
}

class Rows {
  constructor(root) {
    const { rowsName, rowsMax, rowsAdd = "添加一行", rowsUp = "上移", rowsDown = "下移", rowsRemove = "删除这一行" } = root.dataset;
    Object.assign(this, { root, max: Number(rowsMax) || 100, words: { up: rowsUp, down: rowsDown, remove: rowsRemove } });
    this.body = root.querySelector("tbody");
    this.template = root.querySelector("template");
    this.pattern = new RegExp(`(^|\\s)(${rowsName})-(?:\\d+|__index__)-`, "g");
    this.prefix = rowsName;
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.adder = document.createElement("button");
    this.adder.type = "button";
    this.adder.className = "button";
    this.adder.textContent = rowsAdd;
    this.adder.addEventListener("click", () => this.add());
    const foot = root.querySelector("[data-rows-foot]");
    foot.replaceChildren(this.adder, this.status);
    foot.hidden = false;
    this.dropSpareRows();
    this.rows.forEach((row) => this.equip(row));
    this.renumber();
    root.addEventListener("keydown", (event) => this.keydown(event));
  }

  get rows() {
    return [...this.body.querySelectorAll(":scope > [data-row]")];
  }

  /** The untouched rows at the end are for browsers without scripts; one stays as an invitation. */
  dropSpareRows() {
    const state = (root) => [...root.querySelectorAll("input, textarea, select")].map((field) => (/checkbox|radio/.test(field.type) ? field.checked : field.value.trim())).join("\n");
    const untouched = state(this.template.content);
    const blank = (row) => state(row) === untouched;
    const rows = this.rows;
    while (rows.length > 1 && blank(rows[rows.length - 1])) rows.pop().remove();
  }

  equip(row) {
    const tools = row.querySelector("[data-row-tools]");
    tools.replaceChildren(
      button(this.words.up, ICONS.up, () => this.move(row, -1, 0)),
      button(this.words.down, ICONS.down, () => this.move(row, 1, 1)),
      button(this.words.remove, ICONS.remove, () => this.remove(row)),
    );
  }

  renumber() {
    this.rows.forEach((row, index) => {
      for (const node of [row, ...row.querySelectorAll("*")]) {
        for (const name of NUMBERED) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(this.pattern, `$1$2-${index}-`));
        }
      }
      const [up, down] = row.querySelectorAll("[data-row-tools] button");
      up.setAttribute("aria-disabled", String(index === 0));
      down.setAttribute("aria-disabled", String(index === this.rows.length - 1));
    });
    this.adder.disabled = this.rows.length >= this.max;
  }

  changed(message) {
    this.renumber();
    this.status.textContent = message;
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  add() {
    this.body.append(this.template.content.cloneNode(true));
    const rows = this.rows;
    this.equip(rows[rows.length - 1]);
    this.changed(`已添加第 ${rows.length} 行`);
    rows[rows.length - 1].querySelector("input, textarea, select").focus();
  }

  remove(row) {
    const index = this.rows.indexOf(row);
    row.remove();
    this.changed(`已删除第 ${index + 1} 行`);
    const next = this.rows[Math.min(index, this.rows.length - 1)];
    (next?.querySelector("[data-row-tools] button:last-child") ?? this.adder).focus();
  }

  move(row, step, tool) {
    const index = this.rows.indexOf(row);
    const other = this.rows[index + step];
    if (!other) return;
    const focus = document.activeElement;
    if (step < 0) other.before(row);
    else other.after(row);
    this.changed(`已移到第 ${index + step + 1} 行`);
    (row.contains(focus) ? focus : row.querySelectorAll("[data-row-tools] button")[tool]).focus();
  }

  keydown(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-row]");
    if (!event.altKey || !step || !row) return;
    event.preventDefault();
    this.move(row, step, 0);
  }
}

export function connect(root) {
  new Rows(root);
}
