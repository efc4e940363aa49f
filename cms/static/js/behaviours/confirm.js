/**
 * Asks before a dangerous button acts.
 * <button data-behaviour="confirm" data-confirm="删除后不能恢复。" [data-confirm-title="删除这条内容？"]
 *         [data-confirm-ok="删除"] [data-confirm-cancel="取消"]>
 * Without scripts the button acts at once, so the server must make what it does reversible or ask itself.
 */
let sequence = 0;

function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

function ask({ confirm: text, confirmTitle = "请确认", confirmOk = "确定", confirmCancel = "取消" }) {
  return new Promise((resolve) => {
    sequence += 1;
    const dialog = element("dialog", "dialog", "");
    const title = element("h2", "dialog-title", confirmTitle);
    const body = element("p", "dialog-text", text);
    title.id = `confirm-title-${sequence}`;
    body.id = `confirm-text-${sequence}`;
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.setAttribute("aria-describedby", body.id);
    const cancel = element("button", "button", confirmCancel);
    const accept = element("button", "button button--danger-strong", confirmOk);
    for (const [button, value] of [[cancel, "cancel"], [accept, "ok"]]) {
      button.type = "button";
      button.addEventListener("click", () => dialog.close(value));
    }
    const buttons = element("div", "buttons buttons--end", "");
    buttons.append(cancel, accept);
    dialog.append(title, body, buttons);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
    document.body.append(dialog);
    dialog.showModal();
    // The harmless answer has the focus: Enter pressed in haste destroys nothing.
    cancel.focus();
  });
}

export function connect(control) {
  let agreed = false;
  control.addEventListener("click", async (event) => {
    if (agreed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(control.dataset)) {
      agreed = true;
      control.click();
      agreed = false;
    } else {
      control.focus();
    }
  });
}
