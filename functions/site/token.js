import { attempt, byId, load, toast } from "./card.js";

const SHOWN_AT_ITS_END = 4;

/** The card of the access token: the token is in this module's memory only, and in the page only while it is shown. */
export function tokenCard(api) {
  const card = byId("token");
  const field = byId("token-value");
  const revealButton = byId("token-reveal");
  const copyButton = byId("token-copy");
  const regenerateButton = byId("token-regenerate");
  const dialog = byId("regenerate-dialog");
  const dialogError = byId("regenerate-error");
  const confirmButton = byId("regenerate-confirm");
  let token = null;
  let shown = false;

  function render() {
    field.textContent = !token ? "None yet" : shown ? token : mask(token);
    field.ariaLabel = !token ? "No access token" : shown ? "Access token" : `Access token, hidden, ends in ${end(token)}`;
    revealButton.textContent = shown ? "Hide" : "Show";
    revealButton.disabled = copyButton.disabled = !token;
    regenerateButton.disabled = false;
    regenerateButton.textContent = token ? "Regenerate…" : "Generate";
  }

  function show(value) {
    shown = value;
    render();
  }

  async function regenerate() {
    if (confirmButton.ariaBusy === "true") {
      return;
    }
    confirmButton.ariaBusy = "true";
    dialogError.hidden = true;
    try {
      token = (await api.regenerateToken()).access_token;
      show(true);
      dialog.close();
      toast("This is the new token. The old one no longer works.");
    } catch (error) {
      if (error.status === 401) {
        dialog.close();
        dispatchEvent(new CustomEvent("signed-out", { detail: error.message }));
      }
      dialogError.textContent = error.message;
      dialogError.hidden = false;
    } finally {
      confirmButton.ariaBusy = null;
    }
  }

  revealButton.addEventListener("click", () => show(!shown));
  copyButton.addEventListener("click", () => attempt(card, async () => {
    try {
      await navigator.clipboard.writeText(token);
      toast("Copied.");
    } catch {
      show(true);
      getSelection().selectAllChildren(field);
      throw new Error("The browser did not let this page copy. The token is selected: copy it by hand.");
    }
  }));
  regenerateButton.addEventListener("click", () => {
    dialogError.hidden = true;
    dialog.showModal();
  });
  confirmButton.addEventListener("click", regenerate);
  // Whoever comes back to the screen need not be who left it.
  document.addEventListener("visibilitychange", () => document.hidden && show(false));

  return {
    load: () => load(card, async () => {
      token = (await api.token()).access_token;
      show(false);
    }),
    forget() {
      token = null;
      shown = false;
      dialog.close();
      field.textContent = "";
    },
  };
}

const end = (token) => token.slice(-SHOWN_AT_ITS_END);

const mask = (token) => "•".repeat(token.length - SHOWN_AT_ITS_END) + end(token);
