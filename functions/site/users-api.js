import { csrfFetch } from "./csrf-fetch.js";

/** Why a request came to nothing: `message` says it in words for the person at the screen. */
export class ApiError extends Error {
  constructor(words, status) {
    super(words);
    this.name = "ApiError";
    this.status = status;
  }
}

/** The Users API, a method per route. Each resolves to the answer's body, or throws an ApiError. */
export class UsersApi {
  #csrfCookie;

  constructor(csrfCookie) {
    this.#csrfCookie = csrfCookie;
  }

  me() {
    return this.send("GET", "/api/users/me/");
  }

  token() {
    return this.send("GET", "/api/users/me/token/");
  }

  regenerateToken() {
    return this.send("POST", "/api/users/me/token/regenerate/");
  }

  storage() {
    return this.send("GET", "/api/users/storage/");
  }

  updateSettings(settings) {
    return this.send("PATCH", "/api/users/settings/", settings);
  }

  subscription() {
    return this.send("GET", "/api/users/stripe/subscription/");
  }

  checkout(plan) {
    return this.send("POST", "/api/users/stripe/checkout/", { plan });
  }

  /** The portal as a whole, or at the confirmation of a change to this plan. */
  portal(plan) {
    return this.send("POST", "/api/users/stripe/portal/", plan && { plan });
  }

  /** Any request by the session; the body of a 2xx answer, empty where it has none. */
  async send(method, url, body) {
    const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let response;
    let answer;
    try {
      response = await csrfFetch(url, { method, ...json }, this.#csrfCookie);
      answer = parse(await response.text());
    } catch {
      throw new ApiError("The server could not be reached. Check your connection and try again.", 0);
    }
    if (!response.ok) {
      throw new ApiError(words(response, answer), response.status);
    }
    if (!answer) {
      throw new ApiError("The server gave an answer that this page does not understand. Try again later.", 0);
    }
    return answer;
  }
}

/** The JSON of a text, with integers that a number cannot hold as BigInt; undefined if it is none. */
function parse(text) {
  if (text === "") {
    return {};
  }
  try {
    return JSON.parse(text, (key, value, context) =>
      Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source ? BigInt(context.source) : value);
  } catch {
    return undefined;
  }
}

function words(response, answer) {
  const { status } = response;
  if (status === 401) {
    return "Your session has ended. Sign in again.";
  }
  if (status === 403) {
    return "The server did not trust this page's request. Reload the page and try again.";
  }
  if (status === 429) {
    return "That was a little too often. Wait a moment and try again.";
  }
  if (status >= 500) {
    const id = response.headers.get("x-amzn-RequestId");
    return `Something went wrong on our side. Try again in a minute.${id ? ` (Request ${id})` : ""}`;
  }
  return answer?.detail
    ? `That was not accepted: ${answer.detail}.`
    : "That did not work, and it is not your fault. Try again in a minute.";
}
