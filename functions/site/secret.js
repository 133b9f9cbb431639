import { toast } from "./card.js";
import { byId } from "./dom.js";

/**
 * A field for a secret. The page has the secret only while it shows it.
 *
 * @param {() => Promise<?Error>} ready awaited before, as a request may be running
 */
export function secretField(id, name, ready = async () => null) {
  const field = byId(`${id}-value`);
  const revealButton = byId(`${id}-reveal`);
  const copyButton = byId(`${id}-copy`);
  let secret = null;
  let isShown = false;

  function show(value) {
    isShown = value;
    const end = secret?.slice(-4);
    field.textContent = !secret ? "None yet" : isShown ? secret : "•".repeat(secret.length - end.length) + end;
    field.ariaLabel = !secret ? `No ${name}` : isShown ? name : `${name}, hidden, ends in ${end}`;
    revealButton.textContent = isShown ? "Hide" : "Show";
    revealButton.disabled = copyButton.disabled = !secret;
  }

  revealButton.addEventListener("click", async () => {
    if (isShown || !await ready()) {
      show(!isShown);
    }
  });
  copyButton.addEventListener("click", async () => {
    if (await ready() || !secret) {
      return;
    }
    try {
      await navigator.clipboard.writeText(secret);
      toast("Copied.");
    } catch {
      show(true);
      getSelection().selectAllChildren(field);
      toast("The browser did not let this page copy. The token is selected: copy it by hand.");
    }
  });

  return {
    set(value, toBeShown = false) {
      secret = value;
      show(toBeShown);
    },
    mask: () => secret && show(false),
    focus: () => copyButton.focus(),
  };
}
