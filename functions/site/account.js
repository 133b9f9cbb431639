import { Card } from "./card.js";
import { byId } from "./dom.js";
import { initial } from "./format.js";

export function accountCard(user) {
  const card = new Card("account");
  return {
    card,
    refresh: (again) => card.load(() => user.check(), ({ email, external_id: id }) => {
      byId("who-email").textContent = byId("who-email").title = email ?? "";
      byId("email").textContent = email || "No e-mail address";
      byId("external-id").textContent = id;
      byId("external-id").previousSibling.data = "ID ";
      byId("avatar").textContent = initial(email || "–").toUpperCase();
    }, false, again),
  };
}
