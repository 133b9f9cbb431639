/** A text as one word of a shell's command line. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A command that calls a route; it can be pasted into bash and zsh.
 *
 * @param operation of the description, with its path, method and parameters
 * @returns {{takesToken: boolean, text: (token: ?string) => string}} the command, with this access token or the variable TOKEN
 */
export function curl(api, { path, method, parameters, requestBody, security = api.security }) {
  const takesToken = security.some((way) => "accessToken" in way);
  const takesSession = !takesToken && security.length > 0;
  const example = (parameter) => String(parameter.example ?? parameter.schema?.example ?? parameter.name.toUpperCase());
  const inPlace = (place) => parameters.filter((parameter) => parameter.in === place);
  const filled = inPlace("path").reduce((text, parameter) => text.replace(`{${parameter.name}}`, encodeURIComponent(example(parameter))), path);
  const query = new URLSearchParams(inPlace("query").map((parameter) => [parameter.name, example(parameter)])).toString();
  const content = requestBody?.content["application/json"];
  const sent = content?.example ?? Object.values(content?.examples ?? {})[0]?.value;

  return {
    takesToken,
    text(token = null) {
      const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(`${location.origin}${filled}${query && `?${query}`}`)}`];
      if (takesToken) {
        lines.push(token ? `-H ${quoted(`Authorization: Bearer ${token}`)}` : '-H "Authorization: Bearer $TOKEN"');
      }
      if (takesSession) {
        lines.push(`-H "Cookie: ${api.components.securitySchemes.session.name}=$SESSION"`);
      }
      if (takesSession && method !== "get") {
        lines.push('-H "X-CSRFToken: $CSRF"');
      }
      inPlace("header").forEach((parameter) => lines.push(`-H ${quoted(`${parameter.name}: ${example(parameter)}`)}`));
      if (sent !== undefined) {
        lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(sent))}`);
      }
      return lines.join(" \\\n  ");
    },
  };
}
