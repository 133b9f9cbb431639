package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;
import usersapi.standin.Events;
import usersapi.testing.LocalTables;

class OpenSessionHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    /** SessionsPerUser of template.yaml. */
    private static final int MAX_SESSIONS = 50;

    private final OpenSessionHandler handler = new OpenSessionHandler(TABLES::variable);

    @Test
    void givesTheCookiesToSetAndWhatIsInThem() {
        var userId = Invocation.signIn(TABLES, "jane@example.com").userId();

        var opened = Invocation.invoke(handler, Invocation.event("open-session", userId));

        assertThat(opened.members()).containsOnlyKeys("message", "session_id", "csrf_token", "expires", "cookies")
                .containsEntry("message", "ok");
        assertThat((Long) opened.get("expires")).isGreaterThan(Instant.now().getEpochSecond());
        assertThat((List<?>) opened.get("cookies")).hasSize(2);
        assertThat(((List<?>) opened.get("cookies")).getFirst().toString())
                .startsWith("sessionid=" + opened.get("session_id") + "; Path=/; Max-Age=")
                .endsWith("; Secure; SameSite=Lax; HttpOnly");
        assertThat(((List<?>) opened.get("cookies")).getLast().toString())
                .startsWith("csrftoken=" + opened.get("csrf_token") + "; Path=/; Max-Age=")
                .endsWith("; Secure; SameSite=Lax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"external_id\":null}", "{\"external_id\":7}", "{\"external_id\":\"nobody\"}",
            "{\"external_id\":\"00000000000000000000000000000000\"}",
            "{\"external_id\":\"\"}"})
    void opensNoSessionForNobody(String event) {
        var items = TABLES.items();

        assertThat(Invocation.invoke(handler, event).toJson()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"external_id: must be a user's external id\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }

    @Test
    void endsTheEarliestSessionWhenTheUserHasTheMostThatAreAllowed() {
        var earliest = Invocation.signIn(TABLES, "busy@example.com");
        for (int i = 0; i < MAX_SESSIONS; i++) {
            Invocation.invoke(handler, Invocation.event("open-session", earliest.userId()));
        }

        assertThat(Invocation.invoke(new AuthorizerHandler(TABLES::variable),
                Events.read("authorizer", earliest.userId(), earliest.sessionId())).toJson())
                .contains("\"Effect\":\"Deny\"");
    }

    @Test
    void tellsTheLogThatOneWasOpenedAndHowManyEndedForIt() {
        var userId = Invocation.signIn(TABLES, "limited@example.com").userId();
        var limited = new OpenSessionHandler(name -> switch (name) {
            case "SESSIONS_PER_USER", "SESSION_IDLE_DAYS" -> "1";
            default -> TABLES.variable(name);
        });

        assertThat(Invocation.log(limited, Invocation.event("open-session", userId)).getLast().members())
                .containsEntry("account_event", "session_opened").containsEntry("ended", 1L)
                .containsEntry("user_id", userId);
    }

    @Test
    void anIdTooLongForAnybodyIsNobodys() {
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"" + "a".repeat(3_000) + "\"}").string("detail"))
                .contains("external_id: must be a user's external id");
    }

    @Test
    void adoptsNoSessionOfSomebodysChoice() {
        var userId = Invocation.signIn(TABLES, "fixated@example.com").userId();
        var chosen = "A".repeat(43);

        var opened = Invocation.invoke(handler, new JsonObject().put("external_id", userId).put("session_id", chosen)
                .put("csrf_token", chosen).put("cookies", List.of("sessionid=" + chosen)).toJson());

        assertThat(opened.toJson()).contains("\"message\":\"ok\"").doesNotContain(chosen);
        assertThat(Invocation.invoke(new AuthorizerHandler(TABLES::variable), Events.read("authorizer", userId, chosen))
                .toJson())
                .contains("\"Effect\":\"Deny\"");
    }
}
