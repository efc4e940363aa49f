/**
 * Marks a page that confirms a save: <div class="alert" data-behaviour="saved">.
 * Texts which the editor kept in this browser when their form was sent have arrived and are forgotten.
 */
const PREFIX = "cms-editor:";

export function connect() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && JSON.parse(localStorage.getItem(key))?.submitted) localStorage.removeItem(key);
    }
  } catch {
    // Storage is switched off in this browser: then nothing was kept either.
  }
}
