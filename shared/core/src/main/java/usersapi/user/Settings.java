package usersapi.user;

import java.util.Map;
import usersapi.json.JsonObject;

/**
 * A user's settings.
 *
 * @param values those that the user has made
 */
public record Settings(Map<Setting, String> values) {

    /** All settings as answers have them: null where the user has made none. */
    public JsonObject toJson() {
        var json = new JsonObject();
        for (var setting : Setting.values()) {
            json.put(setting.wireName(), values.get(setting));
        }
        return json;
    }
}
