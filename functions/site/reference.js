import { curl } from "./curl.js";
import { button, el } from "./dom.js";

/** Shows the API's description, openapi.json. It supports the parts of OpenAPI that this document uses. */

const main = document.getElementById("main");
const contents = document.getElementById("contents");

/** An element with these attributes; children may be nested lists. */
function tag(name, attributes, ...children) {
  const element = el(name, {}, ...children.flat(Infinity));
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

/** Text in which `this` is code. */
const line = (text) => text.split("`").map((part, index) => (index % 2 ? tag("code", {}, part) : part));

/** The same in paragraphs, separated by empty lines. */
const prose = (text) => text.split("\n\n").map((paragraph) => tag("p", {}, line(paragraph)));

const resolve = (api, thing) =>
  thing.$ref ? thing.$ref.slice(2).split("/").reduce((found, key) => found[key], api) : thing;

const nameOf = (reference) => reference.$ref.slice(reference.$ref.lastIndexOf("/") + 1);

function json(value) {
  const text = JSON.stringify(value, null, 2);
  const tokens = text.split(/("(?:[^"\\]|\\.)*"(?=:)|"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/);
  return tag("pre", { tabindex: "0" }, tokens.map((token, index) => {
    if (index % 2 === 0) {
      return token;
    }
    const isKey = token.startsWith('"') && tokens[index + 1].startsWith(":");
    return tag("span", { class: isKey ? "key" : token.startsWith('"') ? "text" : "literal" }, token);
  }));
}

function typeOf(schema) {
  return "const" in schema ? JSON.stringify(schema.const) : [schema.type].flat().join(" or ");
}

/** The members of an object, also of objects and lists in it. */
function members(api, schema, prefix = "") {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const member = resolve(api, property);
    const optional = schema.required?.includes(name) ? "" : " · optional";
    return [
      tag("dt", {}, tag("code", {}, prefix + name), tag("span", {}, typeOf(member) + optional)),
      tag("dd", {}, member.description ? prose(member.description) : ""),
      ...members(api, member, `${prefix}${name}.`),
      ...(member.items ? members(api, resolve(api, member.items), `${prefix}${name}[].`) : []),
    ];
  });
}

function body(api, content) {
  const { schema, example, examples } = content["application/json"];
  const shown = examples
    ? Object.values(examples).map(({ summary, value }) => [tag("p", { class: "caption" }, summary), json(value)])
    : [json(example)];
  const resolved = resolve(api, schema);
  const needsWords = JSON.stringify(resolved).includes('"description"') || JSON.stringify(resolved).includes('"items"');
  return [shown, needsWords ? tag("dl", { class: "members" }, members(api, resolved)) : []];
}

function credentials(operation, api) {
  const ways = operation.security ?? api.security;
  const names = { session: "Session", csrfToken: "CSRF token", accessToken: "Access token" };
  return ways.length === 0
    ? tag("span", { class: "chip" }, "No credential of a user")
    : ways.map((way) => tag("span", { class: "chip" }, Object.keys(way).map((key) => names[key] ?? key).join(" + ")));
}

/** The command of a route, with a button that copies it. */
function request(api, operation) {
  const command = curl(api, operation);
  const shown = tag("pre", { tabindex: "0", class: "curl" }, command.text());
  const said = tag("span", { role: "status", class: "muted" });
  const copy = button("Copy", async () => {
    // Only the copied text has the reader's token, not the page.
    const token = command.takesToken ? await ownToken() : null;
    try {
      await navigator.clipboard.writeText(command.text(token));
      said.textContent = token ? "Copied, with your access token in it." : "Copied.";
    } catch {
      getSelection().selectAllChildren(shown);
      said.textContent = "The browser did not let this page copy. The command is selected: copy it by hand.";
    }
  });
  copy.ariaLabel = `Copy the command of ${operation.summary}`;
  return tag("div", { class: "request" }, shown, tag("div", { class: "row" }, said, copy));
}

/** The access token of the reader, if they are signed in. */
async function ownToken() {
  try {
    const answer = await fetch("/api/users/me/token/", { cache: "no-store" });
    const { access_token: token } = answer.ok ? await answer.json() : {};
    return /^[\w-]+$/.test(token) ? token : null;
  } catch {
    return null;
  }
}

