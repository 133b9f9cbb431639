import { checkoutReturn } from "./checkout-return.js";
import { config } from "./config.js";
import { signInError } from "./sign-in-error.js";

/** A path without slashes at its end, which a person may type. */
const bare = ({ pathname }) => pathname.replace(/(?<=.)\/+$/, "");

/**
 * Shows what the address tells: a failed sign-in or a visit to Stripe.
 *
 * @param {ShownUser} user
 * @param {URL} url the address
 * @param {?string} error the code of a failed sign-in
 * @param say shows words on the page
 * @param {() => void} onChange called when the plan may have changed
 */
export function sayArrival(user, url, error, say, onChange) {
  const isAt = (path) => bare(url) === bare(new URL(path, url));
  if (error !== null) {
    say(signInError(error), "error");
  } else if (isAt(config.paths.success)) {
    checkoutReturn(user, url.searchParams.get("session_id"), say, onChange);
  } else if (isAt(config.paths.cancel)) {
    say("You left the checkout. Nothing was paid there; your plan is below.", "info");
  } else if (!isAt(config.paths.back)) {
    say("There is no such page here. These are your settings.", "info");
  }
}
