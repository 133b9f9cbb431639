/**
 * fetch() for the Users API, for any page on its host: with the session's CSRF token for changes.
 *
 *     import { csrfFetch } from "/csrf-fetch.js";
 *     const response = await csrfFetch("/api/users/me/token/regenerate/", { method: "POST" });
 *
 * @param {string | URL} url on this host, because no other may get the token
 * @param {RequestInit} options its header X-CSRFToken, if any, stays
 * @throws {TypeError} if the server cannot be reached
 */
export async function csrfFetch(url, options = {}) {
  const request = new Request(url, { credentials: "same-origin", cache: "no-store", ...options });
  if (new URL(request.url).origin !== location.origin) {
    throw new TypeError("csrfFetch is for this page's own host");
  }
  if (!["GET", "HEAD", "OPTIONS"].includes(request.method) && !request.headers.has("X-CSRFToken")) {
    request.headers.set("X-CSRFToken", csrfToken());
  }
  return fetch(request);
}

const NAMES = ["__Host-csrftoken", "csrftoken"];

/** Adds a name of the CSRF cookie, which is tried first. */
export const nameCsrfCookie = (name) => NAMES.unshift(name);

const refused = new Set();

/** Skips a token that the API refused. @returns {boolean} whether another cookie may be right */
export const passOver = (token) => refused.add(token) && csrfToken() !== token;

/** The CSRF token of the browser's session; empty if no cookie has 32 bytes in base64url. */
export function csrfToken() {
  try {
    const cookies = [...document.cookie.matchAll(/(?<=^|; *)([^=; ]+)=([\w-]{43})(?=;|$)/g)];
    const tokens = NAMES.flatMap((name) => cookies.filter((cookie) => cookie[1] === name)).map((cookie) => cookie[2]);
    return tokens.find((token) => !refused.has(token)) ?? tokens[0] ?? "";
  } catch {
    return ""; // The browser allows this page no cookies.
  }
}
