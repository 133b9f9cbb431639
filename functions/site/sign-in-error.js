/** The codes of a failed sign-in, from `/?error=CODE`. */
const WORDS = {
  cancelled: "The sign-in was cancelled.",
  expired: "That sign-in is no longer valid: it took too long, was finished already, or began in another browser. Sign in again.",
  email_not_verified: "Your e-mail address is not verified where you signed in. Verify it there, then sign in again.",
  email_not_supported: "Your e-mail address cannot be used here.",
  email_taken: "Your e-mail address belongs to another account here. Sign in the way you did the first time.",
  provider_unavailable: "The sign-in service does not answer. Try again in a minute.",
  provider_refused: "The sign-in service refused this site. Its operators have to correct that.",
  sign_out_incomplete: "You may still be signed in at the sign-in service. On a shared computer, sign out there too.",
  provider_not_trusted: "The answer of the sign-in service could not be trusted. Sign in again.",
};

/** A code in words. Anybody can write the address, so an unknown code is not shown. */
export function signInError(code) {
  return Object.hasOwn(WORDS, code) ? WORDS[code] : "The sign-in did not work. Try again in a minute.";
}
