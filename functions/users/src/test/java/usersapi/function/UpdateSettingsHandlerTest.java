package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.testing.LocalTables;

class UpdateSettingsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final UpdateSettingsHandler handler = new UpdateSettingsHandler(TABLES::variable);
    private final String userId = Invocation.signIn(TABLES, "jane@example.com").userId();

    @Test
    void changesTheTimeZoneOfTheEvent() {
        assertThat(Invocation.respond(handler, Invocation.event("update-settings", userId)).getBody()).isEqualTo(
                "{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":\"America/New_York\"}}}");
        assertThat(storedTz()).isEqualTo("America/New_York");
    }

    @Test
    void nullForgetsTheTimeZone() {
        Invocation.respond(handler, Invocation.event("update-settings", userId));

        assertThat(Invocation.respond(handler, withBody("{\"tz\":null}")).getBody())
                .isEqualTo("{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":null}}}");
        assertThat(storedTz()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{}", "{\"unknown\":1}", "{\"TZ\":\"UTC\"}"})
    void withoutAKnownSettingThereAreNoDetailsAndNothingChanges(String body) {
        var items = TABLES.items();

        assertThat(Invocation.respond(handler, withBody(body)).getBody()).isEqualTo("{\"message\":\"ok\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void unknownSettingsBesideAKnownOneAreIgnored() {
        assertThat(Invocation.respond(handler, withBody("{\"email\":\"x\",\"tz\":\"UTC\",\"plan\":\"pro\"}")).getBody())
                .isEqualTo("{\"message\":\"ok\",\"details\":{\"updated_fields\":{\"tz\":\"UTC\"}}}");
        assertThat(TABLES.item("Users", "user#" + userId).orElseThrow()).doesNotContainKey("plan");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{\"tz\":\"Mars/Base\"}|tz: unknown time zone \\\"Mars/Base\\\"", "{\"tz\":5}|tz: must be a string or null",
            "{\"tz\":|body: not valid JSON at line 1 column 7", "~~|body: empty", "[]|body: not a JSON object",
            "{\"tz\":\"UTC\",\"tz\":\"GMT\"}|body: duplicate key \\\"tz\\\""})
    void aBodyThatCannotBeMeantIsRefusedInWordsAndChangesNothing(String body, String detail) {
        var items = TABLES.items();

        var response = Invocation.respond(handler, withBody(body));

        assertThat(response.getStatusCode()).isEqualTo(400);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Unexpected error\",\"detail\":\"" + detail + "\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void aBearerMayChangeSettings() {
        var event = Invocation.event("update-settings", userId).replace("SESSION", "BEARER").replace("\"true\"",
                "\"false\"");

        assertThat(Invocation.respond(handler, event).getStatusCode()).isEqualTo(200);
    }

    @Test
    void aSessionWithoutItsCsrfTokenChangesNothing() {
        var items = TABLES.items();

        var response = Invocation.respond(handler,
                Invocation.event("update-settings", userId).replace("\"true\"", "\"false\""));

        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void aUserWhoIsGoneIsUnauthorized() {
        var response = Invocation.respond(handler, Invocation.event("update-settings", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    private String withBody(String body) {
        return Invocation.json(Invocation.event("update-settings", userId)).put("body", body).toJson();
    }

    private String storedTz() {
        var tz = TABLES.item("Users", "user#" + userId).orElseThrow().get("settings").m().get("tz");
        return tz == null ? null : tz.s();
    }
}
