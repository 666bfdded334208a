// Small helpers that build DOM nodes. Text only ever enters the page as text nodes and attributes.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  send: "M4 12 20 4l-5 16-3.5-6.5z",
  check: "M5 12.5 10 17.5 19.5 7",
  close: "M6 6l12 12M18 6 6 18",
  clip: "M8 12.5v-5a4 4 0 0 1 8 0v8.5a2.5 2.5 0 0 1-5 0V8.5",
  keys: "M4 7h16v10H4zM8 11h.01M12 11h.01M16 11h.01M9 14h6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  down: "M12 5v13M6 12.5l6 6 6-6",
  lock: "M7 11h10v8H7zM9 11V8.5a3 3 0 0 1 6 0V11",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  link: "M9 15 16 8M10 7.5h6.5V14",
  copy: "M9 9h10v11H9zM5 15V4h10",
  forward: "M13 6l7 6-7 6v-3.5C8 14.5 5.5 16 4 19c0-6 3.5-9.5 9-9.5z",
  card: "M3.5 6h17v12h-17zM7 10h5M7 14h8",
};

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "testid") node.dataset.testid = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export function button(props, ...children) {
  return el("button", { type: "button", ...props }, ...children);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function fullName(peer) {
  if (!peer) return "";
  return peer.title || [peer.first_name, peer.last_name].filter(Boolean).join(" ") || peer.username || String(peer.id);
}

export function hue(id) {
  return Math.abs(Number(id) * 47 + 20) % 360;
}

export function avatar(peer) {
  const initials = fullName(peer)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => Array.from(word)[0] ?? "")
    .join("");
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", hue(peer.id));
  return node;
}

export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "offscreen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error(text);
  }
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
