import { byId, load } from "./card.js";
import { bytes, count } from "./format.js";

/** The card of the storage totals. How much a plan includes is the configuration's to say: the API knows no limit. */
export function storageCard(api, config) {
  const card = byId("storage");
  const meter = byId("storage-meter");
  const refreshButton = byId("storage-refresh");
  const manageLink = byId("storage-manage");
  let totals = null;
  let plan = null;

  function render() {
    if (!totals) {
      return;
    }
    byId("storage-used").textContent = bytes(totals.total_bytes);
    byId("storage-used").title = `${count(totals.total_bytes)} bytes`;
    byId("storage-files").textContent = totals.file_count === 1 ? "1 file" : `${count(totals.file_count)} files`;
    const included = config.plans[plan]?.storage_bytes;
    const share = included ? Number(totals.total_bytes) / included : 0;
    const words = included ? `${percent(share)} of ${bytes(included)}` : "";
    byId("storage-share").textContent = words;
    meter.hidden = !included;
    meter.classList.toggle("full", share >= 0.9);
    meter.ariaValueNow = String(Math.min(Math.round(share * 100), 100));
    meter.ariaValueText = words;
    meter.style.setProperty("--share", Math.min(share, 1));
    refreshButton.disabled = false;
  }

  async function refresh() {
    totals = await api.storage();
    render();
  }

  refreshButton.addEventListener("click", () => load(card, refresh));
  document.addEventListener("visibilitychange", () => !document.hidden && totals && load(card, refresh));
  if (config.files_url) {
    manageLink.href = config.files_url;
    manageLink.hidden = false;
  }

  return {
    load: () => load(card, refresh),
    setPlan(id) {
      plan = id;
      render();
    },
    forget() {
      totals = null;
    },
  };
}

function percent(share) {
  const text = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 }).format(share);
  return share > 0 && share < 0.001 ? "Less than 0.1%" : text;
}
