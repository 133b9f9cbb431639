import { combobox } from "./combobox.js";
import { toast } from "./card.js";
import { byId, el } from "./dom.js";
import { api } from "./users-api.js";
import { zones } from "./zones.js";

/** The style of the list. Resolves even if it cannot be had. */
const style = new Promise((resolve) => {
  document.head.append(el("link", { rel: "stylesheet", href: "/combobox.css", onload: resolve, onerror: resolve }));
});

/** What is done with the time zone, once somebody begins to. @param {{saved: string, chosen: string}} zone what is shown */
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
