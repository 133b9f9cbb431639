import { notice } from "./card.js";
import { button, byId, el, saveFocus } from "./dom.js";

/** Asks before an action that cannot be undone. The dialog stays until it is done, and shows failures. */
export function ask(id, card, title, text, verb, act) {
  const error = el("div", { id: `${id}-error`, role: "alert", hidden: true });
  const say = notice(error);
  const confirm = button(verb, async () => {
    confirm.ariaBusy = "true";
    // If the dialog was closed meanwhile, the card shows it.
    const isDone = await card.change(act, (...said) => (dialog.open ? say : card.say)(...said));
    confirm.ariaBusy = null;
    if (isDone) {
      dialog.close();
      saveFocus(card.rest);
    }
  }, "danger solid");
  confirm.id = `${id}-confirm`;
  const dialog = el("dialog", { id: `${id}-dialog`, ariaLabel: title, ariaDescription: text, onclose: () => dialog.remove() },
    el("form", { method: "dialog" }, el("h2", {}, title), el("p", {}, text), error,
      el("div", { className: "buttons" }, el("button", { autofocus: true }, "Cancel"), confirm)));
  byId("settings").append(dialog);
  dialog.showModal();
}
