package usersapi.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;

class NamedTokenRequestTest {

    private static NamedTokenRequest.Parsed parse(String body) {
        return NamedTokenRequest.parse(((JsonObject.Parsed.Valid) JsonObject.parse(body)).object());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"label\": \"a\"}",
            "{\"label\": \" a\", \"expires_in_days\": null, \"read_only\": false}",
            "{\"label\": \"a\", \"more\": 1}"})
    void needsALabelOnly(String body) {
        assertThat(parse(body))
                .isEqualTo(new NamedTokenRequest.Parsed.Valid(new NamedTokenRequest("a", Optional.empty(), false)));
    }

    @Test
    void mayBeForReadingOnly() {
        assertThat(parse("{\"label\": \"a\", \"read_only\": true}"))
                .isEqualTo(new NamedTokenRequest.Parsed.Valid(new NamedTokenRequest("a", Optional.empty(), true)));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3650,3650", "1.0,1", "1e2,100", "365.0e1,3650", "30,30", "1.000000000000000000000000000000,1"})
    void countsDaysByTheirValue(String written, int days) {
        assertThat(parse("{\"label\": \"a\", \"expires_in_days\": %s}".formatted(written)))
                .isEqualTo(new NamedTokenRequest.Parsed.Valid(
                        new NamedTokenRequest("a", Optional.of(Duration.ofDays(days)), false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "3651", "1.5", "0.999", "3650.01", "1e4", "1e999999999", "1e-999999999", "-0",
            "99999999999999999999", "\"5\"", "true", "false", "[]", "[1]", "{}", "\"\""})
    void refusesInvalidDays(String days) {
        assertThat(parse("{\"label\": \"a\", \"expires_in_days\": %s}".formatted(days))).isEqualTo(
                new NamedTokenRequest.Parsed.Invalid(
                        "expires_in_days: must be a whole number from 1 to 3650, or null"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"label\": null}", "{\"label\": 5}", "{\"label\": [\"a\"]}", "{\"Label\": \"a\"}"})
    void refusesALabelThatIsNotAString(String body) {
        assertThat(parse(body)).isEqualTo(new NamedTokenRequest.Parsed.Invalid("label: must be a string"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "1", "\"true\"", "[]"})
    void refusesAReadOnlyThatIsNeitherTrueNorFalse(String value) {
        assertThat(parse("{\"label\": \"a\", \"read_only\": %s}".formatted(value)))
                .isEqualTo(new NamedTokenRequest.Parsed.Invalid("read_only: must be true or false"));
    }
}
