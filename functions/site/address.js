/** An absolute address that the page may lead to: https or of this site; null for any other. Without a base it must not be relative. */
export function address(text, base) {
  try {
    const url = typeof text === "string" && text !== "" ? new URL(text, base) : null;
    return url?.protocol === "https:" || url?.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}
