/** Finds an element of the page by its id. */
export const byId = (id) => document.getElementById(id);

/** Says something in passing, also to those who do not see it. */
export function toast(text) {
  const place = byId("toast");
  place.textContent = text;
  place.getAnimations().forEach((animation) => { animation.cancel(); animation.play(); });
}

/** Loads what a card shows; where that fails, the card says why and offers to try again. */
export async function load(card, action) {
  await attempt(card, action, true);
  card.classList.remove("loading");
}

/**
 * Does something that may fail, one thing of a card at a time; its notice says what went wrong. A session that has ended
 * is the whole page's concern, hence the event `signed-out`.
 *
 * @returns {Promise<boolean>} whether it went well
 */
export async function attempt(card, action, again = false) {
  if (card.ariaBusy === "true") {
    return false;
  }
  const [text, button] = card.querySelector(".notice").children;
  card.ariaBusy = "true";
  try {
    await action();
    text.parentElement.hidden = true;
    return true;
  } catch (error) {
    if (error.status === 401) {
      dispatchEvent(new CustomEvent("signed-out", { detail: error.message }));
    }
    text.textContent = error.message;
    button.hidden = !again;
    button.onclick = () => attempt(card, action, again);
    text.parentElement.hidden = false;
    return false;
  } finally {
    card.ariaBusy = null;
  }
}
