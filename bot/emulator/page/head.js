// The head of a column: whose chat it is; in groups who writes and in which topic.

import { avatar, button, el, fullName, icon } from "./dom.js";
import { language, speaker } from "./words.js";

export class ColumnHead {
  constructor(column) {
    this.column = column;
    this.root = el("header", { class: column.isGroup ? "column-head" : "column-head private" });
  }

  draw() {
    const { column } = this;
    const { say, peer, store } = column;
    const held = this.root.contains(document.activeElement) ? document.activeElement.dataset.part : null;
    const hide = button({ class: "tool hide", "data-part": "hide", "aria-label": say("hide"), title: say("hide") }, icon("close"));
    hide.addEventListener("click", () => column.app.hide(column.chatId));
    const bot = store.bot ? say("chatWith", { name: fullName(store.bot) }) : say("noBot");
    const words = el("div", { class: "head-words" }, el("h2", {}, fullName(peer)), el("p", {}, column.isGroup ? null : bot));
    this.root.replaceChildren(avatar(peer), words, hide);
    if (column.isGroup) words.lastElementChild.replaceWith(this.choices());
    if (held) this.root.querySelector(`[data-part="${held}"]`)?.focus();
  }

  choices() {
    const { column } = this;
    const { say } = column;
    const row = el("div", { class: "choices" });
    const select = (part, label, options, value, onChange) => {
      const node = el("select", { "aria-label": label, title: label, "data-part": part, testid: part });
      for (const [id, name] of options) node.append(el("option", { value: String(id) }, name));
      node.value = String(value);
      node.addEventListener("change", () => onChange(node.value));
      row.append(node);
    };
    const members = column.store.membersOf(column.chatId).map((person) => [person.id, fullName(person)]);
    select("writer", say("writeAs"), members, column.viewerId, (value) => {
      column.viewerId = Number(value);
      column.build();
      column.app.drawPage();
      column.head.root.querySelector('[data-part="writer"]').focus();
    });
    const topics = [...column.store.topics(column.chatId)];
    if (column.peer.is_forum || topics.length) {
      const named = topics.map(([id, name]) => [id, column.isClosed(id) ? say("closedTopic", { name }) : name]);
      const options = [["", say("allTopics")], ["0", say("general")], ...named];
      select("topic", say("topic"), options, column.topic, (value) => column.chooseTopic(value));
    }
    return row;
  }
}

// The language and the part a person plays, in that person's own words.
export function describe(person) {
  const say = speaker(language(person.language_code));
  return [say("languageName"), person.is_operator && say("operator")].filter(Boolean).join(" · ");
}
