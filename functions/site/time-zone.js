import { attempt, byId, toast } from "./card.js";
import { combobox } from "./combobox.js";

/**
 * The card of the time zone. The API changes the setting and does not tell it, so what was last saved is remembered here,
 * by user, in this browser.
 */
export function zoneCard(api) {
  const card = byId("zone");
  const now = byId("zone-now");
  const saveButton = byId("zone-save");
  const forgetButton = byId("zone-forget");
  const detectButton = byId("zone-detect");
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  let key = "";
  let saved = "";
  const zone = combobox(byId("zone-input"), byId("zone-list"), zones, render);

  function render() {
    now.textContent = zone.value
      ? `It is ${clock(zone.value)} there.`
      : "None was chosen in this browser so far.";
    saveButton.disabled = !zone.value || zone.value === saved;
    forgetButton.disabled = !saved;
    detectButton.textContent = `Use this device’s: ${own}`;
    detectButton.hidden = !own || zone.value === own;
  }

  function remember(tz) {
    saved = tz ?? "";
    zone.value = saved;
    saved ? localStorage.setItem(key, saved) : localStorage.removeItem(key);
    render();
  }

  async function save(tz) {
    const done = await attempt(card, async () => {
      await api.updateSettings({ tz });
      remember(tz);
    });
    if (done) {
      toast(tz ? `Saved: ${tz}.` : "The time zone is forgotten.");
    }
  }

  byId("zone-form").addEventListener("submit", (event) => {
    event.preventDefault();
    save(zone.value);
  });
  forgetButton.addEventListener("click", () => save(null));
  detectButton.addEventListener("click", () => {
    zone.value = own;
    render();
    saveButton.focus();
  });

  return {
    show(userId) {
      key = `time zone of ${userId}`;
      saved = localStorage.getItem(key) ?? "";
      zone.value = saved;
      byId("zone-input").disabled = false;
      card.classList.remove("loading");
      render();
    },
  };
}

function zones() {
  return [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])].map((value) => {
    const hint = offset(value);
    return { value, label: value.replaceAll("_", " "), hint, words: `${value} ${hint}`.toLowerCase().replaceAll("_", " ") };
  });
}

function offset(timeZone) {
  return new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts()
    .find((part) => part.type === "timeZoneName").value;
}

function clock(timeZone) {
  return new Intl.DateTimeFormat(undefined, { timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "shortOffset" })
    .format();
}
