// Inline mode: "@bot query" in the composer asks the bot for answers to choose from.

import { api } from "./api.js";
import { button, el } from "./dom.js";
import { toast } from "./overlays.js";

const PAUSE_MS = 300;

export class Inline {
  constructor(column, onChosen) {
    Object.assign(this, { column, onChosen, wanted: null, early: new Map() });
    this.root = el("div", { class: "inline-results", role: "group", "aria-label": column.say("inlineResults"), hidden: true });
  }

  watch(text) {
    clearTimeout(this.timer);
    const name = this.column.store.bot?.username;
    const match = name && /^@(\w+)\s([^]*)$/.exec(text);
    if (!match || match[1].toLowerCase() !== name.toLowerCase()) {
      this.hide();
      return;
    }
    this.timer = setTimeout(() => this.ask(match[2]), PAUSE_MS);
  }

  async ask(query) {
    try {
      const { inline_query_id: id } = await api.inline({ from_id: this.column.viewerId, query });
      this.wanted = String(id);
      const early = this.early.get(this.wanted);
      if (early) this.answer(early);
    } catch (error) {
      toast(this.column, error.message);
    }
  }

  answer(event) {
    const id = String(event.inline_query_id);
    if (id !== this.wanted) {
      this.early.set(id, event);
      if (this.early.size > 20) this.early.delete(this.early.keys().next().value);
      return;
    }
    const results = (event.results ?? []).filter((result) => result.input_message_content?.message_text);
    this.root.replaceChildren(
      ...results.map((result) => {
        const choose = () => {
          this.hide();
          this.onChosen(result);
        };
        const words = [el("b", {}, result.title ?? ""), el("span", {}, result.description ?? "")];
        return button({ testid: "inline-result", on: { click: choose } }, words);
      }),
    );
    this.root.hidden = results.length === 0;
  }

  hide() {
    this.wanted = null;
    this.root.hidden = true;
  }
}
