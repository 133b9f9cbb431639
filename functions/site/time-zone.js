import { attempt, Card } from "./card.js";
import { byId } from "./dom.js";
import { api } from "./users-api.js";

/** The card of the time zone. The editor is loaded on demand. */
export function zoneCard(user) {
  const card = new Card("zone");
  const input = card.rest = byId("zone-input");
  const saveButton = byId("zone-save");
  const detectButton = byId("zone-detect");
  const own = deviceZone();
  const zone = { saved: "", chosen: "" };
  let editor = null;

  function render() {
    const { saved, chosen } = zone;
    byId("zone-now").textContent = chosen ? clock(chosen) : "None is chosen.";
    saveButton.disabled = !chosen || chosen === saved;
    byId("zone-forget").disabled = !saved;
    detectButton.textContent = `Use this device’s: ${own}`;
    detectButton.hidden = !own || chosen === own;
  }

  /** Shows the saved zone, unless a choice is under way. */
  function show({ tz }) {
    const isChoosing = zone.chosen !== zone.saved || input.value !== zone.chosen || input.ariaExpanded === "true";
    zone.saved = tz ?? "";
    if (!isChoosing) {
      input.value = zone.chosen = zone.saved;
    }
    input.disabled = false;
    render();
  }

  const edit = (act) => attempt(async () => {
    editor ??= import("./zone-editor.js").then(({ zoneEditor }) => zoneEditor(user, card, zone, render));
    act(await editor);
  }, (words, ...more) => words && card.say(words, ...more));

  input.addEventListener("focus", () => edit(() => {}));
  input.addEventListener("click", () => edit(({ open }) => open()), { once: true });
  byId("zone-form").addEventListener("submit", (event) => {
    event.preventDefault();
    edit(({ save }) => saveButton.disabled || save(zone.chosen));
  });
  byId("zone-forget").addEventListener("click", () => edit(({ save }) => save(null)));
  detectButton.addEventListener("click", () => {
    input.value = zone.chosen = own;
    render();
    (saveButton.disabled ? input : saveButton).focus();
  });

  return { card, refresh: () => card.load(() => user.read(api.settings), show) };
}

/** The device's zone, if the browser's list has it. */
function deviceZone() {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en").resolvedOptions();
    const known = Intl.supportedValuesOf?.("timeZone");
    return timeZone === "UTC" || (known ? known.includes(timeZone) : timeZone !== "Etc/Unknown") ? timeZone : null;
  } catch {
    return null;
  }
}

function clock(timeZone) {
  try {
    const time = new Date().toLocaleString("en", { timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "shortOffset" });
    return `It is ${time} there.`;
  } catch {
    return "This browser does not know this time zone.";
  }
}
