// A column: one chat, seen by one person.

import { api } from "./api.js";
import { Composer } from "./composer.js";
import { el, fullName } from "./dom.js";
import { ColumnHead } from "./head.js";
import { ReplyKeyboard } from "./keyboard.js";
import { MessageLog } from "./log.js";
import { alertIn, toast } from "./overlays.js";
import { language, speaker } from "./words.js";

export class Column {
  constructor(app, chatId) {
    Object.assign(this, { app, store: app.store, chatId, isGroup: chatId < 0, topic: "", loaded: false });
    Object.assign(this, { busy: new Set(), alerts: Promise.resolve() });
    this.viewerId = this.isGroup ? app.store.membersOf(chatId)[0]?.id : chatId;
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.root = el("section", { class: "column", testid: `column-${chatId}`, hidden: true });
    for (const type of ["focusin", "pointerdown"]) this.root.addEventListener(type, () => app.activate(chatId));
    this.build();
  }

  get viewer() {
    return this.store.people.get(this.viewerId) ?? { id: this.viewerId, first_name: "" };
  }

  get peer() {
    return this.store.peer(this.chatId) ?? { id: this.chatId };
  }

  build() {
    this.lang = language(this.viewer.language_code);
    this.say = speaker(this.lang);
    this.root.lang = this.lang;
    this.root.setAttribute("aria-label", fullName(this.peer));
    this.keyboard = new ReplyKeyboard(this);
    this.composer = new Composer(this);
    this.head = new ColumnHead(this);
    this.log = new MessageLog(this);
    this.log.root.append(this.toasts);
    this.root.replaceChildren(this.head.root, this.log.root, this.composer.root, this.keyboard.root);
    this.sync();
  }

  // Shows what the store has: after loading, and when another topic or writer is chosen.
  sync() {
    const known = [...(this.store.messages.get(this.chatId)?.values() ?? [])].sort((a, b) => a.message_id - b.message_id);
    this.keyboard.reset();
    for (const message of known) this.keyboard.offer(message, false);
    this.keyboard.draw();
    this.log.show(known.filter((message) => this.shows(message)));
    this.head.draw();
  }

  // Draws again what depends on people, commands and the bot; a changed language redraws it all.
  refresh() {
    if (Number(this.topic) && !this.store.topics(this.chatId).has(Number(this.topic))) this.chooseTopic("");
    if (language(this.viewer.language_code) !== this.lang) this.build();
    this.head.draw();
    this.composer.draw();
    this.log.drawEmpty();
  }

  async load() {
    this.loaded = true;
    await this.store.loadMessages(this.chatId);
  }

  shows(message) {
    if (message.receiver_user && message.receiver_user.id !== this.viewerId) return false;
    if (this.topic === "") return true;
    return (message.is_topic_message ? message.message_thread_id : 0) === Number(this.topic);
  }

  chooseTopic(value) {
    this.topic = String(value);
    this.sync();
    this.composer.draw();
  }

  isClosed(topic) {
    const known = this.store.chats.get(this.chatId)?.topics ?? [];
    return known.some((each) => each.message_thread_id === Number(topic) && each.is_closed);
  }

  onMessage(message, isNew) {
    const mine = message.from?.id === this.viewerId;
    if (!mine && message.from?.is_bot) {
      this.keyboard.offer(message, true);
      this.keyboard.draw();
    }
    if (this.shows(message)) this.log.arrive(message, isNew, mine);
    if (isNew && message.reply_markup?.force_reply) this.composer.replyTo(message);
    if (message.forum_topic_created || message.forum_topic_edited) this.head.draw();
  }

  onDeleted(id) {
    this.keyboard.forget(id);
    this.keyboard.draw();
    this.log.remove(id);
  }

  showBusy(id) {
    this.log.showBusy(id);
  }

  reveal(id) {
    this.log.reveal(id);
  }

  lastOwn() {
    const messages = [...(this.store.messages.get(this.chatId)?.values() ?? [])];
    return messages.findLast((message) => message.from?.id === this.viewerId && message.text && !message.forward_origin);
  }

  // Sends and says whether it has worked; what went wrong is shown.
  async send(body) {
    const thread = this.topic && this.topic !== "0" ? { message_thread_id: Number(this.topic) } : {};
    try {
      const message = await api.send(this.chatId, { from_id: this.viewerId, ...thread, ...body });
      if (!this.store.messages.get(this.chatId)?.has(message.message_id)) this.store.put(this.chatId, message, "message");
      return true;
    } catch (error) {
      toast(this, error.message);
      return false;
    }
  }

  sendText(text) {
    return this.send({ text });
  }

  async edit(message, text) {
    try {
      const edited = await api.edit(this.chatId, message.message_id, { from_id: this.viewerId, text });
      this.store.put(this.chatId, edited, "edited");
      return true;
    } catch (error) {
      toast(this, error.message);
      return false;
    }
  }

  async setBlocked(blocked) {
    try {
      await api.block({ user_id: this.viewerId, blocked });
    } catch (error) {
      toast(this, error.message);
    }
  }

  alert(text) {
    this.alerts = this.alerts.then(() => alertIn(this, text));
  }
}
