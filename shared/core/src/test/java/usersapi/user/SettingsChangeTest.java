package usersapi.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;
import usersapi.user.SettingsChange.Parsed.Invalid;
import usersapi.user.SettingsChange.Parsed.Nothing;
import usersapi.user.SettingsChange.Parsed.Valid;

class SettingsChangeTest {

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "UTC", "Europe/Zurich", "Etc/GMT+5", "America/Argentina/Buenos_Aires",
            "US/Pacific", "EST", "MST", "HST", "ROC", "GMT+0", "GMT-0", "GMT0", "EST5EDT"})
    void takesIanaIdentifiers(String tz) {
        assertThat(SettingsChange.parse(new JsonObject().put("tz", tz)))
                .isEqualTo(new Valid(new SettingsChange(Map.of(Setting.TZ, Optional.of(tz)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Mars/Base", "utc", "america/new_york", "+02:00", "UTC+2", "GMT+2", "Z", "CEST",
            "SystemV/PST8", " UTC", "UTC ", "../etc/passwd", "\uD83D"})
    void refusesInvalidIdentifiers(String tz) {
        assertThat(SettingsChange.parse(new JsonObject().put("tz", tz)))
                .isInstanceOfSatisfying(Invalid.class,
                        invalid -> assertThat(invalid.detail()).startsWith("tz: unknown time zone \""));
    }

    @Test
    void quotesTheUnknownZone() {
        assertThat(SettingsChange.parse(new JsonObject().put("tz", "Mars/Base")))
                .isEqualTo(new Invalid("tz: unknown time zone \"Mars/Base\""));
    }

    @Test
    void nullClearsTheZone() {
        assertThat(SettingsChange.parse(new JsonObject().put("tz", null)))
                .isEqualTo(new Valid(new SettingsChange(Map.of(Setting.TZ, Optional.empty()))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{\"tz\":5}", "{\"tz\":true}", "{\"tz\":[\"UTC\"]}",
            "{\"tz\":{\"id\":\"UTC\"}}"})
    void refusesOtherTypes(String body) {
        assertThat(SettingsChange.parse(((JsonObject.Parsed.Valid) JsonObject.parse(body)).object()))
                .isEqualTo(new Invalid("tz: must be a string or null"));
    }

    @Test
    void oneInvalidSettingMakesTheWholeChangeInvalid() {
        for (var body : List.of(new JsonObject().put("tz", "UTC").put("locale", "de_CH"),
                new JsonObject().put("locale", "de_CH").put("tz", "UTC"))) {
            assertThat(SettingsChange.parse(body)).isEqualTo(new Invalid("locale: not a language tag \"de_CH\""));
        }
    }

    @Test
    void namesTheSettingsInTheFormInWhichTheyAreStored() {
        var body = new JsonObject().put("locale", "DE-ch").put("tz", null);

        assertThat(((Valid) SettingsChange.parse(body)).change().toJson().toJson())
                .isEqualTo("{\"tz\":null,\"locale\":\"de-CH\"}");
    }

    @Test
    void ignoresSettingsItDoesNotKnow() {
        assertThat(SettingsChange.parse(new JsonObject())).isEqualTo(new Nothing());
        assertThat(SettingsChange.parse(new JsonObject().put("TZ", "UTC").put("email", "x"))).isEqualTo(new Nothing());
    }
}