function answerOf(api, status, answer, isOpen) {
  return tag("details", isOpen ? { class: "answer", open: "" } : { class: "answer" },
    tag("summary", {},
      tag("strong", { class: status < "4" ? "fine" : "refused" }, status), tag("span", {}, line(answer.description))),
    answer.content ? body(api, answer.content) : []);
}

/** One route: a line, which opens to its details. */
function route(api, operation) {
  const { operationId: id, method, path, summary, description, requestBody, responses } = operation;
  const own = Object.entries(responses).filter(([, answer]) => !answer.$ref);
  const common = Object.entries(responses).filter(([, answer]) => answer.$ref);
  return tag("details", { id, class: "route" },
    tag("summary", {},
      tag("span", { class: `method ${method}` }, method.toUpperCase()),
      tag("code", {}, path),
      tag("span", { class: "summary" }, summary)),
    tag("div", { class: "inside" },
      prose(description),
      tag("p", { class: "chips" }, tag("span", { class: "muted" }, "By "), credentials(operation, api)),
      request(api, operation),
      requestBody ? [tag("h3", {}, "Body"), body(api, requestBody.content)] : [],
      tag("h3", {}, "Answers"),
      own.map(([status, answer]) => answerOf(api, status, answer, status < 300)),
      common.length === 0 ? [] : tag("p", { class: "chips" }, tag("span", { class: "muted" }, "And of the common ones "),
        common.map(([status, answer]) => tag("a", { class: "chip", href: `#common-${nameOf(answer)}` }, `${status} ${nameOf(answer)}`)))));
}

/** The answers that many routes have, each once. */
function commonAnswers(api, operations) {
  const statuses = (name) => [...new Set(operations.flatMap(({ responses }) =>
    Object.entries(responses).filter(([, answer]) => answer.$ref && nameOf(answer) === name).map(([status]) => status)))];
  return Object.entries(api.components.responses).map(([name, answer]) => {
    const element = answerOf(api, statuses(name).join(", "), answer);
    element.id = `common-${name}`;
    return element;
  });
}

function section(id, title, description, ...children) {
  main.append(tag("section", { "aria-labelledby": id }, tag("h2", { id }, title), description ? prose(description) : [],
    tag("div", { class: "card" }, children)));
}

function render(api) {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods)
    .filter(([, operation]) => operation.operationId)
    .map(([method, operation]) => ({ ...operation, path, method, parameters: [...(methods.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(api, each)) })));
  main.append(tag("div", { class: "lead" }, tag("p", {}, api.info.summary), prose(api.info.description)));
  for (const each of api.tags) {
    const own = operations.filter(({ tags }) => tags.includes(each.name));
    section(each.name.replaceAll(" ", "-").toLowerCase(), each.name, each.description, own.map((operation) => route(api, operation)));
    contents.append(tag("p", {}, each.name), tag("ul", {}, own.map(({ operationId, method, summary }) =>
      tag("li", {}, tag("a", { href: `#${operationId}` },
        tag("span", { class: `method ${method}` }, method.toUpperCase()), summary)))));
  }
  section("credentials", "Credentials", "", Object.values(api.components.securitySchemes).map((scheme) =>
    tag("details", { class: "answer" },
      tag("summary", {}, tag("code", {}, scheme.name ?? "Authorization: Bearer"), tag("span", {}, scheme.in ?? "header")),
      prose(scheme.description))));
  section("common", "Common answers", "", commonAnswers(api, operations));
  contents.append(tag("p", {}, "For all"), tag("ul", {},
    tag("li", {}, tag("a", { href: "#credentials" }, "Credentials")), tag("li", {}, tag("a", { href: "#common" }, "Common answers"))));
  showTarget();
}

/** Opens the element that the address names. */
function showTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target) {
    target.open = true;
    target.scrollIntoView();
  }
}

try {
  const answer = await fetch("/openapi.json");
  render(await answer.json());
  addEventListener("hashchange", showTarget);
} catch (error) {
  console.info(error);
  main.append(tag("p", { class: "notice error", role: "alert" }, "The description could not be loaded. Reload the page to try again."));
}
