import { byId, toast } from "./card.js";
import { planCard } from "./plan.js";
import { storageCard } from "./storage.js";
import { zoneCard } from "./time-zone.js";
import { tokenCard } from "./token.js";
import { UsersApi } from "./users-api.js";

const config = await (await fetch("/config.json")).json();
const api = new UsersApi(config.csrf_cookie);
const storage = storageCard(api, config);
const cards = {
  token: tokenCard(api),
  storage,
  zone: zoneCard(api),
  plan: planCard(api, config, storage.setPlan),
};

/** Shows one of the page's three faces. */
function show(face) {
  for (const id of ["settings", "signed-out", "failed"]) {
    byId(id).hidden = id !== face;
  }
  byId("who").hidden = face !== "settings";
}

function signedOut(words) {
  cards.token.forget();
  cards.storage.forget();
  const shown = !byId("settings").hidden;
  show("signed-out");
  say(words, "info");
  if (shown && document.activeElement === document.body) {
    byId("welcome-title").focus();
  }
}

function say(text, kind) {
  const place = byId("notice");
  place.className = `notice ${kind}`;
  place.textContent = text ?? "";
  place.hidden = !text;
}

async function start() {
  show("settings");
  let user;
  try {
    user = await api.me();
  } catch (error) {
    if (error.status === 401) {
      signedOut();
    } else {
      byId("failed-words").textContent = error.message;
      show("failed");
    }
    return;
  }
  byId("who-email").textContent = user.email;
  byId("email").textContent = user.email;
  byId("external-id").textContent = user.external_id;
  byId("avatar").textContent = user.email[0].toUpperCase();
  byId("account").classList.remove("loading");
  cards.zone.show(user.external_id);
  await Promise.all([cards.token.load(), cards.storage.load(), cards.plan.load(), backFromStripe()]);
}

/** Says what came of a visit to Stripe, by the path that it led back to. */
async function backFromStripe() {
  const path = location.pathname;
  if (path === "/") {
    return;
  }
  history.replaceState(null, "", "/");
  if (path === config.checkout_success_path) {
    say("Thank you. The payment is through, your plan follows in a moment.", "good");
    if (await cards.plan.awaitPaid(20, 1000)) {
      say("Thank you. The payment is through, and your plan is active.", "good");
    }
  } else if (path === config.checkout_cancel_path) {
    say("You left the checkout. Nothing was paid, and your plan is as before.", "info");
  } else if (path !== config.portal_return_path) {
    say(`There is no page ${path} here. These are your settings.`, "info");
  }
}

async function signOut() {
  try {
    await api.send("POST", config.sign_out_url);
    signedOut("You are signed out.");
  } catch (error) {
    error.status === 401 ? signedOut("You are signed out.") : toast(error.message);
  }
}

byId("sign-in").href = config.sign_in_url;
byId("sign-out").addEventListener("click", signOut);
byId("retry").addEventListener("click", start);
addEventListener("signed-out", (event) => signedOut(event.detail));
start();
