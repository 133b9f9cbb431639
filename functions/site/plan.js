import { attempt, byId, load } from "./card.js";
import { bytes, day } from "./format.js";

/** The card of the plan: which one the user has, and the ways to Stripe's checkout and billing portal. */
export function planCard(api, config, onPlan) {
  const card = byId("plan");
  const list = byId("plans");
  const manageButton = byId("plan-manage");

  function render(subscription) {
    list.replaceChildren(...Object.entries(config.plans).map(([id, plan]) => tile(id, plan, subscription)));
    byId("plan-words").textContent = words(subscription, config.plans[subscription.plan]?.name ?? subscription.plan);
    card.classList.toggle("unpaid", subscription.payment_failed === true);
    manageButton.hidden = subscription.status === null;
    onPlan(subscription.plan);
  }

  function tile(id, plan, subscription) {
    const current = id === subscription.plan;
    const element = document.createElement("li");
    element.classList.toggle("current", current);
    const name = document.createElement("strong");
    name.textContent = plan.name;
    const included = document.createElement("span");
    included.className = "muted";
    included.textContent = plan.storage_bytes ? `${bytes(plan.storage_bytes)} of storage` : "";
    element.append(name, included, current ? badge(subscription) : planButton(id, plan, lives(subscription)));
    return element;
  }

  /** Subscribes, or changes the plan of the subscription that there is: with a second one the user would pay twice. */
  function planButton(id, plan, isSubscribed) {
    if (id === "free") {
      return "";
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "primary";
    button.textContent = `${isSubscribed ? "Change" : "Subscribe"} to ${plan.name}`;
    button.addEventListener("click", () => goTo(() => (isSubscribed ? api.portal(id) : api.checkout(id))));
    return button;
  }

  /** Leaves for the page of Stripe's that the API names; the card stays busy until the browser is there. */
  function goTo(open) {
    return attempt(card, async () => {
      location.assign((await open()).url);
      await new Promise((resolve) => { addEventListener("pageshow", resolve, { once: true }); });
    });
  }

  async function refresh() {
    render(await api.subscription());
  }

  manageButton.addEventListener("click", () => goTo(() => api.portal()));
  // The way back from Stripe may show this page as it was left.
  addEventListener("pageshow", (event) => event.persisted && load(card, refresh));

  return {
    load: () => load(card, refresh),

    /** Asks until the plan is a paid one: Stripe's word of a payment may come after the customer. */
    async awaitPaid(tries, pause) {
      for (let i = 0; i < tries; i++) {
        const subscription = await api.subscription();
        if (subscription.plan !== "free") {
          render(subscription);
          return true;
        }
        await new Promise((resolve) => { setTimeout(resolve, pause); });
      }
      return false;
    },
  };
}

function badge(subscription) {
  const element = document.createElement("span");
  element.className = subscription.payment_failed ? "badge bad" : "badge";
  element.textContent = subscription.payment_failed ? "Payment failed" : "Your plan";
  return element;
}

/** Whether Stripe may still bill it. */
function lives({ status }) {
  return status !== null && status !== "canceled" && status !== "incomplete_expired";
}

function words(subscription, name) {
  const { status, current_period_end: periodEnd, cancel_at: cancelAt, trial_end: trialEnd } = subscription;
  const { cancel_at_period_end: ends, payment_failed: failed } = subscription;
  if (status === null) {
    return `You are on the ${name} plan.`;
  }
  if (failed) {
    return "The last payment did not go through. Manage billing to pay and keep the plan.";
  }
  const end = cancelAt ?? (ends ? periodEnd : null);
  if (status === "trialing" && trialEnd && !end) {
    return `On trial until ${day(trialEnd)}.`;
  }
  if (status === "active" || status === "trialing") {
    return end || periodEnd ? `${end ? "Ends" : "Renews"} on ${day(end ?? periodEnd)}.` : "Paid.";
  }
  return status === "canceled"
    ? "Your subscription has ended."
    : `Stripe says of your subscription: ${status.replaceAll("_", " ")}.`;
}
