// Inline keyboards under messages and reply keyboards under the composer.

import { api } from "./api.js";
import { button, copyText, el, fullName, icon } from "./dom.js";
import { safeUrl, startCommand } from "./entities.js";
import { confirmIn, openMenu, toast } from "./overlays.js";

const ANSWER_MS = 15000;

export function openUrl(column, url) {
  const start = startCommand(url, column.store.bot);
  if (start) {
    column.app.openPrivate(column, start);
    return;
  }
  const href = safeUrl(url);
  if (href) window.open(href, "_blank", "noopener,noreferrer");
}

// Callback buttons that wait for their answer. The answer's event may come before the press is answered.
export class Presses {
  constructor() {
    this.waiting = new Map();
    this.early = new Map();
  }

  async press(column, message, data) {
    const key = `${message.message_id} ${data}`;
    if (column.busy.has(key)) return;
    const busy = (on) => {
      if (on) column.busy.add(key);
      else column.busy.delete(key);
      column.showBusy(message.message_id);
    };
    busy(true);
    const timer = setTimeout(() => busy(false), ANSWER_MS);
    const done = () => {
      clearTimeout(timer);
      busy(false);
    };
    try {
      const body = { from_id: column.viewerId, chat_id: column.chatId, message_id: message.message_id, data };
      const { callback_query_id: id } = await api.press(body);
      this.waiting.set(String(id), { column, done });
      const early = this.early.get(String(id));
      if (early) this.answer(early);
    } catch (error) {
      done();
      toast(column, error.message);
    }
  }

  answer(event) {
    const id = String(event.callback_query_id);
    const press = this.waiting.get(id);
    if (!press) {
      this.early.set(id, event);
      if (this.early.size > 50) this.early.delete(this.early.keys().next().value);
      return;
    }
    this.waiting.delete(id);
    this.early.delete(id);
    press.done();
    if (event.text && event.show_alert) press.column.alert(event.text);
    else if (event.text) toast(press.column, event.text, event.url && safeUrl(event.url));
    if (event.url) openUrl(press.column, event.url);
  }
}

async function copy(column, text) {
  try {
    await copyText(text);
    toast(column, `${column.say("copied")}: ${text}`);
  } catch {
    toast(column, column.say("copyFailed"));
  }
}

function inlineQueryOf(spec) {
  return (
    spec.switch_inline_query_current_chat ?? spec.switch_inline_query ?? spec.switch_inline_query_chosen_chat?.query
  );
}

function inlineButton(spec, message, column) {
  const node = button({ class: "inline-button", testid: "inline-button", "data-style": spec.style }, el("span", {}, spec.text));
  const query = inlineQueryOf(spec);
  if (spec.disabled) node.disabled = true;
  else if (spec.callback_data !== undefined) {
    node.dataset.key = `${message.message_id} ${spec.callback_data}`;
    node.addEventListener("click", () => column.app.presses.press(column, message, spec.callback_data));
  } else if (spec.copy_text) {
    node.append(icon("copy"));
    node.addEventListener("click", () => copy(column, spec.copy_text.text));
  } else if (query !== undefined && query !== null) {
    node.addEventListener("click", () => column.composer.startInline(query));
  } else {
    const url = spec.url ?? spec.web_app?.url ?? spec.login_url?.url;
    node.append(icon("link"));
    if (url) node.title = url;
    node.addEventListener("click", () => openUrl(column, url));
    node.disabled = !url;
  }
  return node;
}

export function inlineKeyboard(message, column) {
  const rows = message.reply_markup?.inline_keyboard?.filter((row) => row.length);
  if (!rows?.length) return null;
  const make = (spec) => inlineButton(spec, message, column);
  return el("div", { class: "inline-keyboard" }, rows.map((row) => el("div", { class: "keyboard-row" }, row.map(make))));
}

export class ReplyKeyboard {
  constructor(column) {
    this.column = column;
    this.markup = null;
    this.messageId = 0;
    this.open = true;
    this.root = el("div", { class: "reply-keyboard", hidden: true });
  }

  get storageKey() {
    return `saqbol.keyboard.${this.column.chatId}`;
  }

  // Takes notice of a message from the bot; a later message's keyboard replaces an earlier one's. A removal is
  // remembered over a reload of the page, because bots like to delete the message that carried it.
  offer(message, fresh) {
    const markup = message.reply_markup;
    const { keyboard, remove_keyboard: remove } = markup ?? {};
    if (!(keyboard || remove) || message.message_id < this.messageId) return;
    const [date, id] = JSON.parse(sessionStorage.getItem(this.storageKey) ?? "[0, 0]");
    const isGone = message.date < date || (message.date === date && message.message_id <= id);
    if (!fresh && isGone) return;
    if (message.message_id !== this.messageId) this.open = true;
    this.messageId = message.message_id;
    this.markup = remove ? null : markup;
    if (remove) sessionStorage.setItem(this.storageKey, JSON.stringify([message.date, message.message_id]));
  }

  forget(messageId) {
    if (messageId === this.messageId && this.markup) this.markup = null;
  }

  reset() {
    this.markup = null;
    this.messageId = 0;
  }

  // Lets somebody be chosen among the people of the page, as Telegram does from one's own list.
  choose(spec, anchor) {
    const { column } = this;
    const choice = (person) => ({
      label: fullName(person),
      hint: String(person.id),
      act: () => {
        if (this.markup?.one_time_keyboard) this.open = false;
        column.send({ users_shared: { request_id: spec.request_users.request_id, user_ids: [person.id] } });
        this.draw();
      },
    });
    openMenu(anchor, [...column.store.people.values()].map(choice), spec.text);
  }

  async press(spec, anchor) {
    const { column } = this;
    if (spec.request_users) {
      this.choose(spec, anchor);
      return;
    }
    if (this.markup?.one_time_keyboard) this.open = false;
    if (!spec.request_contact) {
      column.sendText(spec.text);
    } else if (await confirmIn(column, column.say("contactQuestion"), column.say("send"))) {
      column.send({ contact: true });
    }
    this.draw();
  }

  draw() {
    const { keyboard, resize_keyboard: small } = this.markup ?? {};
    this.root.hidden = !keyboard || !this.open;
    this.root.classList.toggle("tall", Boolean(keyboard && !small));
    const make = (given) => {
      const spec = typeof given === "string" ? { text: given } : given;
      const node = button({ class: "reply-button", testid: "reply-button", "data-style": spec.style }, el("span", {}, spec.text));
      if (spec.request_contact || spec.request_users) node.append(icon("person"));
      node.addEventListener("click", () => this.press(spec, node));
      return node;
    };
    this.root.replaceChildren(
      ...(keyboard ?? []).map((row) => el("div", { class: "keyboard-row" }, row.map(make))),
    );
    this.column.composer?.drawKeyboardState();
  }
}
