package usersapi.user;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import usersapi.json.JsonObject;
import usersapi.json.Quoted;

/**
 * The settings that a request changes (docs/api.md, «Update user settings»). Other settings stay as they are, and names that
 * are not a {@link Setting} are ignored.
 *
 * @param values at least one setting, each with its new value; empty to clear it
 */
public record SettingsChange(Map<Setting, Optional<String>> values) {

    /** The outcomes of reading a request body. */
    public sealed interface Parsed {

        /** At least one setting. */
        record Valid(SettingsChange change) implements Parsed {}

        /** The body names no known setting. */
        record Nothing() implements Parsed {}

        /** A value is invalid, so nothing is changed; {@code detail} says what to correct. */
        record Invalid(String detail) implements Parsed {}
    }

    /** Reads the body of {@code PATCH /api/users/settings/}. */
    public static Parsed parse(JsonObject body) {
        var values = new EnumMap<Setting, Optional<String>>(Setting.class);
        for (var setting : Setting.values()) {
            var name = setting.wireName();
            if (!body.has(name)) {
                continue;
            }
            switch (body.get(name)) {
                case null -> values.put(setting, Optional.empty());
                case String text -> {
                    var parsed = setting.parse(text);
                    if (parsed.isEmpty()) {
                        return new Parsed.Invalid("%s: %s %s".formatted(name, setting.refusal(), Quoted.of(text)));
                    }
                    values.put(setting, parsed);
                }
                default -> {
                    return new Parsed.Invalid(name + ": must be a string or null");
                }
            }
        }
        return values.isEmpty() ? new Parsed.Nothing() : new Parsed.Valid(new SettingsChange(values));
    }

    /** The changed settings as JSON. */
    public JsonObject toJson() {
        var json = new JsonObject();
        values.forEach((setting, value) -> json.put(setting.wireName(), value.orElse(null)));
        return json;
    }
}
