/**
 * An input with a list to choose from, filtered by what is typed: the «editable combobox with list autocomplete» of the
 * ARIA Authoring Practices Guide.
 *
 * @param {HTMLInputElement} input with role combobox
 * @param {HTMLElement} list with role listbox
 * @typedef {{value: string, label: string, hint: string, words: string}} Option `words` is the searched text, in lower case
 * @param {(typed: string) => Option[]} options the choices
 * @param {{chosen: string}} state the current choice
 * @param {() => void} onChoice called after a choice
 */
export function combobox(input, list, options, state, onChoice) {
  let active = -1;

  const items = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => !list.hidden;

  function open(filter) {
    const parts = filter.toLowerCase().split(/[\s_]+/).filter(Boolean);
    const found = options(filter).filter((option) => parts.every((part) => option.words.includes(part)));
    list.replaceChildren(...(found.length ? found.map(item) : [nothing()]));
    list.hidden = false;
    input.ariaExpanded = "true";
    activate(filter && found.length ? 0 : found.findIndex((option) => option.value === state.chosen));
  }

  function item(option, index) {
    const element = document.createElement("li");
    element.id = `${list.id}-${index}`;
    element.role = "option";
    element.dataset.value = option.value;
    element.ariaSelected = String(option.value === state.chosen);
    const hint = document.createElement("span");
    hint.textContent = option.hint;
    element.append(option.label, hint);
    return element;
  }

  function nothing() {
    const element = document.createElement("li");
    element.role = "option";
    element.ariaDisabled = "true";
    element.textContent = "Nothing found";
    return element;
  }

  function activate(index) {
    items()[active]?.classList.remove("active");
    active = index;
    const element = items()[active];
    if (element) {
      element.classList.add("active");
      element.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", element.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function move(step) {
    const { length } = items();
    activate(active < 0 && step < 0 ? length - 1 : Math.max(0, Math.min(active + step, length - 1)));
  }

  function close() {
    list.hidden = true;
    input.ariaExpanded = "false";
    active = -1;
    input.removeAttribute("aria-activedescendant");
    input.value = state.chosen;
  }

  function choose(element) {
    if (element?.dataset.value) {
      state.chosen = element.dataset.value;
      close();
      onChoice();
    }
  }

  const keys = {
    ArrowDown: () => (isOpen() ? move(1) : open("")),
    ArrowUp: () => (isOpen() ? move(-1) : open("")),
    PageDown: () => isOpen() && move(8),
    PageUp: () => isOpen() && move(-8),
    Enter: () => isOpen() && (active >= 0 ? choose(items()[active]) : close()),
    Escape: () => close(),
  };

  input.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    if (key && !event.isComposing && (isOpen() || event.key.startsWith("Arrow"))) {
      event.preventDefault();
      key();
    }
  });
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => {
    if (!isOpen()) {
      input.select();
      open("");
    }
  });
  // The input keeps the focus when only the window loses it, so the typed text stays.
  input.addEventListener("blur", () => document.activeElement !== input && close());
  // The input keeps the focus while the mouse chooses.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => choose(event.target.closest("[role=option]")));

  // The person may have begun to type before there was a list.
  if (input.value !== state.chosen) {
    open(input.value);
  }

  return {
    /** Whether a choice is under way. */
    get isOpen() {
      return isOpen();
    },
  };
}
