package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class GetSettingsHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final GetSettingsHandler handler = new GetSettingsHandler(TABLES::variable);
    private final String userId = Invocation.signIn(TABLES, "settings@example.com").userId();

    @Test
    void tellsAllSettingsAndNullWhereNoneIsMade() {
        assertThat(get().members()).containsEntry("tz", null);

        update("{\"tz\":\"Europe/Zurich\"}");
        assertThat(get().members()).containsEntry("tz", "Europe/Zurich");

        update("{\"tz\":null}");
        assertThat(get().members()).containsEntry("tz", null);
    }

    @Test
    void takesABearer() {
        var event = Invocation.event("get-settings", userId).replace("SESSION", "BEARER");

        assertThat(Invocation.respond(handler, event).getStatusCode()).isEqualTo(200);
    }

    @Test
    void aUserWhoIsGoneIsUnauthorized() {
        var response = Invocation.respond(handler, Invocation.event("get-settings", "gone"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    @Test
    void refusesARequestThatNoAuthorizerHasAllowed() {
        var response = Invocation.respond(handler, Invocation.event("get-settings", userId).replace("SESSION", "NONE"));

        assertThat(response.getStatusCode()).isEqualTo(401);
        assertThat(response.getBody()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }

    private JsonObject get() {
        return Invocation.ok(handler, Invocation.event("get-settings", userId));
    }

    private void update(String body) {
        Invocation.ok(new UpdateSettingsHandler(TABLES::variable),
                Invocation.json(Invocation.event("update-settings", userId)).put("body", body).toJson());
    }
}
