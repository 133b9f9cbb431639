export const byId = (id) => document.getElementById(id);

export function el(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export function button(textContent, onclick, className = "", key = "") {
  const element = el("button", { type: "button", textContent, onclick, className });
  element.dataset.key = key;
  return element;
}

export function item(title, badge, facts, ...action) {
  return el("li", {}, el("div", {},
    el("p", { className: "strong" }, title, ...(badge ? [" ", el("span", { className: "badge" }, badge)] : [])),
    el("p", { className: "muted" }, facts.filter(Boolean).join(" · "))), ...action);
}

/** Replaces a list's items; the focus stays on the button of the same key. */
export function fill(list, children) {
  const key = list.contains(document.activeElement) && document.activeElement.dataset.key;
  list.replaceChildren(...children);
  if (key) {
    list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

export const hasFocus = () => document.activeElement !== null && document.activeElement !== document.body;

/** Moves the focus if the focused element is gone or disabled. */
export function saveFocus(element) {
  if (!hasFocus() || document.activeElement.disabled || document.activeElement.closest("[hidden]")) {
    element.focus();
  }
}
