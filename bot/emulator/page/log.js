// The messages of one chat: in order, by days, kept at the end while the reader is there.

import { avatar, button, el, icon, reducedMotion } from "./dom.js";
import { messageMenu, renderMessage } from "./message.js";
import { dayName } from "./words.js";

const ACTION_MS = 5500;
const NEAR_PX = 90;
const LEAVING_MS = 320;

export class MessageLog {
  constructor(column) {
    Object.assign(this, { column, nodes: new Map(), ids: [], stick: true, fresh: 0, top: 0 });
    const label = column.say("messages");
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", "aria-label": label, testid: "messages" });
    this.under = el("div", { class: "under" });
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": label }, this.list, this.under);
    this.scroller.addEventListener("scroll", () => this.scrolled());
    this.scroller.addEventListener("keydown", (event) => this.walk(event));
    this.down = button({ class: "to-bottom", hidden: true, on: { click: () => this.toBottom() } }, icon("down"), el("span", {}));
    this.countFresh(0);
    this.root = el("div", { class: "room" }, this.scroller, this.down);
    const resized = new ResizeObserver(() => this.stick && this.toBottom());
    resized.observe(this.scroller);
    resized.observe(this.list);
  }

  // Shows exactly these messages.
  show(messages) {
    this.list.setAttribute("aria-busy", "true");
    this.list.replaceChildren();
    this.nodes.clear();
    this.ids = [];
    for (const message of messages) this.put(message);
    this.drawEmpty();
    this.list.setAttribute("aria-busy", "false");
    if (this.stick) this.toBottom();
  }

  put(message) {
    const id = message.message_id;
    const node = renderMessage(message, this.column);
    node.unix = message.date;
    const old = this.nodes.get(id);
    if (old) this.replace(old, node);
    else {
      let place = this.ids.length;
      while (place > 0 && this.ids[place - 1] > id) place -= 1;
      this.list.insertBefore(node, this.nodes.get(this.ids[place]) ?? null);
      this.ids.splice(place, 0, id);
    }
    this.nodes.set(id, node);
    this.showBusy(id);
    this.drawDay(id);
    this.drawDay(this.ids[this.ids.indexOf(id) + 1]);
    return node;
  }

  // Who stood on a button of an edited message stands on the button in its place.
  replace(old, node) {
    const focused = document.activeElement;
    const at = [...old.querySelectorAll(".inline-button")].indexOf(focused);
    const inside = old.contains(focused);
    old.replaceWith(node);
    if (inside) (node.querySelectorAll(".inline-button")[at] ?? node).focus({ preventScroll: true });
  }

  // A message that has come or changed just now.
  arrive(message, isNew, mine) {
    const node = this.put(message);
    if (isNew) node.classList.add("arriving");
    if (isNew && !mine) this.showAction(null);
    this.drawEmpty();
    if (mine && isNew) this.stick = true;
    if (this.stick) this.toBottom();
    else if (isNew) this.countFresh(this.fresh + 1);
  }

  remove(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    const place = this.ids.indexOf(id);
    const next = this.ids[place + 1];
    this.nodes.delete(id);
    this.ids.splice(place, 1);
    node.removeAttribute("data-testid");
    const hadFocus = node.contains(document.activeElement);
    node.inert = true;
    if (hadFocus) this.scroller.focus({ preventScroll: true });
    const gone = () => {
      node.remove();
      this.drawDay(next);
      this.drawEmpty();
    };
    if (reducedMotion() || !node.offsetHeight) {
      gone();
      return;
    }
    node.style.height = `${node.offsetHeight}px`;
    requestAnimationFrame(() => node.classList.add("leaving"));
    setTimeout(gone, LEAVING_MS);
  }

  drawDay(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    const before = this.nodes.get(this.ids[this.ids.indexOf(id) - 1]);
    const day = (item) => new Date(item.unix * 1000).toDateString();
    const label = node.firstElementChild;
    label.hidden = Boolean(before) && day(before) === day(node);
    if (!label.hidden) label.textContent = dayName(node.unix, this.column.say);
  }

  showBusy(id) {
    for (const node of this.nodes.get(id)?.querySelectorAll("[data-key]") ?? []) {
      const busy = this.column.busy.has(node.dataset.key);
      node.classList.toggle("busy", busy);
      node.setAttribute("aria-busy", String(busy));
    }
  }

  showAction(action) {
    clearTimeout(this.actionTimer);
    this.under.querySelector(".typing")?.remove();
    if (!action || action === "cancel") return;
    const words = this.column.say(["upload_photo", "upload_document"].includes(action) ? action : "typing");
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.under.append(el("div", { class: "typing", testid: "typing" }, el("span", {}, words), dots));
    this.actionTimer = setTimeout(() => this.showAction(null), ACTION_MS);
    if (this.stick) this.toBottom();
  }

  drawEmpty() {
    const { column } = this;
    this.under.querySelector(".empty")?.remove();
    if (this.ids.length || !column.loaded) return;
    const start = button({ class: "start", testid: "start", on: { click: () => column.sendText("/start") } }, column.say("start"));
    const words = column.isGroup ? [el("p", {}, column.say("emptyGroup"))] : [el("p", {}, column.say("startHint")), start];
    this.under.prepend(el("div", { class: "empty" }, words));
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (!clientHeight) return;
    // Only scrolling up leaves the end; what grows below (a picture that loads) does not.
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) this.stick = true;
    else if (scrollTop < this.top) this.stick = false;
    this.top = scrollTop;
    if (this.stick) this.countFresh(0);
    this.down.hidden = this.stick;
  }

  countFresh(count) {
    this.fresh = count;
    const { say } = this.column;
    this.down.lastElementChild.textContent = count ? String(count) : "";
    this.down.setAttribute("aria-label", count ? say("newCount", { n: count }) : say("toBottom"));
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  reveal(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 1600);
  }

  // Arrows go from message to message, Enter opens the menu of the one in focus.
  walk(event) {
    const at = this.ids.findIndex((id) => this.nodes.get(id) === event.target);
    if (at < 0 && event.target !== this.scroller) return;
    const last = this.ids.length - 1;
    const next = { ArrowUp: at < 0 ? last : Math.max(at - 1, 0), ArrowDown: at < 0 ? last : Math.min(at + 1, last) }[event.key];
    const message = this.column.store.messages.get(this.column.chatId)?.get(this.ids[at]);
    if (next !== undefined) this.nodes.get(this.ids[next])?.focus();
    else if (event.key === "Enter" && message) {
      const anchor = event.target.querySelector(".message-menu");
      if (anchor) messageMenu(anchor, message, this.column);
    } else return;
    event.preventDefault();
  }
}
