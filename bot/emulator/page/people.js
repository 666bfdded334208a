// The switcher at the top: every chat a button, with what is unread in the hidden ones.

import { avatar, button, el, fullName } from "./dom.js";
import { describe } from "./head.js";

export class Switcher {
  constructor(app, root) {
    Object.assign(this, { app, root, unread: new Map(), tabs: new Map() });
  }

  count(chatId, change) {
    this.unread.set(chatId, change === 0 ? 0 : (this.unread.get(chatId) ?? 0) + change);
  }

  draw() {
    const { app } = this;
    this.root.setAttribute("aria-label", app.say("people"));
    this.root.lang = app.lang;
    for (const [chatId, tab] of this.tabs) {
      if (!app.keys.includes(chatId)) {
        tab.remove();
        this.tabs.delete(chatId);
      }
    }
    for (const chatId of app.keys) {
      if (!this.tabs.has(chatId)) {
        const tab = button({ class: "person-tab", testid: "person-tab", "data-chat-id": chatId });
        tab.addEventListener("click", () => app.open(chatId));
        this.tabs.set(chatId, tab);
        this.root.append(tab);
      }
      this.drawTab(chatId, this.tabs.get(chatId));
    }
  }

  drawTab(chatId, tab) {
    const { app } = this;
    const peer = app.store.peer(chatId);
    const unread = this.unread.get(chatId) ?? 0;
    const badge = el("span", { class: "badge", testid: "badge" }, el("span", { "aria-hidden": "true" }, String(unread)));
    badge.append(el("span", { class: "offscreen" }, `, ${app.say("unread", { n: unread })}`));
    const words = el("span", { class: "tab-words" }, el("b", {}, fullName(peer)));
    if (chatId > 0) words.append(el("small", {}, describe(peer)));
    tab.setAttribute("aria-pressed", String(app.isVisible(chatId)));
    tab.classList.toggle("active", chatId === app.activeId);
    tab.replaceChildren(avatar(peer), words, ...(unread ? [badge] : []));
  }

  showActive() {
    this.tabs.get(this.app.activeId)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
