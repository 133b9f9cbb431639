let options;

/** @returns {Option[]} the zones that this browser knows, or the typed text, which the API then checks */
export function zones(typed) {
  options ??= [...new Set(known())].map(option);
  return options.length ? options : [...new Set(["UTC", typed.trim().replaceAll(" ", "_")])].filter(Boolean).map(option);
}

function known() {
  try {
    return ["UTC", ...Intl.supportedValuesOf("timeZone")];
  } catch {
    return [];
  }
}

function option(value) {
  const hint = offset(value);
  return { value, label: value.replaceAll("_", " "), hint, words: `${value} ${hint}`.toLowerCase().replaceAll("_", " ") };
}

/** As `GMT+1`; empty for a zone that this browser does not know. */
function offset(timeZone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts()
      .find((part) => part.type === "timeZoneName").value;
  } catch {
    return "";
  }
}
