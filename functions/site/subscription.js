import { day } from "./format.js";

/** The states in which nothing is billed; only these allow a checkout. */
export const OVER = [null, "canceled", "incomplete_expired"];
/** The states that give a plan, which can be changed. */
export const GIVING = ["active", "trialing", "past_due"];

const PAST_DUE = "The last payment did not go through. Pay what is open to keep the plan.";
const WORDS = {
  canceled: "Your subscription has ended.",
  incomplete: "Your subscription begins when its first payment is made.",
  incomplete_expired: "Your subscription did not begin: its first payment was not made in time.",
  past_due: PAST_DUE,
  paused: "Your subscription is paused. Manage billing to resume it.",
  unpaid: "Your subscription is suspended until it is paid.",
};

/** Whether a payment is due. */
export function owes({ status, payment_failed: isFailed }) {
  return isFailed === true || ["past_due", "unpaid", "incomplete"].includes(status);
}

/** Its state in words, for the person who pays. */
export function words(subscription, name) {
  const { status, current_period_end: periodEnd, trial_end: trialEnd } = subscription;
  if (status === null) {
    return `You are on the ${name} plan.`;
  }
  if (Object.hasOwn(WORDS, status)) {
    return WORDS[status];
  }
  const isTrial = status === "trialing";
  if (!isTrial && status !== "active") {
    return `Stripe says of your subscription: ${status.replaceAll("_", " ")}.`;
  }
  if (subscription.payment_failed) {
    return PAST_DUE;
  }
  const on = (seconds, future, past) => `${Number(seconds) * 1000 > Date.now() ? future : past} on ${day(seconds)}.`;
  const end = subscription.cancel_at ?? (subscription.cancel_at_period_end ? periodEnd : null);
  if (end) {
    return on(end, isTrial ? "Your trial and your subscription end" : "Ends", "Your subscription ended");
  }
  if (isTrial) {
    return trialEnd ? on(trialEnd, "Your trial ends", "Your trial ended") : "You are on trial.";
  }
  return periodEnd ? on(periodEnd, "Renews", "The paid period ended") : "Your subscription is active.";
}
