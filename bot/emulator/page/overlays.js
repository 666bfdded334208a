// What lies over the chat: toasts, alerts, questions, menus.

import { button, el } from "./dom.js";

const TOAST_MS = 5000;

export function toast(column, text, link) {
  const node = el("div", { class: "toast", testid: "toast" }, el("span", {}, text));
  if (link) {
    node.append(el("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, column.say("openLink")));
  }
  column.toasts.append(node);
  const gone = () => node.remove();
  node.addEventListener("click", gone);
  setTimeout(gone, TOAST_MS + text.length * 30);
}

// A modal window in the middle of its column. Resolves to true when agreed to.
function modal(column, text, testid, closers) {
  return new Promise((resolve) => {
    const words = el("p", { id: `modal-${column.chatId}` }, text);
    const dialog = el(
      "dialog",
      { class: "modal", testid, role: "alertdialog", lang: column.lang, "aria-labelledby": words.id },
      words,
      el(
        "div",
        { class: "modal-buttons" },
        closers.map(({ label, value, ...props }) =>
          button({ class: value ? "main" : "plain", ...props, on: { click: () => dialog.close(value ? "yes" : "") } }, label),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    const box = column.root.getBoundingClientRect();
    if (box.width) {
      dialog.style.setProperty("--middle", `${box.left + box.width / 2}px`);
      dialog.style.setProperty("--room", `${Math.min(box.width - 32, 380)}px`);
    }
    dialog.showModal();
    dialog.querySelector(".main").focus();
  });
}

export function alertIn(column, text) {
  return modal(column, text, "alert", [{ label: column.say("ok"), value: true, "data-testid": "alert-close" }]);
}

export function confirmIn(column, text, agree) {
  return modal(column, text, "confirm", [
    { label: column.say("cancel"), value: false },
    { label: agree, value: true, "data-testid": "confirm-yes" },
  ]);
}

// items: [{ label, hint?, act }]
export function openMenu(anchor, items, label) {
  document.querySelector(".menu")?.remove();
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, lang: anchor.closest("[lang]")?.lang });
  const close = (refocus) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", leave);
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus();
  };
  const leave = () => close(false);
  const outside = (event) => menu.contains(event.target) || close(false);
  for (const { label: text, hint, act } of items) {
    const entry = button({ role: "menuitem", tabindex: "-1" }, el("b", {}, text), hint && el("span", {}, hint));
    entry.addEventListener("click", () => {
      close(true);
      act();
    });
    menu.append(entry);
  }
  menu.addEventListener("keydown", (event) => {
    const entries = [...menu.children];
    const at = entries.indexOf(document.activeElement);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (step !== undefined) entries.at(step % entries.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + size.height + 8 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - size.height - 4)}px`;
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", leave);
  menu.firstElementChild?.focus();
}
