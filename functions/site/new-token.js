import { toast } from "./card.js";
import { button, byId, el } from "./dom.js";
import { secretField } from "./secret.js";
import { api } from "./users-api.js";

/**
 * Makes a named token by the form, and shows it once.
 *
 * @param {Card} card shows failures
 * @param {() => void} onChange called when there is a new one
 * @returns {?{mask: () => void}} masks the token
 */
export async function makeToken(user, card, onChange) {
  const label = byId("tokens-label");
  const token = {
    label: label.value.trim(),
    expires_in_days: Number(byId("tokens-days").value) || null,
    read_only: byId("tokens-read-only").checked,
  };
  if (!token.label) {
    card.say("Give the token a name, to tell it from the others.");
    label.focus();
    return null;
  }
  let secret = null;
  await card.change(async () => {
    const made = await user.change((csrf) => api.createToken(csrf, token));
    byId("tokens-form").reset();
    secret = show(made);
    toast("The token is made.");
    onChange();
  });
  secret?.focus();
  return secret;
}

function show({ label, access_token: token }) {
  const place = byId("tokens-new");
  const value = el("code", { id: "tokens-new-value", tabIndex: 0, role: "group" });
  const done = button("Done", () => {
    place.replaceChildren();
    byId("tokens-label").focus();
  });
  const [reveal, copy] = ["reveal", "copy"].map((name) => el("button", { id: `tokens-new-${name}` }, name === "copy" ? "Copy" : ""));
  done.id = "tokens-new-done";
  place.replaceChildren(
    el("p", {}, "Copy ", el("strong", {}, el("bdi", {}, label)), " now: it is shown this once."),
    el("div", { className: "secret" }, value, reveal, copy, done),
  );
  const secret = secretField("tokens-new", "New access token");
  secret.set(token, true);
  return secret;
}
