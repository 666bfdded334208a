// The panel of sample numbers: a tap sends one in the active chat.

import { button, el, fullName, icon } from "./dom.js";
import { isPhone } from "./layout.js";

export class Samples {
  constructor(app, root, toggle) {
    Object.assign(this, { app, root, toggle, open: false, query: "" });
    this.title = el("h2", {});
    this.close = button({ class: "tool", on: { click: () => this.set(false) } }, icon("close"));
    this.target = el("p", { class: "samples-to" });
    this.hint = el("p", { class: "samples-hint" });
    this.search = el("input", { type: "search", class: "samples-search", testid: "samples-search", autocomplete: "off" });
    this.search.addEventListener("input", () => this.drawList());
    this.list = el("ul", { class: "samples-list" });
    this.none = el("p", { class: "samples-none", role: "status" });
    const head = el("div", { class: "samples-head" }, this.title, this.close);
    root.append(head, this.target, this.hint, this.search, this.none, this.list);
    root.setAttribute("data-testid", "samples");
    toggle.addEventListener("click", () => this.set(!this.open));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.set(false));
  }

  set(open) {
    this.open = open;
    this.root.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.app.layout();
    this.draw();
    if (open && !isPhone()) this.search.focus();
    else if (!open) this.toggle.focus();
  }

  draw() {
    const { app } = this;
    const { say, lang } = app;
    this.toggle.hidden = app.store.samples.length === 0;
    this.toggle.lang = lang;
    this.toggle.replaceChildren(icon("card"), el("span", {}, say("samples")));
    if (!this.open) return;
    this.root.lang = lang;
    this.root.setAttribute("aria-label", say("samples"));
    this.title.textContent = say("samples");
    this.close.setAttribute("aria-label", say("close"));
    this.target.textContent = say("samplesTo", { name: fullName(app.store.peer(app.activeId)) });
    this.hint.textContent = say("samplesHint");
    this.search.placeholder = say("search");
    this.search.setAttribute("aria-label", say("search"));
    this.drawList();
  }

  drawList() {
    const { app } = this;
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const about = (sample) => sample.who[app.lang] ?? sample.who.ru ?? "";
    const found = app.store.samples.filter((sample) => {
      const text = `${sample.iin} ${about(sample)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const row = (sample) => {
      const send = button({ class: "sample", testid: "sample", data: { iin: sample.iin } }, el("b", {}, sample.iin), el("span", {}, about(sample)));
      send.addEventListener("click", () => this.choose(sample.iin));
      return el("li", {}, send);
    };
    this.list.replaceChildren(...found.map(row));
    this.none.textContent = found.length ? "" : app.say("nothing");
  }

  choose(iin) {
    if (isPhone()) this.set(false);
    this.app.column(this.app.activeId)?.sendText(iin);
  }
}
