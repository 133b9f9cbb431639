// Starts the page, and shows errors that nothing else catches.

function fail(error) {
  console.info(error);
  const words = "This page did not work as it should. Reload it to try again.";
  if (document.querySelector("#settings:not([hidden]) .loading")) {
    document.getElementById("settings").hidden = true;
    document.getElementById("failed").hidden = false;
    document.getElementById("failed-words").textContent = words;
    document.getElementById("retry").onclick = () => location.reload();
  } else {
    document.getElementById("toast").textContent = words;
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
