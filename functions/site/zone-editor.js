import { combobox } from "./combobox.js";
import { toast } from "./card.js";
import { byId, el } from "./dom.js";
import { api } from "./users-api.js";
import { zones } from "./zones.js";

/** Loads the list's style. Always resolves. */
const style = new Promise((resolve) => {
  document.head.append(el("link", { rel: "stylesheet", href: "/combobox.css", onload: resolve, onerror: resolve }));
});

/** Edits the time zone. @param {{saved: string, chosen: string}} zone the shown zone */
export async function zoneEditor(user, card, zone, render) {
  const input = byId("zone-input");
  await style;
  const list = combobox(input, byId("zone-list"), zones, zone, render);

  return {
    open: () => list.isOpen || input.click(),
    save: (tz) => card.change(async () => {
      await user.change((csrf) => api.updateSettings(csrf, { tz }));
      input.value = zone.saved = zone.chosen = tz ?? "";
      render();
      toast(tz ? `Saved: ${tz}.` : "The time zone is forgotten.");
    }),
  };
}
