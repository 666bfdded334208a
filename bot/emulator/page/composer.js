// Where a person writes: text, a photo or a file, an answer, a change of an own message.

import { base64, button, el, icon } from "./dom.js";
import { Inline } from "./inline.js";
import { noteLines } from "./note.js";
import { confirmIn, openMenu } from "./overlays.js";

const HEIGHT = 160;

export class Composer {
  constructor(column) {
    Object.assign(this, { column, reply: null, edited: null, file: null, asForward: false });
    const { say } = column;
    const tool = (name, label, props, act) =>
      button(
        { class: "tool", "aria-label": label, title: label, on: { click: act }, ...props },
        name === "/" ? name : icon(name),
      );
    this.inline = new Inline(column, (result) => {
      this.clear();
      const { message_text: text, parse_mode } = result.input_message_content;
      column.send({ text, via_bot: true, parse_mode, reply_markup: result.reply_markup });
    });
    this.note = el("div", { class: "composer-note", hidden: true });
    this.picker = el("input", { type: "file", hidden: true, tabindex: "-1", testid: "file-input" });
    this.picker.addEventListener("change", () => this.attach(this.picker.files[0], this.picker.dataset.kind));
    this.area = el("textarea", { class: "composer", testid: "composer", rows: "1", dir: "auto", enterkeyhint: "send" });
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("paste", (event) => this.pasted(event));
    const menu = { "aria-haspopup": "menu", "aria-expanded": "false" };
    this.clip = tool("clip", say("attach"), { ...menu, "data-testid": "attach" }, () => this.attachMenu());
    this.slash = tool("/", say("commands"), { ...menu, "data-testid": "commands" }, () => this.commandMenu());
    this.keys = tool("keys", say("hideKeys"), { "data-testid": "keyboard-toggle" }, () => this.toggleKeys());
    this.go = tool("send", say("send"), { class: "tool go", "data-testid": "send" }, () => this.submit());
    const row = el("div", { class: "composer-row" }, this.clip, this.slash, this.area, this.keys, this.go);
    this.root = el("div", { class: "composer-box" }, this.inline.root, this.note, row, this.picker);
    this.draw();
  }

  draw() {
    const { column } = this;
    this.area.setAttribute("aria-label", column.say("placeholder"));
    // Only administrators write into a closed topic, and nobody here is one.
    const closed = Boolean(column.topic) && column.isClosed(column.topic);
    for (const part of [this.area, this.clip, this.slash, this.go]) part.disabled = closed;
    this.slash.hidden = column.store.commandsFor(column.viewer, column.chatId).length === 0;
    this.drawKeyboardState();
    const label = column.say(this.edited ? "save" : "send");
    this.go.replaceChildren(icon(this.edited ? "check" : "send"));
    this.go.setAttribute("aria-label", label);
    this.go.title = label;
    const lines = noteLines(this);
    this.note.replaceChildren(...lines);
    this.note.hidden = lines.length === 0;
  }

  drawKeyboardState() {
    const { markup, open } = this.column.keyboard;
    this.keys.hidden = !markup || Boolean(markup.is_persistent);
    this.keys.setAttribute("aria-expanded", String(open));
    this.keys.setAttribute("aria-label", this.column.say(open ? "hideKeys" : "showKeys"));
    const closed = Boolean(this.column.topic) && this.column.isClosed(this.column.topic);
    const usual = this.column.say(closed ? "writeInTopic" : "placeholder");
    this.area.placeholder = markup?.input_field_placeholder || usual;
  }

  toggleKeys() {
    this.column.keyboard.open = !this.column.keyboard.open;
    this.column.keyboard.draw();
  }

  set(change) {
    Object.assign(this, change);
    this.draw();
    this.area.focus();
  }

  changed() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, HEIGHT)}px`;
    this.inline.watch(this.area.value);
  }

  fill(text) {
    this.area.value = text;
    this.changed();
  }

  clear() {
    Object.assign(this, { reply: null, edited: null, file: null, asForward: false });
    this.fill("");
    this.draw();
  }

  replyTo(message) {
    this.set({ reply: message, edited: null });
  }

  editMessage(message) {
    this.fill(message.text);
    this.set({ edited: message, reply: null, file: null });
  }

  startInline(query) {
    this.fill(`@${this.column.store.bot?.username ?? "bot"} ${query}`);
    this.area.focus();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && (this.edited || this.reply || this.file)) {
      this.clear();
    } else if (event.key === "ArrowUp" && !this.area.value && !this.edited) {
      const own = this.column.lastOwn();
      if (own) this.editMessage(own);
    }
  }

  pasted(event) {
    const image = [...(event.clipboardData?.files ?? [])].find((file) => /^image\/(png|jpeg)$/.test(file.type));
    if (!image) return;
    event.preventDefault();
    this.attach(image, "photo");
  }

  attach(blob, kind) {
    if (blob) this.set({ file: { blob, kind }, edited: null });
    this.picker.value = "";
  }

  pick(kind) {
    this.picker.accept = kind === "photo" ? "image/png,image/jpeg" : "";
    this.picker.dataset.kind = kind;
    this.picker.click();
  }

  attachMenu() {
    const { column } = this;
    const share = async () => {
      if (await confirmIn(column, column.say("contactQuestion"), column.say("send"))) column.send({ contact: true });
    };
    const items = [
      { label: column.say("photo"), act: () => this.pick("photo") },
      { label: column.say("file"), act: () => this.pick("file") },
      { label: column.say("shareContact"), act: share },
      { label: column.say("asForward"), act: () => this.set({ asForward: true }) },
    ];
    if (!column.isGroup) {
      const blocked = Boolean(column.viewer.has_blocked);
      items.push({ label: column.say(blocked ? "unblock" : "block"), act: () => column.setBlocked(!blocked) });
    }
    openMenu(this.clip, items, column.say("attach"));
  }

  commandMenu() {
    const { column } = this;
    const at = column.isGroup && column.store.bot?.username ? `@${column.store.bot.username}` : "";
    const items = column.store.commandsFor(column.viewer, column.chatId).map(({ command, description }) => ({
      label: `/${command}`,
      hint: description,
      act: () => column.sendText(`/${command}${at}`),
    }));
    openMenu(this.slash, items, column.say("commands"));
  }

  async submit() {
    const { column, edited, reply, file, asForward, author } = this;
    const text = this.area.value;
    if (!text.trim() && !file) return;
    this.clear();
    const sent = edited ? column.edit(edited, text) : column.send(await this.body(text, reply, file, asForward && author));
    if (await sent) return;
    Object.assign(this, { edited, reply, file, asForward });
    if (!this.area.value) this.fill(text);
    this.draw();
  }

  async body(text, reply, file, author) {
    const body = reply ? { reply_to_message_id: reply.message_id } : {};
    if (reply?.is_topic_message) body.message_thread_id = reply.message_thread_id;
    if (author !== false) body.forward_from = { name: author?.trim() || "Saqbol" };
    if (file?.kind === "photo") body.photo = await base64(file.blob);
    else if (file) body.document = { name: file.blob.name, base64: await base64(file.blob) };
    if (text.trim()) body[file ? "caption" : "text"] = text;
    return body;
  }
}
