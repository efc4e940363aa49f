/**
 * Attachment list: several files at once by drop or choice, progress, texts, order.
 *
 * <div data-behaviour="uploads" data-upload-url="/desk/media/upload" data-csrf="…" data-uploads-name="assets" [data-max-bytes="52428800"]>
 *   <div class="drop" data-drop><input type="file" name="files" multiple></div>
 *   <ol class="upload-list" data-uploads-list><li class="upload" data-upload>…</li></ol>   rows rendered by ui/uploads.html
 *   <template>one empty row</template>
 * </div>
 * Each stored file becomes <input type="hidden" name="assets" value="id"> in the order shown, with assets-ID-alt,
 * assets-ID-caption and assets-ID-role beside it. Without scripts the plain file field is sent with the form.
 */
const KIB = 1024;

function sizeText(bytes) {
  return bytes < KIB * KIB ? `${Math.max(1, Math.round(bytes / KIB))} KB` : `${(bytes / KIB / KIB).toFixed(1)} MB`;
}

/** Send one file; the old request object because fetch reports no upload progress. */
function send(file, { url, csrf, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", url);
    request.responseType = "text";
    request.setRequestHeader("X-CSRFToken", csrf);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener("error", () => reject(new Error("网络中断，请重试")));
    request.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // An HTML page instead of JSON: an error page, or the sign-in page after a long break.
        reject(new Error(request.status === 200 ? "登录已失效，请重新登录" : `服务器返回错误 ${request.status}`));
        return;
      }
      if (request.status >= 400 || answer.error) reject(new Error(answer.error ?? `服务器返回错误 ${request.status}`));
      else resolve(answer);
    });
    request.send(body);
  });
}

class Uploads {
  constructor(root) {
    this.root = root;
    this.target = { url: root.dataset.uploadUrl, csrf: root.dataset.csrf ?? "" };
    this.name = root.dataset.uploadsName ?? "assets";
    this.list = root.querySelector("[data-uploads-list]");
    this.template = root.querySelector("template");
    this.queue = Promise.resolve();
    this.pending = 0;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    root.append(this.status);
    this.chooseBy(root.querySelector("input[type=file]"));
    this.dropOn(root.querySelector("[data-drop]"));
    for (const row of this.list.children) this.equip(row);
    root.closest("form")?.addEventListener("submit", (event) => {
      if (this.pending === 0) return;
      event.preventDefault();
      this.status.className = "alert alert--warning";
      this.status.textContent = "文件仍在上传，请等上传完成后再保存。";
    });
  }

  chooseBy(field) {
    // From here on the files travel one by one; with a name they would be sent a second time with the form.
    field.removeAttribute("name");
    field.addEventListener("change", () => {
      this.take([...field.files]);
      field.value = "";
    });
  }

  dropOn(area) {
    const over = (on) => area.classList.toggle("drop--over", on);
    area.addEventListener("dragover", (event) => (event.preventDefault(), over(true)));
    area.addEventListener("dragleave", () => over(false));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      this.take([...event.dataTransfer.files]);
    });
  }

  take(files) {
    for (const file of files) {
      const row = this.template.content.cloneNode(true).firstElementChild;
      row.querySelector("[data-upload-name]").textContent = file.name;
      this.picture(row, file.type.startsWith("image/") ? URL.createObjectURL(file) : null, file.name);
      this.list.append(row);
      this.equip(row);
      this.start(row, file);
    }
  }

  picture(row, address, name) {
    const box = row.querySelector("[data-upload-picture]");
    if (!address) {
      // Only pictures need a text for those who do not see them, and only they can be a cover.
      for (const field of row.querySelectorAll('[data-upload-field="alt"], [data-upload-field="role"]')) field.parentElement.remove();
      box.textContent = name.includes(".") ? name.split(".").pop().slice(0, 4) : "文件";
      return;
    }
    const image = document.createElement("img");
    image.src = address;
    image.alt = "";
    box.replaceChildren(image);
  }

  start(row, file) {
    const state = row.querySelector("[data-upload-state]");
    const limit = Number(this.root.dataset.maxBytes);
    if (limit && file.size > limit) {
      this.fail(row, file, `文件 ${sizeText(file.size)}，超过 ${sizeText(limit)} 的上限`, false);
      return;
    }
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name} 的上传进度`);
    row.classList.remove("upload--failed");
    state.textContent = `等待上传 · ${sizeText(file.size)}`;
    state.after(bar);
    this.pending += 1;
    this.queue = this.queue.then(async () => {
      state.textContent = `正在上传 · ${sizeText(file.size)}`;
      try {
        this.finish(row, file, await send(file, { ...this.target, progress: (part) => (bar.value = part) }));
      } catch (error) {
        this.fail(row, file, error.message, true);
      }
      bar.remove();
      this.pending -= 1;
      if (this.pending === 0) this.status.className = "visually-hidden";
    });
  }

  finish(row, file, answer) {
    row.querySelector("[data-upload-state]").textContent = `已上传 · ${sizeText(file.size)}`;
    const id = document.createElement("input");
    id.type = "hidden";
    id.name = this.name;
    id.value = answer.id;
    row.append(id);
    for (const field of row.querySelectorAll("[data-upload-field]")) {
      field.name = `${this.name}-${answer.id}-${field.dataset.uploadField}`;
      field.id = field.name;
      field.previousElementSibling.htmlFor = field.id;
      field.disabled = false;
    }
    const alt = row.querySelector('[data-upload-field="alt"]');
    if (alt && !alt.value) alt.value = answer.alt ?? "";
    this.announce(`“${file.name}”已上传`);
  }

  fail(row, file, reason, again) {
    row.classList.add("upload--failed");
    const state = row.querySelector("[data-upload-state]");
    state.textContent = `上传失败：${reason} `;
    this.announce(`“${file.name}”上传失败：${reason}`);
    if (!again) return;
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "button button--quiet";
    retry.textContent = "重试";
    retry.addEventListener("click", () => this.start(row, file));
    state.append(retry);
  }

  equip(row) {
    row.querySelector("[data-upload-tools]").hidden = false;
    row.querySelector("[data-upload-noscript]")?.remove();
    const act = (name, action) => row.querySelector(`[data-upload-tool="${name}"]`).addEventListener("click", action);
    act("up", ({ currentTarget }) => (row.previousElementSibling?.before(row), this.moved(row, currentTarget)));
    act("down", ({ currentTarget }) => (row.nextElementSibling?.after(row), this.moved(row, currentTarget)));
    act("remove", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      this.announce(`已移除“${row.querySelector("[data-upload-name]").textContent}”`);
      (next?.querySelector('[data-upload-tool="remove"]') ?? this.root.querySelector("input[type=file]")).focus();
      this.touch();
    });
  }

  moved(row, tool) {
    tool.focus();
    this.announce(`已移到第 ${[...this.list.children].indexOf(row) + 1} 位`);
    this.touch();
  }

  announce(text) {
    this.status.textContent = text;
  }

  /** The order and the list are part of the form: leaving the page must ask. */
  touch() {
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function connect(root) {
  new Uploads(root);
}
