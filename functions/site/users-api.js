import { address } from "./address.js";
import { csrfFetch } from "./csrf-fetch.js";

const NOT_UNDERSTOOD = "The server gave an answer that this page does not understand. Try again later.";

/** A failed request, in words; status 0 without a valid answer. */
export class ApiError extends Error {
  constructor(words, status = 0) {
    super(words);
    this.status = status;
  }
}

// A check for each member of an answer.
const text = (value) => typeof value === "string" && value !== "";
const flag = (value) => typeof value === "boolean";
const number = (value) => typeof value === "number" || typeof value === "bigint";
const time = (value) => number(value) && Math.abs(Number(value)) <= 8.64e12; // A Date's.
const amount = (value) => number(value) && value >= 0;
const orNull = (check) => (value) => value === null || check(value);
const ifAny = (check) => (value) => value === undefined || value === null || check(value);
const listOf = (shape) => (value) => Array.isArray(value) && value.every((each) => fits(each, shape));
const fits = (answer, shape) => answer !== null && typeof answer === "object" && !Array.isArray(answer)
  && Object.entries(shape).every(([name, check]) => check(answer[name]));

/** The Users API, a method per route; changes take the CSRF token of their session. */
export const api = {
  me: () => get("me/", { external_id: text, email: ifAny((email) => typeof email === "string") }),
  token: () => get("me/token/", { access_token: orNull(text) }),
  regenerateToken: (csrf) => send("POST", "me/token/regenerate/", csrf, undefined, { access_token: text }),
  tokens: () => get("tokens/", {
    tokens: listOf({ id: text, label: text, created: time, last_used: ifAny(time), expires: ifAny(time), read_only: flag }),
  }),
  createToken: (csrf, token) => send("POST", "tokens/", csrf, token, { label: text, access_token: text }),
  endToken: (csrf, id) => send("DELETE", `tokens/${encodeURIComponent(id)}/`, csrf),
  sessions: () => get("sessions/", {
    sessions: listOf({ id: text, created: time, last_seen: ifAny(time), expires: ifAny(time), current: flag }),
  }),
  endSession: (csrf, id) => send("DELETE", `sessions/${encodeURIComponent(id)}/`, csrf),
  endOtherSessions: (csrf) => send("DELETE", "sessions/", csrf),
  signOut: (csrf) => send("POST", "sign-out/", csrf),
  storage: () => get("storage/", { total_bytes: amount, file_count: amount }),
  settings: () => get("settings/", { tz: orNull(text) }),
  updateSettings: (csrf, settings) => send("PATCH", "settings/", csrf, settings),
  subscription: () => get("stripe/subscription/", {
    plan: text,
    status: orNull(text),
    current_period_end: ifAny(time),
    cancel_at_period_end: ifAny(flag),
    cancel_at: ifAny(time),
    trial_end: ifAny(time),
    payment_failed: ifAny(flag),
  }),
  checkout: (csrf, plan) => send("POST", "stripe/checkout/", csrf, { plan }),
  checkoutState: (id) => get(`stripe/checkout/${encodeURIComponent(id)}/`, { status: text, paid: flag, plan: ifAny(text) }),
  /** With a plan: at the confirmation of that change. */
  portal: (csrf, plan) => send("POST", "stripe/portal/", csrf, plan && { plan }),
};

export function destination({ url }) {
  const found = address(url);
  if (!found) {
    throw new ApiError(NOT_UNDERSTOOD);
  }
  return found;
}

const get = (path, shape) => send("GET", path, undefined, undefined, shape);

async function send(method, path, csrf, body, shape = {}) {
  const headers = { ...(body && { "Content-Type": "application/json" }), ...(csrf !== undefined && { "X-CSRFToken": csrf }) };
  let response;
  let answer;
  try {
    response = await csrfFetch(`/api/users/${path}`, { method, headers, body: body && JSON.stringify(body) });
    answer = parse(await response.text());
  } catch {
    throw new ApiError("The server could not be reached. Check your connection and try again.");
  }
  if (!response.ok) {
    throw new ApiError(words(response, answer), response.status);
  }
  if (!fits(answer, shape)) {
    throw new ApiError(NOT_UNDERSTOOD);
  }
  return answer;
}

/** The JSON of a text, with large numbers as BigInt; undefined if it is invalid. */
function parse(json) {
  try {
    return JSON.parse(json, (key, value, context) =>
      Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source) ? BigInt(context.source) : value);
  } catch {
    return undefined;
  }
}

function words({ status, headers }, answer) {
  if (status === 401) {
    return "Your session has ended. Sign in again.";
  }
  if (status === 403) {
    return "The server did not trust this page's request. Reload the page and try again; if that does not help, sign in again.";
  }
  if (status === 404) {
    return "That is no longer there.";
  }
  if (status === 429) {
    const seconds = Number.parseInt(headers.get("Retry-After"), 10);
    return `That was a little too often. Try again in ${seconds === 1 ? "1 second" : seconds > 1 ? `${seconds} seconds` : "a moment"}.`;
  }
  if (status >= 500) {
    const id = headers.get("x-amzn-RequestId");
    return `Something went wrong on our side. Try again in a minute.${id ? ` (Request ${id})` : ""}`;
  }
  return text(answer?.detail)
    ? `That was not accepted: ${answer.detail}.`
    : "That did not work, and it is not your fault. Try again in a minute.";
}
