/**
 * Rich-text editor for a textarea.
 * <textarea data-behaviour="editor" name="body" data-upload-url="/desk/media/upload" data-csrf="…">HTML</textarea>
 * The bundle is loaded only on pages that have such a field. Its sources are in cms/editor.
 */
const { search } = new URL(import.meta.url);
const bundle = await import(new URL(`../../desk/vendor/editor.js${search}`, import.meta.url).href);

export const connect = bundle.connect;
