import { accountCard } from "./account.js";
import { address } from "./address.js";
import { attempt, Card, notice, wordsOf } from "./card.js";
import { config, loadConfig } from "./config.js";
import { byId, hasFocus, saveFocus } from "./dom.js";
import { namedTokensCard } from "./named-tokens.js";
import { planCard } from "./plan.js";
import { sessionsCard } from "./sessions.js";
import { storageCard } from "./storage.js";
import { zoneCard } from "./time-zone.js";
import { tokenCard } from "./token.js";
import { ShownUser } from "./user.js";
import { api } from "./users-api.js";

/** The settings' empty markup, without data of a user. */
const pristine = byId("settings").cloneNode(true);
const say = notice(byId("notice"));
const configured = loadConfig();
let face = "settings";
let user = new ShownUser(onGone);
let cards = createCards();
/** The address that led here, until it is handled; and its code of a failed sign-in. */
let arrival = new URL(location.href);
let signInError = arrival.searchParams.get("error");
arrival.searchParams.delete("error");

function createCards() {
  const makers = { account: accountCard, token: tokenCard, tokens: namedTokensCard, storage: storageCard, zone: zoneCard, plan: planCard, sessions: sessionsCard };
  return Object.fromEntries(Object.entries(makers).map(([id, make]) => [id, create(id, make)]));
}

/** Makes a card, or shows that it cannot be made. */
function create(id, make) {
  try {
    return make(user, (plan) => cards.storage.setPlan?.(plan));
  } catch (error) {
    const card = new Card(id);
    card.fail(error);
    return { card, refresh: async () => null };
  }
}

/** Shows one of the page's views; its title gets the focus if the focused element is gone. */
function show(next, prepare = () => {}) {
  const hadFocus = hasFocus();
  prepare();
  face = next;
  for (const id of ["settings", "signed-out", "other", "failed"]) {
    byId(id).hidden = id !== face;
  }
  byId("who").hidden = face !== "settings";
  if (hadFocus) {
    saveFocus(byId(`${face}-title`));
  }
}

/** Removes all data of the user and shows another view; with an id, only this user is shown again. */
function putAway(next, id = null) {
  user.end();
  user = new ShownUser(onGone, id);
  show(next, () => {
    byId("settings").replaceWith(pristine.cloneNode(true));
    for (const place of ["who-email", "toast"]) {
      byId(place).textContent = byId(place).title = "";
    }
    say("");
    cards = createCards();
  });
}

function onGone(why) {
  if (why === "other") {
    putAway("other", user.id);
    return;
  }
  const wasShown = face === "settings" && user.id !== null;
  putAway("signed-out");
  if (wasShown) {
    say("Your session has ended. Sign in again.", "info");
  }
  arrive().catch((error) => say(wordsOf(error)));
}

/** Asks for everything again. Typed text stays. */
async function refresh() {
  const whom = user;
  const checked = cards.account.refresh(refresh);
  cards.token.refresh(checked);
  const error = await checked;
  if (user !== whom) {
    return;
  }
  if (!error) {
    show("settings");
    const { account, token, ...others } = cards;
    Object.values(others).forEach((card) => card.refresh());
    arrive().catch((error) => say(wordsOf(error)));
  } else if (face === "settings" && user.id === null) {
    putAway("failed");
    byId("failed-words").textContent = wordsOf(error);
  }
}

/** Handles the address. Without a user it stays, for the return from the sign-in. */
async function arrive() {
  const [whom, from, error] = [user, arrival, signInError];
  signInError = null;
  if (user.id !== null) {
    arrival = new URL("/", location.origin);
    leadToSignIn();
  }
  if (error !== null || user.id !== null && from.pathname !== "/") {
    history.replaceState(null, "", arrival);
    const { sayArrival } = await import("./arrival.js");
    await configured;
    if (user === whom) {
      sayArrival(user, from, error, say, () => cards.plan.refresh());
    }
  }
}

function leadToSignIn() {
  const url = new URL(config.signIn, location.origin);
  url.searchParams.set("next", arrival.href.slice(arrival.origin.length));
  byId("sign-in").href = url;
}

async function signOut() {
  let answer;
  if (await attempt(async () => { answer = await user.change(api.signOut); }, say)) {
    return;
  }
  putAway("signed-out");
  say("You are signed out.", "info");
  const url = address(answer.url); // The provider's, to sign out there too.
  if (url) {
    location.assign(url);
  }
}

export function start() {
  leadToSignIn();
  configured.then(() => {
    leadToSignIn();
    cards.storage.configure?.();
    cards.plan.configure?.();
  });
  byId("sign-out").addEventListener("click", signOut);
  byId("retry").addEventListener("click", () => {
    show("settings");
    refresh();
  });
  byId("other-show").addEventListener("click", () => {
    putAway("settings");
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      Object.values(cards).forEach((card) => card.mask?.());
    } else {
      refresh();
    }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      Object.values(cards).forEach(({ card }) => card.release());
      refresh();
    }
  });
  // Two windows side by side are both visible.
  addEventListener("focus", () => user.seemsSame || refresh());
  refresh();
}
