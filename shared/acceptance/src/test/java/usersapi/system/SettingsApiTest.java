package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.Exchange;

/** «Get user settings», «Update user settings». */
class SettingsApiTest {

    private final SignedIn user = SignedIn.as("settings@example.com");

    private Exchange.Reply update(String body) {
        return user.changing("PATCH", "/api/users/settings/").body(body).send();
    }

    private Optional<String> storedTimeZone(SignedIn whose) {
        return Optional.ofNullable(RunningApi.profile(whose.externalId()).get("settings").m().get("tz"))
                .map(AttributeValue::s);
    }

    private static void assertRefused(Exchange.Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).isEqualTo("Unexpected error");
        assertThat(reply.json().path("detail").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "UTC", "Europe/Berlin", "Etc/GMT+5", "Asia/Kolkata"})
    void updatesTheTimeZone(String tz) {
        var reply = update("{\"tz\": \"%s\"}".formatted(tz));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .isEqualTo("{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":\"%s\"}}}".formatted(tz));
        assertThat(storedTimeZone(user)).contains(tz);
    }

    @Test
    void tellsAllSettingsToSessionsAndAccessTokens() {
        update("{\"tz\": null}");
        var bySession = user.request("GET", "/api/users/settings/").send();
        assertThat(bySession.status()).isEqualTo(200);
        assertThat(bySession.json().path("tz").isNull()).isTrue();

        update("{\"tz\": \"Europe/Zurich\"}");
        var byToken = Exchange.of(RunningApi.uri(), "GET", "/api/users/settings/")
                .header("Authorization", "Bearer " + user.accessToken()).send();
        assertThat(byToken.status()).isEqualTo(200);
        assertThat(byToken.json().path("tz").asText()).isEqualTo("Europe/Zurich");
    }

    @Test
    void changesNothingWhereOneSettingIsInvalid() {
        update("{\"tz\": \"UTC\", \"locale\": \"de-ch\"}");
        var before = RunningApi.items();

        assertRefused(update("{\"tz\": \"Asia/Tokyo\", \"locale\": \"de_CH\"}"));

        assertThat(RunningApi.items()).isEqualTo(before);
        assertThat(user.request("GET", "/api/users/settings/").send().text())
                .contains("\"tz\":\"UTC\"", "\"locale\":\"de-CH\"");
    }

    @Test
    void refusesOtherCallers() {
        var reply = Exchange.of(RunningApi.uri(), "GET", "/api/users/settings/").send();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    @Test
    void clearsTheTimeZone() {
        update("{\"tz\": \"UTC\"}");

        var reply = update("{\"tz\": null}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":null}}}");
        assertThat(storedTimeZone(user)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"unknown\": 1}", " { \"TZ\" : \"UTC\" , \"email\": \"x@example.com\" } "})
    void omitsUpdatesIfThereAreNone(String body) {
        update("{\"tz\": \"UTC\"}");
        var before = RunningApi.items();

        var reply = update(body);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"message\":\"ok\"}");
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void updatesOnlyWhatItKnows() {
        var reply = update("{\"external_id\": \"x\", \"tz\": \"UTC\", \"token_hash\": \"x\"}");

        assertThat(reply.text()).isEqualTo("{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":\"UTC\"}}}");
        assertThat(user.request("GET", "/api/users/me/").send().text()).contains(user.externalId());
    }

    @Test
    void updatesNobodyElse() {
        var other = SignedIn.as("settings-other@example.com");
        other.changing("PATCH", "/api/users/settings/").body("{\"tz\": \"Asia/Tokyo\"}").send();

        update("{\"tz\": \"UTC\"}");

        assertThat(storedTimeZone(other)).contains("Asia/Tokyo");
    }

    @Test
    void takesAnAccessTokenToo() {
        var reply = Exchange.of(RunningApi.uri(), "PATCH", "/api/users/settings/")
                .header("Authorization", "Bearer " + user.accessToken()).body("{\"tz\": \"Asia/Tokyo\"}").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(storedTimeZone(user)).contains("Asia/Tokyo");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"tz": "Mars/Base"}               | tz: unknown time zone "Mars/Base"
            {"tz": ""}                        | tz: unknown time zone ""
            {"tz": "+02:00"}                  | tz: unknown time zone "+02:00"
            {"tz": 1}                         | tz: must be a string or null
            {"tz": true}                      | tz: must be a string or null
            {"tz": ["UTC"]}                   | tz: must be a string or null
            {"tz": {"name": "UTC"}}           | tz: must be a string or null
            {"tz": "UTC", "tz": "UTC"}        | body: duplicate key "tz"
            {"a": {"b": 1, "b": 2}}           | body: duplicate key "b"
            []                                | body: not a JSON object
            "tz"                              | body: not a JSON object
            null                              | body: not a JSON object
            1                                 | body: not a JSON object
            ''                                | body: empty
            {"tz": "UTC"} {"tz": "UTC"}       | body: text after the JSON object
            """)
    void saysWhatToCorrect(String body, String detail) {
        var before = RunningApi.items();

        var reply = update(body);

        assertRefused(reply);
        assertThat(reply.json().path("detail").asText()).isEqualTo(detail);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tz=UTC", "{", "{\"tz\"", "{\"tz\": \"UTC\"", "{tz: \"UTC\"}", "{'tz': 'UTC'}",
            "{\"tz\": \"UTC\",}", "{\"tz\": \"U\tTC\"}", "{\"tz\": NaN}", "{\"a\": 1e999999999999}", "\uFEFF{}",
            "{\"tz\": \"\\ud800\"}", "{\"tz\": \"\\u0000\"}", "// comment\n{}"})
    void refusesABodyThatIsNotJsonOrNoTimeZone(String body) {
        var before = RunningApi.items();

        assertRefused(update(body));
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void refusesAHugeBody() {
        var before = RunningApi.items();

        assertRefused(update("{\"tz\": \"%s\"}".formatted("x".repeat(1_000_000))));
        assertRefused(update("{\"tz\": \"UTC\", \"a\": %s}".formatted("[".repeat(50_000))));
        assertRefused(update("{\"tz\": %s}".formatted("1".repeat(50_000))));
        assertThat(update(" ".repeat(10 * 1024 * 1024 + 1)).status()).isEqualTo(413);
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @Test
    void refusesABodyThatIsNotUtf8() {
        var before = RunningApi.items();
        var body = "{\"tz\": \"UTC\", \"a\": \"ü\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertRefused(user.changing("PATCH", "/api/users/settings/").body(body).send());
        assertThat(RunningApi.items()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"})
    void readsJsonWhateverTheContentTypeSays(String contentType) {
        var reply = user.changing("PATCH", "/api/users/settings/").header("Content-Type", contentType)
                .body("{\"tz\": \"UTC\"}").send();

        assertThat(reply.status()).isEqualTo(200);
    }
}
