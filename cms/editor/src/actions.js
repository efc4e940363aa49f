// What the toolbars offer: one entry per button, in the order and the groups shown.
// {name, label, glyph | icon | text, keys, run(editor, panels), active(editor), enabled(editor)}; `active` makes it a toggle.

import { ICONS } from "./icons.js";

const glyph = (text, look) => ({ glyph: text, look });
const icon = (name) => ({ icon: ICONS[name] });

const mark = (name, label, face, keys, command) => ({
  name,
  label,
  ...face,
  keys,
  run: (editor) => editor.chain().focus()[command]().run(),
  active: (editor) => editor.isActive(name),
  enabled: (editor) => editor.can()[command](),
});

const heading = (level, label) => ({
  name: `heading${level}`,
  label,
  text: `标题${level}`,
  keys: `Ctrl+Alt+${level}`,
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
  active: (editor) => editor.isActive("heading", { level }),
});

/** Set or remove a class attribute on all selected paragraphs and headings. */
function setBlock(editor, attributes) {
  editor.chain().focus().updateAttributes("paragraph", attributes).updateAttributes("heading", attributes).run();
}

function blockIs(editor, attributes) {
  return editor.isActive("paragraph", attributes) || editor.isActive("heading", attributes);
}

const align = (value, name, label) => ({
  name,
  label,
  ...icon(name),
  run: (editor) => setBlock(editor, { align: value !== null && blockIs(editor, { align: value }) ? null : value }),
  active: (editor) => blockIs(editor, { align: value }),
});

/** The picture that is selected as a whole, or null. */
export function selectedPicture(editor) {
  const node = editor.state.selection.node;
  return node && ["image", "figure"].includes(node.type.name) ? node : null;
}

export const ACTIONS = [
  {
    label: "段落",
    actions: [
      {
        name: "paragraph",
        label: "正文段落",
        text: "正文",
        keys: "Ctrl+Alt+0",
        run: (editor) => editor.chain().focus().setParagraph().run(),
        active: (editor) => editor.isActive("paragraph"),
      },
      heading(2, "二级标题"),
      heading(3, "三级标题"),
    ],
  },
  {
    label: "文字",
    actions: [
      mark("bold", "加粗", glyph("B", "bold"), "Ctrl+B", "toggleBold"),
      mark("italic", "斜体", glyph("I", "italic"), "Ctrl+I", "toggleItalic"),
      mark("underline", "下划线", glyph("U", "underline"), "Ctrl+U", "toggleUnderline"),
      mark("strike", "删除线", glyph("S", "strike"), "Ctrl+Shift+S", "toggleStrike"),
      mark("superscript", "上标", glyph("x²", "plain"), "Ctrl+.", "toggleSuperscript"),
      mark("subscript", "下标", glyph("x₂", "plain"), "Ctrl+,", "toggleSubscript"),
    ],
  },
  {
    label: "列表与引用",
    actions: [
      mark("orderedList", "有序列表", icon("orderedList"), "Ctrl+Shift+7", "toggleOrderedList"),
      mark("bulletList", "无序列表", icon("bulletList"), "Ctrl+Shift+8", "toggleBulletList"),
      mark("blockquote", "引用", icon("quote"), "Ctrl+Shift+B", "toggleBlockquote"),
    ],
  },
  {
    label: "对齐",
    actions: [
      align(null, "alignLeft", "左对齐"),
      align("center", "alignCenter", "居中"),
      align("right", "alignRight", "右对齐"),
      align("justify", "alignJustify", "两端对齐"),
      {
        name: "indent",
        label: "首行缩进两字",
        ...icon("indent"),
        run: (editor) => setBlock(editor, { indent: !blockIs(editor, { indent: true }) }),
        active: (editor) => blockIs(editor, { indent: true }),
      },
    ],
  },
  {
    label: "插入",
    actions: [
      { name: "link", label: "链接", ...icon("link"), keys: "Ctrl+K", run: (editor, panels) => panels.link(), active: (editor) => editor.isActive("link") },
      { name: "image", label: "图片", ...icon("image"), run: (editor, panels) => panels.chooseImages() },
      { name: "alt", label: "图片的替代文字和说明", ...icon("alt"), run: (editor, panels) => panels.pictures(), enabled: (editor) => selectedPicture(editor) !== null },
      { name: "table", label: "表格", ...icon("table"), run: (editor, panels) => panels.table(), enabled: (editor) => !editor.isActive("table") },
      { name: "rule", label: "水平线", ...icon("rule"), run: (editor) => editor.chain().focus().setHorizontalRule().run() },
    ],
  },
  {
    label: "编辑",
    actions: [
      {
        name: "clear",
        label: "清除格式",
        ...icon("clear"),
        run: (editor) => {
          editor.chain().focus().unsetAllMarks().clearNodes().run();
          setBlock(editor, { align: null, indent: false });
        },
      },
      { name: "undo", label: "撤销", ...icon("undo"), keys: "Ctrl+Z", run: (editor) => editor.chain().focus().undo().run(), enabled: (editor) => editor.can().undo() },
      { name: "redo", label: "重做", ...icon("redo"), keys: "Ctrl+Y", run: (editor) => editor.chain().focus().redo().run(), enabled: (editor) => editor.can().redo() },
      { name: "full", label: "全屏编辑", ...icon("full"), run: (editor, panels) => panels.toggleFull(), active: (editor, panels) => panels.isFull() },
    ],
  },
];

const inTable = (command, label) => ({
  name: command,
  label,
  text: label,
  run: (editor) => editor.chain().focus()[command]().run(),
  enabled: (editor) => editor.can()[command](),
});

export const TABLE_ACTIONS = [
  { label: "行", actions: [inTable("addRowBefore", "上方插行"), inTable("addRowAfter", "下方插行"), inTable("deleteRow", "删除行")] },
  { label: "列", actions: [inTable("addColumnBefore", "左侧插列"), inTable("addColumnAfter", "右侧插列"), inTable("deleteColumn", "删除列")] },
  { label: "单元格", actions: [inTable("mergeCells", "合并单元格"), inTable("splitCell", "拆分单元格"), inTable("toggleHeaderRow", "首行表头"), inTable("toggleHeaderColumn", "首列表头")] },
  { label: "整表", actions: [{ name: "caption", label: "表格标题", text: "表格标题", run: (editor, panels) => panels.caption() }, inTable("deleteTable", "删除表格")] },
];
