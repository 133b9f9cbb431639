/** The API's description, openapi.json, as a page to read. It shows what that document uses of OpenAPI, and no more. */

const main = document.getElementById("main");
const contents = document.getElementById("contents");

/** An element; attributes by name, children as nodes or text. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children.flat(Infinity));
  return element;
}

/** Text in which `this` is code. */
const line = (text) => text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

/** The same in paragraphs, which an empty line ends. */
const prose = (text) => text.split("\n\n").map((paragraph) => el("p", {}, line(paragraph)));

const resolve = (api, thing) =>
  thing.$ref ? thing.$ref.slice(2).split("/").reduce((found, key) => found[key], api) : thing;

function json(value) {
  const text = JSON.stringify(value, null, 2);
  const tokens = text.split(/("(?:[^"\\]|\\.)*"(?=:)|"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b|-?\d[\d.eE+-]*)/);
  return el("pre", { tabindex: "0" }, tokens.map((token, index) => {
    if (index % 2 === 0) {
      return token;
    }
    const isKey = token.startsWith('"') && tokens[index + 1].startsWith(":");
    return el("span", { class: isKey ? "key" : token.startsWith('"') ? "text" : "literal" }, token);
  }));
}

function typeOf(schema) {
  return "const" in schema ? JSON.stringify(schema.const) : [schema.type].flat().join(" or ");
}

/** What an object's members are, those of objects in it too. */
function members(api, schema, prefix = "") {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const member = resolve(api, property);
    const optional = schema.required?.includes(name) ? "" : " · optional";
    return [
      el("dt", {}, el("code", {}, prefix + name), el("span", {}, typeOf(member) + optional)),
      el("dd", {}, member.description ? prose(member.description) : ""),
      ...members(api, member, `${prefix}${name}.`),
    ];
  });
}

function body(api, content) {
  const { schema, example, examples } = content["application/json"];
  const shown = examples
    ? Object.values(examples).map(({ summary, value }) => [el("p", { class: "caption" }, summary), json(value)])
    : [json(example)];
  const needsWords = JSON.stringify(resolve(api, schema)).includes('"description"');
  return [shown, needsWords ? el("dl", { class: "members" }, members(api, resolve(api, schema))) : []];
}

function credentials(api, operation) {
  const ways = operation.security ?? api.security;
  const names = { session: "Session", csrfToken: "CSRF token", accessToken: "Access token" };
  return ways.length === 0
    ? [el("span", { class: "chip" }, "No credential of a user")]
    : ways.map((way) => el("span", { class: "chip" }, Object.keys(way).map((key) => names[key] ?? key).join(" + ")));
}

function curl(api, path, method, operation) {
  const example = operation.requestBody?.content["application/json"].example;
  const ways = operation.security;
  const sessionOnly = ways && !ways.some((way) => "accessToken" in way);
  const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${location.origin}${path}`];
  if (sessionOnly) {
    lines.push(`-H "Cookie: ${api.components.securitySchemes.session.name}=$SESSION"`);
    if (method !== "get") {
      lines.push('-H "X-CSRFToken: $CSRF"');
    }
  } else {
    lines.push('-H "Authorization: Bearer $TOKEN"');
  }
  if (example) {
    lines.push(`-d '${JSON.stringify(example)}'`);
  }
  return el("pre", { tabindex: "0", class: "curl" }, lines.join(" \\\n  "));
}

function response(api, status, reference) {
  const answer = resolve(api, reference);
  return el("details", status === "200" ? { open: "" } : {},
    el("summary", {},
      el("strong", { class: status < 400 ? "fine" : "refused" }, status), el("span", {}, line(answer.description))),
    body(api, answer.content));
}

function operation(api, path, method, description) {
  const id = description.operationId;
  return el("article", { id, "aria-labelledby": `${id}-title` },
    el("h3", { id: `${id}-title` }, el("a", { href: `#${id}` }, description.summary)),
    el("p", { class: "route" }, el("span", { class: `method ${method}` }, method.toUpperCase()), el("code", {}, path)),
    el("p", { class: "chips" }, el("span", { class: "muted" }, "By "), credentials(api, description)),
    prose(description.description),
    description.security?.length === 0 ? [] : [el("h4", {}, "Request"), curl(api, path, method, description)],
    description.requestBody ? [el("h4", {}, "Body"), body(api, description.requestBody.content)] : [],
    el("h4", {}, "Answers"),
    Object.entries(description.responses).map(([status, reference]) => response(api, status, reference)));
}

function render(api) {
  main.append(el("div", { class: "lead" }, el("p", {}, api.info.summary), prose(api.info.description)));
  main.append(el("section", { "aria-labelledby": "credentials" },
    el("h2", { id: "credentials" }, "Credentials"),
    el("dl", { class: "members" }, Object.values(api.components.securitySchemes).flatMap((scheme) => [
      el("dt", {}, el("code", {}, scheme.name ?? "Authorization"),
        el("span", {}, scheme.in ?? "header, Bearer")),
      el("dd", {}, prose(scheme.description)),
    ]))));
  contents.append(el("p", {}, el("a", { href: "#credentials" }, "Credentials")));
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, description]) => ({ path, method, description })));
  for (const tag of api.tags) {
    const own = operations.filter(({ description }) => description.tags.includes(tag.name));
    main.append(el("section", {}, el("h2", {}, tag.name), prose(tag.description),
      own.map(({ path, method, description }) => operation(api, path, method, description))));
    contents.append(el("p", {}, tag.name), el("ul", {}, own.map(({ method, description }) =>
      el("li", {}, el("a", { href: `#${description.operationId}` },
        el("span", { class: `method ${method}` }, method.toUpperCase()), description.summary)))));
  }
  // What the address names is there only now.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  render(await (await fetch("/openapi.json")).json());
} catch {
  main.append(el("p", { class: "notice error", role: "alert" }, "The description could not be loaded. Reload the page to try again."));
}
