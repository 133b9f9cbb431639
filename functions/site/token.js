import { Card, toast } from "./card.js";
import { byId } from "./dom.js";
import { ask } from "./question.js";
import { secretField } from "./secret.js";
import { api } from "./users-api.js";

export function tokenCard(user) {
  const card = new Card("token");
  const regenerateButton = byId("token-regenerate");
  let loaded = null;
  const secret = secretField("token", "Access token", () => loaded);

  function render({ access_token: token }, isNew = false) {
    secret.set(token, isNew);
    regenerateButton.disabled = false;
    regenerateButton.textContent = token ? "Regenerate…" : "Generate…";
  }

  regenerateButton.addEventListener("click", () => ask("regenerate", card, "Regenerate the access token?",
    "The present token stops working at once, in every program that uses it. This cannot be undone.", "Regenerate",
    async () => {
      render(await user.change(api.regenerateToken), true);
      toast("This is the new token. The old one no longer works.");
    }));

  return {
    card,
    /** The token, which may have been replaced, is not shown before. */
    refresh(checked) {
      loaded = checked.then((error) => error ? null : card.load(() => user.read(api.token), render));
    },
    mask: secret.mask,
  };
}
