// Starts the page, and shows errors that nothing else catches.

const byId = (id) => document.getElementById(id);

function fail(error) {
  console.info(error);
  const words = "This page did not work as it should. Reload it to try again.";
  if (document.querySelector("#settings:not([hidden]) .loading")) {
    byId("settings").hidden = true;
    byId("failed").hidden = false;
    byId("failed-words").textContent = words;
    byId("retry").onclick = () => location.reload();
  } else {
    byId("toast").textContent = words;
  }
}

addEventListener("error", (event) => {
  if (event.filename.startsWith(location.origin)) { // Not an extension of the browser.
    event.preventDefault();
    fail(event.error);
  }
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

import("./page.js").then((page) => page.start()).catch(fail);
