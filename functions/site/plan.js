import { Card, toast } from "./card.js";
import { config } from "./config.js";
import { button, byId, el, fill } from "./dom.js";
import { bytes } from "./format.js";
import { GIVING, OVER, owes, words } from "./subscription.js";
import { api, destination } from "./users-api.js";

const FREE = "free";

export function planCard(user, onPlan) {
  const card = new Card("plan");
  const manageButton = byId("plan-manage");
  let subscription = null;

  function render() {
    if (!subscription) {
      return;
    }
    const { plan, status } = subscription;
    const plans = new Map(config.plans);
    if (!plans.has(plan)) {
      plans.set(plan, { name: plan === FREE ? "Free" : plan });
    }
    fill(byId("plans"), [...plans].map(([id, each]) => tile(id, each)));
    byId("plan-words").textContent = words(subscription, plans.get(plan).name);
    byId("plan").classList.toggle("unpaid", owes(subscription));
    manageButton.hidden = status === null;
    manageButton.textContent = owes(subscription) ? "Pay what is open" : "Manage billing";
    manageButton.className = owes(subscription) ? "primary" : "";
    onPlan(plan);
  }

  function tile(id, { name, bytes: included }) {
    const isCurrent = id === subscription.plan;
    return el("li", { className: isCurrent ? "current" : "" },
      el("strong", {}, name),
      el("span", { className: "muted" }, included ? `${bytes(included)} of storage` : ""),
      isCurrent ? badge() : way(id, name));
  }

  function badge() {
    const isUnpaid = owes(subscription) && GIVING.includes(subscription.status);
    return el("span", { className: isUnpaid ? "badge bad" : "badge" }, isUnpaid ? "Payment failed" : "Your plan");
  }

  /** A checkout, or a change of the current subscription, so that nobody pays twice. */
  function way(id, name) {
    if (id === FREE) {
      return "";
    }
    if (OVER.includes(subscription.status)) {
      return button(`Subscribe to ${name}`, () => goTo((csrf) => api.checkout(csrf, id)), "primary", id);
    }
    return GIVING.includes(subscription.status)
      ? button(`Change to ${name}`, () => goTo((csrf) => api.portal(csrf, id)), "", id)
      : "";
  }

  /** Leads to Stripe. This page stays usable until the browser leaves it. */
  function goTo(open) {
    return card.change(async () => {
      location.assign(destination(await user.change(open)));
      toast("Going to Stripe…");
    });
  }

  manageButton.addEventListener("click", () => goTo((csrf) => api.portal(csrf)));

  return {
    card,
    refresh: () => card.load(() => user.read(api.subscription), (answer) => {
      subscription = answer;
      render();
    }),
    configure: render,
  };
}
