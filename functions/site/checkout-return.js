import { wordsOf } from "./card.js";
import { button, el } from "./dom.js";
import { OVER } from "./subscription.js";
import { Gone } from "./user.js";
import { api } from "./users-api.js";

const TRIES = 30;
const PAUSE = 1000;

/**
 * Shows the state of a checkout from the API: the address proves nothing.
 *
 * @param {?string} id the checkout's, from the address
 * @param say shows words on the page
 * @param {() => void} onChange called when the plan may have changed
 */
export async function checkoutReturn(user, id, say, onChange) {
  if (!/^[\w-]{1,255}$/.test(id ?? "")) {
    say("This address has no checkout, so nothing is known of a payment. Your plan is below.", "info");
    return;
  }
  const again = button("Ask again", () => checkoutReturn(user, id, say, onChange), "link");
  const progress = el("progress", { max: TRIES, ariaLabel: "Waiting for the payment and the plan" });
  say("Checking the checkout…", "info", progress);
  try {
    for (let tries = 1; tries <= TRIES; tries++) {
      const { words, kind } = await look(user, id);
      if (kind) {
        say(words, kind);
        onChange();
        return;
      }
      progress.value = tries;
      say(words, "info", progress);
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
    say("This takes longer than usual, some minutes at times. The current state is below.", "warning", again);
    onChange();
  } catch (error) {
    if (!(error instanceof Gone)) {
      say(`The result of the checkout is not known yet. ${wordsOf(error)}`, "error", again);
    }
  }
}

/** The state of the checkout in words; with a kind only if it is final. */
async function look(user, id) {
  let checkout;
  try {
    checkout = await user.read(() => api.checkoutState(id));
  } catch (error) {
    if (error.status === 404) {
      return { kind: "info", words: "Your account has no such checkout. Your plan is below." };
    }
    throw error;
  }
  if (checkout.status !== "complete") {
    return {
      kind: "info",
      words: checkout.status === "expired" ? "The checkout has expired. Nothing was paid there." : "The checkout is not finished. Nothing was paid there so far.",
    };
  }
  const { plan, status } = await user.read(api.subscription);
  if (plan !== checkout.plan || OVER.includes(status)) {
    return { words: checkout.paid ? "Thank you. The payment is through. Waiting for your plan…" : "Waiting for Stripe to say whether it was paid…" };
  }
  if (status === "trialing") {
    return { kind: "good", words: "Thank you. Your trial has begun, and your plan is active." };
  }
  return checkout.paid
    ? { kind: "good", words: "Thank you. The payment is through, and your plan is active." }
    : { words: "Your plan is active. Waiting for Stripe to say that it was paid…" };
}
