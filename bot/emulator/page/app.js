// The page: which chats are on the screen, and where events go.

import { EventStream } from "./api.js";
import { Column } from "./chat.js";
import { Presses } from "./keyboard.js";
import { columnsThatFit, isPhone } from "./layout.js";
import { Switcher } from "./people.js";
import { Samples } from "./samples.js";
import { Store } from "./store.js";
import { language, speaker } from "./words.js";

const WAIT_FOR_BOT_MS = 3000;
const HIDDEN_KEY = "saqbol.hidden";

const byId = (id) => document.getElementById(id);

class App {
  constructor() {
    this.store = new Store();
    this.presses = new Presses();
    this.columns = new Map();
    this.keys = [];
    this.recent = [];
    this.visible = new Set();
    this.hidden = new Set(JSON.parse(localStorage.getItem(HIDDEN_KEY) ?? "[]"));
    this.opened = new Set();
    this.activeId = null;
    this.setLanguage("ru");
    this.switcher = new Switcher(this, byId("people"));
    this.samples = new Samples(this, byId("samples"), byId("samples-toggle"));
    this.stream = new EventStream({
      onEvent: (event) => this.store.apply(event),
      onStatus: (online) => this.showStatus(online),
      reload: (last) => this.reload(last),
    });
    this.listen();
  }

  listen() {
    const { store } = this;
    store.on("state", () => this.showState());
    store.on("commands", () => this.eachColumn((column) => column.refresh()));
    store.on("messages", (chatId) => this.columns.get(chatId)?.sync());
    store.on("message", (chatId, message, isNew) => {
      this.columns.get(chatId)?.onMessage(message, isNew);
      if (!isNew || this.isVisible(chatId) || message.from?.id === chatId) return;
      this.switcher.count(chatId, 1);
      this.switcher.draw();
    });
    store.on("deleted", (chatId, messageId) => this.columns.get(chatId)?.onDeleted(messageId));
    store.on("action", (chatId, event) => this.columns.get(chatId)?.log.showAction(event.action));
    store.on("callback_answer", (event) => this.presses.answer(event));
    store.on("inline_answer", (event) => this.eachColumn((column) => column.composer.inline.answer(event)));
    addEventListener("resize", () => this.layout());
  }

  async start() {
    try {
      this.stream.open(await this.store.load());
    } catch {
      this.showStatus(false);
      this.stream.retry();
    }
  }

  // After a lost connection: the present state; a server with fewer events than seen is a new one.
  async reload(last) {
    const now = await this.store.load();
    const isNew = now < last;
    if (isNew) this.store.forget();
    await Promise.all([...this.columns.values()].filter((column) => column.loaded).map((column) => column.load()));
    return isNew || !last ? now : last;
  }

  showState() {
    const groups = [...this.store.chats.keys()].filter((chatId) => this.store.membersOf(chatId).length);
    this.keys = [...this.store.people.keys(), ...groups];
    for (const [chatId, column] of this.columns) {
      if (this.keys.includes(chatId)) continue;
      column.root.remove();
      this.columns.delete(chatId);
    }
    const notice = byId("notice");
    notice.textContent = this.store.notice;
    notice.hidden = !this.store.notice;
    this.recent = this.recent.filter((chatId) => this.keys.includes(chatId));
    this.recent.push(...this.keys.filter((chatId) => !this.recent.includes(chatId)));
    if (!this.keys.includes(this.activeId)) this.activeId = this.shownKeys()[0] ?? null;
    this.layout();
    this.eachColumn((column) => column.refresh());
    clearTimeout(this.botTimer);
    if (!this.store.bot) this.botTimer = setTimeout(() => this.store.load().catch(() => {}), WAIT_FOR_BOT_MS);
  }

  // Open chats: people unless hidden, groups once opened. Never none.
  shownKeys() {
    const shown = this.keys.filter((chatId) => (chatId > 0 ? !this.hidden.has(chatId) : this.opened.has(chatId)));
    return shown.length ? shown : this.keys.slice(0, 1);
  }

  layout() {
    const room = columnsThatFit(this.samples.open);
    const shown = this.shownKeys();
    const chosen = this.recent.filter((chatId) => shown.includes(chatId)).slice(0, room);
    if (this.activeId !== null && !chosen.includes(this.activeId)) this.activeId = chosen[0] ?? null;
    this.visible = new Set(chosen);
    for (const chatId of this.keys) {
      if (chosen.includes(chatId)) this.show(this.column(chatId));
      else if (this.columns.has(chatId)) this.columns.get(chatId).root.hidden = true;
    }
    document.body.classList.toggle("phone", isPhone());
    this.drawPage();
  }

  show(column) {
    column.root.hidden = false;
    this.switcher.count(column.chatId, 0);
    if (!column.loaded) column.load().catch(() => (column.loaded = false));
  }

  column(chatId) {
    if (chatId === null) return null;
    if (!this.columns.has(chatId)) {
      const column = new Column(this, chatId);
      this.columns.set(chatId, column);
      const after = this.keys.slice(this.keys.indexOf(chatId) + 1).find((key) => this.columns.has(key));
      byId("columns").insertBefore(column.root, this.columns.get(after)?.root ?? null);
    }
    return this.columns.get(chatId);
  }

  eachColumn(act) {
    for (const column of this.columns.values()) act(column);
  }

  isVisible(chatId) {
    return this.visible.has(chatId);
  }

  open(chatId) {
    this.hidden.delete(chatId);
    this.opened.add(chatId);
    this.remember();
    this.recent = [chatId, ...this.recent.filter((key) => key !== chatId)];
    this.activeId = chatId;
    this.layout();
    this.switcher.showActive();
  }

  hide(chatId) {
    if (chatId > 0) this.hidden.add(chatId);
    this.opened.delete(chatId);
    this.remember();
    this.layout();
    this.switcher.tabs.get(chatId)?.focus();
  }

  remember() {
    localStorage.setItem(HIDDEN_KEY, JSON.stringify([...this.hidden]));
  }

  activate(chatId) {
    if (this.activeId === chatId || !this.isVisible(chatId)) return;
    this.activeId = chatId;
    this.drawPage();
  }

  setLanguage(lang) {
    this.lang = language(lang);
    this.say = speaker(this.lang);
  }

  // What belongs to no column, in the language of the active one.
  drawPage() {
    const column = this.columns.get(this.activeId);
    this.setLanguage(column?.viewer.language_code);
    document.documentElement.lang = this.lang;
    this.eachColumn((each) => each.root.classList.toggle("active", each === column));
    this.switcher.draw();
    this.samples.draw();
    byId("offline").textContent = this.say("offline");
  }

  showStatus(online) {
    byId("offline").textContent = this.say("offline");
    byId("offline").hidden = online;
  }

  // A link to the bot opens the private chat of whoever has followed it.
  openPrivate(column, command) {
    this.open(column.viewerId);
    this.column(column.viewerId).sendText(command);
  }
}

new App().start();
