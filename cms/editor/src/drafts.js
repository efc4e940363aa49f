// Autosave of the text in this browser, keyed by the path the form is sent to.

const PREFIX = "cms-editor:";
const KEEP_DAYS = 14;
const DELAY = 800;

/** All storage failures (private mode, full disk, blocked by policy) mean the same: no autosave today. */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

export class Drafts {
  constructor(textarea) {
    const action = textarea.form?.getAttribute("action") || location.pathname;
    this.key = `${PREFIX}${new URL(action, location.href).pathname}:${textarea.name}`;
    attempt(() => forgetOld());
  }

  /** The stored draft {html, at, submitted}, or null. */
  read() {
    return attempt(() => JSON.parse(localStorage.getItem(this.key)));
  }

  /** Store soon, once the typing pauses. `done(time)` is called when it worked. */
  schedule(html, done) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(html) && done(clock(Date.now())), DELAY);
  }

  write(html, submitted = false) {
    clearTimeout(this.timer);
    return attempt(() => (localStorage.setItem(this.key, JSON.stringify({ html, at: Date.now(), submitted })), true));
  }

  forget() {
    clearTimeout(this.timer);
    attempt(() => localStorage.removeItem(this.key));
  }
}

function forgetOld() {
  const limit = Date.now() - KEEP_DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !(JSON.parse(localStorage.getItem(key))?.at > limit)) localStorage.removeItem(key);
  }
}

/** “3月8日 09:30”, or the time alone for today. */
export function clock(milliseconds) {
  const moment = new Date(milliseconds);
  const time = moment.toTimeString().slice(0, 5);
  const today = moment.toDateString() === new Date().toDateString();
  return today ? time : `${moment.getMonth() + 1}月${moment.getDate()}日 ${time}`;
}
