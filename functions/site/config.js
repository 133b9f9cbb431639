import { address } from "./address.js";
import { nameCsrfCookie } from "./csrf-fetch.js";

/** The configuration of the product: defaults, which config.json replaces. */
export const config = {
  signIn: "/api/auth/sign-in/",
  files: null,
  paths: { success: "/billing/success", cancel: "/billing/cancel", back: "/billing" },
  /** @type {Map<string, {name: string, bytes: ?number}>} */
  plans: new Map(),
};

const isText = (value) => typeof value === "string" && value !== "";

/** Reads config.json. Always resolves. */
export async function loadConfig() {
  try {
    const answer = await fetch("/config.json", { signal: AbortSignal.timeout(5000) });
    const read = answer.ok ? await answer.json() : {};
    config.signIn = address(read.sign_in_url, location.origin) ?? config.signIn;
    config.files = address(read.files_url, location.origin);
    config.paths.success = read.checkout_success_path ?? config.paths.success;
    config.paths.cancel = read.checkout_cancel_path ?? config.paths.cancel;
    config.paths.back = read.portal_return_path ?? config.paths.back;
    if (isText(read.csrf_cookie)) {
      nameCsrfCookie(read.csrf_cookie);
    }
    for (const [id, plan] of Object.entries(read.plans ?? {})) {
      config.plans.set(id, { name: isText(plan?.name) ? plan.name : id, bytes: plan?.storage_bytes > 0 ? plan.storage_bytes : null });
    }
  } catch {
    // The defaults stay.
  }
}
