package usersapi.user;

import java.util.Map;
import usersapi.json.JsonObject;

/**
 * A user's settings.
 *
 * @param values the settings that the user has set
 */
public record Settings(Map<Setting, String> values) {

    /** All settings as JSON; null for a setting that the user has not set. */
    public JsonObject toJson() {
        var json = new JsonObject();
        for (var setting : Setting.values()) {
            json.put(setting.wireName(), values.get(setting));
        }
        return json;
    }
}
