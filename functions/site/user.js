import { csrfToken, passOver } from "./csrf-fetch.js";
import { api } from "./users-api.js";

/** The page no longer shows the user, and has told so. */
export class Gone extends Error {}

const outcome = (promise) => promise.then((value) => () => value, (error) => () => { throw error; });

/** The user that the page shows. Another tab may sign in another user at any time, so each request here is for this user or fails. */
export class ShownUser {
  #onGone;
  #isGone = false;
  /** The CSRF token at the last check of the user; each session has its own. */
  #session = "";

  /**
   * @param {(why: "other" | "signed-out") => void} onGone puts the user away
   * @param {?string} id the only user to be shown; null for any signed-in user
   */
  constructor(onGone, id = null) {
    this.#onGone = onGone;
    this.id = id;
  }

  /** Checks the signed-in user. @throws {Gone} if it is another or nobody */
  async check() {
    const session = csrfToken();
    const me = await this.#answer(api.me);
    if (this.id !== null && me.external_id !== this.id) {
      this.#leave("other");
    }
    this.id = me.external_id;
    this.#session = session;
    return me;
  }

  /** Reads data of the user, and then checks the user, unless the session is surely the same. */
  async read(ask, isSure = true) {
    const answer = await outcome(this.#answer(ask));
    if (!this.#isGone && !(isSure && this.seemsSame && this.#session)) {
      await this.check();
    }
    return answer();
  }

  /**
   * Changes something of the user. The CSRF token is read before it is asked who is signed in: if that changes in between, the
   * API refuses the change.
   */
  async change(act) {
    const csrf = csrfToken();
    await this.check();
    try {
      return await this.#answer(() => act(csrf));
    } catch (error) {
      if (error.status === 403) {
        await this.check();
        if (passOver(csrf)) {
          return this.change(act);
        }
      }
      throw error;
    }
  }

  get seemsSame() {
    return csrfToken() === this.#session;
  }

  end() {
    this.#isGone = true;
  }

  async #answer(ask) {
    const answer = await outcome(ask());
    if (this.#isGone) {
      throw new Gone();
    }
    try {
      return answer();
    } catch (error) {
      throw error.status === 401 ? this.#leave("signed-out") : error;
    }
  }

  #leave(why) {
    this.end();
    this.#onGone(why);
    throw new Gone();
  }
}
