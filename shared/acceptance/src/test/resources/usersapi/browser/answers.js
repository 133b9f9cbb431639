// Runs before the page's own scripts: answers requests of the API as a test says, and notes what nobody has handled.
{
  window.answers = ANSWERS;
  window.requests = [];
  window.unhandled = [];
  addEventListener("error", (event) => event.error && unhandled.push(String(event.error)));
  addEventListener("unhandledrejection", (event) => unhandled.push(String(event.reason)));
  const fetched = window.fetch;
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const key = `${request.method} ${new URL(request.url).pathname}`;
    const answer = window.answers[key];
    window.requests.push(key);
    if (answer === undefined) {
      return fetched(request);
    }
    if (answer === "never") {
      return new Promise(() => {});
    }
    if (answer === "unreachable") {
      throw new TypeError("Failed to fetch");
    }
    const { status = 200, body, headers = {} } = answer;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  };
}
