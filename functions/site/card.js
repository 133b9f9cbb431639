import { button, byId, el, saveFocus } from "./dom.js";
import { Gone } from "./user.js";
import { ApiError } from "./users-api.js";

const SLOW_MS = 10_000;

export function toast(text) {
  const place = byId("toast");
  place.textContent = text;
  place.getAnimations?.().forEach((animation) => { animation.cancel(); animation.play(); });
}

/** Makes a place for messages. @returns {(words: string, kind?: string, ...Element) => void} */
export function notice(place) {
  place.tabIndex = -1;
  return (words, kind = "error", ...more) => {
    const hadFocus = place.contains(document.activeElement);
    place.className = `notice ${kind}`;
    place.hidden = !words;
    place.replaceChildren(...(words ? [el("p", {}, words), ...more] : []));
    if (hadFocus) {
      place.focus();
    }
  };
}

/** The words for an error. */
export function wordsOf(error) {
  if (error instanceof ApiError) {
    return error.message;
  }
  console.info(error);
  return "This part of the page did not work. Reload the page to try again.";
}

/** Does work that may take long or fail, and shows that. @returns {Promise<?Error>} the failure */
export async function attempt(action, say, again) {
  const ways = again ? [button("Try again", again, "link")] : [];
  const slow = setTimeout(() => say("This takes longer than usual. Still waiting for the server.", "warning", ...ways), SLOW_MS);
  try {
    await action();
    say("");
    return null;
  } catch (error) {
    if (!(error instanceof Gone)) {
      say(wordsOf(error), "error", ...ways);
    }
    return error;
  } finally {
    clearTimeout(slow);
  }
}

/** A card of the page. It depends on no other, shows what it waits for and what failed, and offers a way out. */
export class Card {
  #root;
  #load = null;
  #isChanging = false;

  constructor(id) {
    this.#root = byId(id);
    const place = el("div", { hidden: true, role: "alert" });
    (this.#root.querySelector(".card") ?? this.#root).prepend(place);
    this.say = notice(place);
    /** Takes the focus when the focused element is removed. */
    this.rest = this.#root.querySelector("h2, h3");
    this.rest.tabIndex = -1;
  }

  /**
   * Asks for what the card shows. Of several times at once the last one counts.
   *
   * @param {boolean} isWanted whether a person asked for it
   * @returns {Promise<?Error>} why it failed, which the card has said
   */
  async load(ask, render, isWanted = false, again = () => this.load(ask, render, true)) {
    const load = this.#load = {};
    const isLast = () => this.#load === load;
    this.#busy(isWanted);
    const error = await this.#attempt(async () => {
      const answer = await ask();
      if (isLast()) {
        render(answer);
      }
    }, (...words) => isLast() && this.say(...words), again);
    if (isLast()) {
      this.#settle();
    }
    return error;
  }

  /** Makes a change, one at a time. @returns {Promise<boolean>} whether it succeeded */
  async change(act, say = this.say) {
    if (this.#isChanging) {
      return false;
    }
    this.#isChanging = true;
    this.#busy(true);
    const error = await this.#attempt(async () => {
      await act();
      this.#load = null; // An answer from before the change is out of date.
    }, say);
    this.#isChanging = false;
    this.#settle();
    return !error;
  }

  /** Gives up running requests: the browser had suspended the page, so perhaps no answer comes. */
  release() {
    this.#isChanging = false;
    this.#busy(false);
  }

  fail(error) {
    this.say(wordsOf(error));
    this.#settle();
  }

  async #attempt(action, say, again) {
    const hadFocus = this.#root.contains(document.activeElement);
    const error = await attempt(action, say, again);
    if (hadFocus) {
      saveFocus(this.rest);
    }
    return error;
  }

  #settle() {
    this.#root.classList.remove("loading");
    this.#busy(this.#isChanging);
  }

  #busy(isBusy) {
    this.#root.ariaBusy = isBusy ? "true" : null;
  }
}
