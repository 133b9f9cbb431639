import { Card, toast } from "./card.js";
import { button, byId, el, fill, item } from "./dom.js";
import { day } from "./format.js";
import { ask } from "./question.js";
import { api } from "./users-api.js";

export function namedTokensCard(user) {
  const card = new Card("tokens");
  let made = null;

  const load = () => card.load(() => user.read(api.tokens), ({ tokens }) => {
    fill(byId("tokens-list"), tokens.length ? tokens.map(row) : [el("li", { className: "muted" }, "None yet.")]);
    byId("tokens-create").disabled = false;
  });

  function row({ id, label, created, last_used: used, expires, read_only: isReadOnly }) {
    const end = button("End…", () => ask("end-token", card, "End this access token?",
      `“${label}” stops working at once. This cannot be undone.`, "End", () => endToken(id)), "danger", id);
    end.ariaLabel = `End… ${label}`;
    return item(el("bdi", {}, label), isReadOnly && "Read only",
      [`Made ${day(created)}`, used ? `Last used ${day(used)}` : "Never used", expires ? `Expires ${day(expires)}` : "Never expires"], end);
  }

  async function endToken(id) {
    try {
      await user.change((csrf) => api.endToken(csrf, id));
    } catch (error) {
      if (error.status !== 404) { // Ended elsewhere.
        throw error;
      }
    }
    toast("The token no longer works.");
    setTimeout(load);
  }

  byId("tokens-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { makeToken } = await import("./new-token.js");
      made = await makeToken(user, card, () => setTimeout(load)) ?? made;
    } catch (error) {
      card.fail(error);
    }
  });

  return { card, refresh: load, mask: () => made?.mask() };
}
