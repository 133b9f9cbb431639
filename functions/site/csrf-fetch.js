/**
 * fetch() for the Users API, for any page on the API's host: with the session's cookie, and with the session's CSRF token
 * where something changes.
 *
 *     import { csrfFetch } from "/csrf-fetch.js";
 *     const response = await csrfFetch("/api/users/me/token/regenerate/", { method: "POST" });
 *
 * @param {string | URL} url on this host: nobody else is to get the token
 * @param {RequestInit} options as fetch() takes them
 * @param {string} cookie name of the cookie that holds the CSRF token
 * @returns {Promise<Response>}
 * @throws {TypeError} if the server cannot be reached
 */
export async function csrfFetch(url, options = {}, cookie = "__Host-csrftoken") {
  const request = new Request(url, { credentials: "same-origin", cache: "no-store", ...options });
  if (new URL(request.url).origin !== location.origin) {
    throw new TypeError("csrfFetch is for this page's own host");
  }
  if (!["GET", "HEAD", "OPTIONS"].includes(request.method)) {
    request.headers.set("X-CSRFToken", cookieValue(cookie));
  }
  return fetch(request);
}

function cookieValue(name) {
  const pair = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}
