import { Card } from "./card.js";
import { config } from "./config.js";
import { byId } from "./dom.js";
import { bytes, count, percent } from "./format.js";
import { api } from "./users-api.js";

/** The configuration says how much a plan includes: the API has no limit. */
export function storageCard(user) {
  const card = new Card("storage");
  const meter = byId("storage-meter");
  const manageLink = byId("storage-manage");
  let totals = null;
  let plan = null;

  function render() {
    manageLink.hidden = !config.files;
    manageLink.href = config.files ?? "/";
    if (!totals) {
      return;
    }
    byId("storage-used").textContent = bytes(totals.total_bytes);
    byId("storage-used").title = `${count(totals.total_bytes)} bytes`;
    byId("storage-files").textContent = totals.file_count === 1 ? "1 file" : `${count(totals.file_count)} files`;
    const included = config.plans.get(plan)?.bytes;
    const share = included ? Number(totals.total_bytes) / included : 0;
    const words = included ? `${percent(share)} of ${bytes(included)}` : "";
    byId("storage-share").textContent = words;
    meter.hidden = !included;
    meter.classList.toggle("full", share >= 0.9);
    meter.ariaValueNow = String(Math.min(Math.round(share * 100), 100));
    meter.ariaValueText = words;
    meter.style.setProperty("--share", Math.min(share, 1));
    byId("storage-refresh").disabled = false;
  }

  const refresh = (isWanted) => card.load(() => user.read(api.storage, !isWanted), (answer) => {
    totals = answer;
    render();
  }, isWanted);

  byId("storage-refresh").addEventListener("click", () => refresh(true));

  return {
    card,
    refresh: () => refresh(false),
    configure: render,
    setPlan(id) {
      plan = id;
      render();
    },
  };
}
