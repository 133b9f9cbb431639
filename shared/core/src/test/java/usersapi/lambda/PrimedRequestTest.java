package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import usersapi.json.JsonObject;
import usersapi.user.Setting;

/** The invented request of {@link Priming}. */
class PrimedRequestTest {

    /** Otherwise the class that parses the setting would be loaded by a user's request. */
    @Test
    void changesEachSetting() throws IOException {
        var event = valid(JsonObject.read(new ByteArrayInputStream(Priming.event("Cookie", "primed", ""))));

        assertThat(valid(JsonObject.parse(event.string("body").orElseThrow())).members())
                .containsKeys(Stream.of(Setting.values()).map(Setting::wireName).toArray(String[]::new));
    }

    private static JsonObject valid(JsonObject.Parsed parsed) {
        return ((JsonObject.Parsed.Valid) parsed).object();
    }
}
