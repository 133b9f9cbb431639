import { Card, toast } from "./card.js";
import { button, byId, fill, item } from "./dom.js";
import { moment } from "./format.js";
import { api } from "./users-api.js";

export function sessionsCard(user) {
  const card = new Card("sessions");
  const endOthersButton = byId("sessions-end-others");

  const load = () => card.load(() => user.read(api.sessions), ({ sessions }) => {
    fill(byId("sessions-list"), sessions.map(row));
    endOthersButton.hidden = sessions.every((session) => session.current);
  });

  function row({ id, created, last_seen: seen, expires, current }) {
    const end = button("End", () => change((csrf) => api.endSession(csrf, id), "The session has ended."), "", id);
    end.ariaLabel = `End the session of ${moment(created)}`;
    return item(`Signed in ${moment(created)}`, current && "This browser",
      [seen && `Last seen ${moment(seen)}`, expires && `Expires ${moment(expires)}`], ...(current ? [] : [end]));
  }

  async function change(act, words) {
    await card.change(async () => {
      await user.change(act);
      toast(words);
    });
    load();
  }

  endOthersButton.addEventListener("click", () => change(api.endOtherSessions, "All other sessions have ended."));

  return { card, refresh: load };
}
