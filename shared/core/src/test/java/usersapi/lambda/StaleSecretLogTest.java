package usersapi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.CoreFixture;
import usersapi.json.JsonObject;
import usersapi.secret.CachedSecret;
import usersapi.secret.MalformedSecretException;
import usersapi.standin.MovingClock;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** The log line of an invocation that used the last good value of a secret. */
class StaleSecretLogTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final String name = TABLES.variable("STRIPE_SECRET");
    private final MovingClock clock = new MovingClock();
    private final RecordingContext context = new RecordingContext("Probe");
    private final CachedSecret<String> secret = new CachedSecret<>(() -> CoreFixture.secretsManager(TABLES), name,
            text -> {
                if (text.startsWith("{")) {
                    throw new MalformedSecretException("malformed");
                }
                return text;
            }, clock);

    private final JsonFunction function = new JsonFunction(TABLES::variable) {
        @Override
        protected FunctionResult invoke(JsonObject event, Context ignored) {
            secret.get();
            return event.has("invalid")
                    ? FunctionResult.invalid("invalid")
                    : FunctionResult.ok(new JsonObject().put("message", "ok"), new JsonObject().put("user_id", "jane"));
        }
    };

    @Test
    void aBrokenRotationIsAnErrorWithAnOutcomeOfItsOwnAndTheCallerIsServed() {
        TABLES.putSecret(name, "good");
        assertThat(invoke("{}").get("outcome")).isEqualTo("ok");
        TABLES.putSecret(name, "{s3cret");
        clock.forward(300);

        var line = invoke("{}");

        assertThat(line.members()).containsEntry("outcome", "secret_stale").containsEntry("level", "ERROR")
                .containsEntry("stale_secret", name).containsEntry("user_id", "jane");
        assertThat(line.toJson()).contains(MalformedSecretException.class.getName()).doesNotContain("s3cret");
        assertThat(invoke("{}").get("outcome")).as("until it is tried again").isEqualTo("ok");

        clock.forward(30);
        assertThat(invoke("{\"invalid\":1}").get("outcome")).isEqualTo("secret_stale");
        TABLES.putSecret(name, "better");
        clock.forward(30);
        assertThat(invoke("{}").get("outcome")).isEqualTo("ok");
    }

    @Test
    @Timeout(60)
    void aRefreshThatFailsBesideTheCallersIsNotedByALaterInvocation() {
        TABLES.putSecret(name, "good");
        invoke("{}");
        TABLES.putSecret(name, "{s3cret");
        clock.forward(200);

        var line = invoke("{}");
        while (!line.members().containsKey("stale_secret")) {
            line = invoke("{}");
        }

        assertThat(line.members()).containsEntry("outcome", "secret_stale").containsEntry("level", "ERROR");
        assertThat(line.toJson()).contains(MalformedSecretException.class.getName()).doesNotContain("s3cret");
        assertThat(invoke("{}").get("outcome")).as("until it is tried again").isEqualTo("ok");
    }

    @Test
    void anOutageOfSecretsManagerIsTheSame() {
        TABLES.putSecret(name, "good");
        invoke("{}");
        TABLES.deleteSecret(name);
        clock.forward(300);

        var line = invoke("{}");

        assertThat(line.members()).containsEntry("outcome", "secret_stale");
        assertThat(line.toJson()).contains("\"aws_error\":\"ResourceNotFoundException\"");
        TABLES.putSecret(name, "good");
    }

    @Test
    void notesOutsideAnInvocationAreDropped() {
        CurrentInvocation.noteStaleSecret("of nobody", new IllegalStateException());
        TABLES.putSecret(name, "good");

        assertThat(invoke("{}").members()).containsEntry("outcome", "ok").doesNotContainKey("stale_secret");
    }

    private JsonObject invoke(String event) {
        assertThat(context.invoke(function, event)).startsWith("{\"message\":");
        return ((JsonObject.Parsed.Valid) JsonObject.parse(context.lines().getLast())).object();
    }
}
