// The strip above the composer: what the next message will be.

import { button, el, fullName, icon } from "./dom.js";
import { summary } from "./media.js";

export function noteLines(composer) {
  const { column, edited, reply, file, asForward } = composer;
  const { say } = column;
  const line = (title, words, drop) => {
    const close = button({ class: "tool", "aria-label": say("cancel"), title: say("cancel"), on: { click: drop } }, icon("close"));
    return el("div", { class: "note-line" }, el("div", {}, el("b", {}, title), words), close);
  };
  const lines = [];
  if (edited) lines.push(line(say("editing"), el("span", {}, summary(edited, column)), () => composer.clear()));
  if (reply) {
    const title = say("replyTo", { name: fullName(reply.from ?? reply.sender_chat) });
    lines.push(line(title, el("span", {}, summary(reply, column)), () => composer.set({ reply: null })));
  }
  if (file) lines.push(line(say(file.kind), el("span", {}, file.blob.name), () => composer.set({ file: null })));
  if (asForward) {
    const label = say("forwardAuthor");
    const name = el("input", { class: "forward-name", placeholder: label, "aria-label": label });
    name.value = composer.author ?? "";
    name.addEventListener("input", () => {
      composer.author = name.value;
    });
    lines.push(line(say("asForward"), name, () => composer.set({ asForward: false })));
  }
  return lines;
}
