package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.Sha256;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

class ReencryptTokensHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final JsonObject RING = new JsonObject().put("current", "k1").put("k1", Sha256.hex("k1"));

    private final ReencryptTokensHandler handler = new ReencryptTokensHandler(TABLES::variable);

    @BeforeEach
    void oneKeyAndNobody() {
        ring(RING);
        TABLES.clear();
    }

    @Test
    void afterItTheOldKeyCanBeRemoved() {
        var jane = Invocation.signIn(TABLES, "jane@example.com").userId();
        var john = Invocation.signIn(TABLES, "john@example.com").userId();
        var janes = token(jane);
        var johns = token(john);
        ring(new JsonObject().put("current", "k2").put("k1", Sha256.hex("k1")).put("k2", Sha256.hex("k2")));
        var anns = token(Invocation.signIn(TABLES, "ann@example.com").userId());

        assertThat(Invocation.invoke(handler, Invocation.event("reencrypt-tokens", "")).toJson()).isEqualTo(
                "{\"message\":\"ok\",\"reencrypted\":2,\"current\":1,\"undecryptable\":0,\"next\":null}");

        ring(new JsonObject().put("current", "k2").put("k2", Sha256.hex("k2")));
        assertThat(token(jane)).isEqualTo(janes);
        assertThat(token(john)).isEqualTo(johns).isNotEqualTo(anns);
        assertThat(Invocation.invoke(handler, "{\"all\":true}").get("current")).isEqualTo(3L);
    }

    @Test
    void doesItForOneUserOnly() {
        var jane = Invocation.signIn(TABLES, "jane@example.com").userId();
        var john = Invocation.signIn(TABLES, "john@example.com").userId();
        ring(new JsonObject().put("current", "k2").put("k1", Sha256.hex("k1")).put("k2", Sha256.hex("k2")));

        assertThat(Invocation.invoke(handler, "{\"external_id\":\"" + jane + "\"}").get("reencrypted")).isEqualTo(1L);

        assertThat(atRest(jane)).startsWith("k2.");
        assertThat(atRest(john)).startsWith("k1.");
        assertThat(Invocation.invoke(handler, "{\"external_id\":\"%s\"}".formatted("0".repeat(32))).toJson()).isEqualTo(
                "{\"message\":\"ok\",\"reencrypted\":0,\"current\":0,\"undecryptable\":0,\"next\":null}");
    }

    @Test
    void aTokenThatDoesNotDecryptIsLoggedByItsUserAndLeftAsItIs() {
        var broken = Invocation.signIn(TABLES, "broken@example.com").userId();
        var whole = Invocation.signIn(TABLES, "whole@example.com").userId();
        var swapped = atRest(whole);
        var item = new HashMap<>(TABLES.item("Users", "user#" + broken).orElseThrow());
        item.put("token", AttributeValue.fromS(swapped));
        TABLES.put("Users", item);
        ring(new JsonObject().put("current", "k2").put("k1", Sha256.hex("k1")).put("k2", Sha256.hex("k2")));
        var context = new RecordingContext("ReencryptTokens");

        var answer = context.invoke(handler, "{\"all\":true}");

        assertThat(answer).isEqualTo(
                "{\"message\":\"ok\",\"reencrypted\":1,\"current\":0,\"undecryptable\":1,\"next\":null}");
        assertThat(context.lines()).filteredOn(line -> line.contains(broken)).singleElement().asString()
                .contains("\"level\":\"ERROR\"").doesNotContain(swapped);
        assertThat(context.lines()).last().asString().contains("\"outcome\":\"failed\"");
        assertThat(atRest(broken)).isEqualTo(swapped);
        assertThat(atRest(whole)).startsWith("k2.");
        assertThat(Invocation.invoke(handler, "{\"all\":true,\"segment\":1,\"segments\":1}").get("failed_users"))
                .isEqualTo(List.of(broken));
    }

    @Test
    void stopsAfterAPageIfNoTimeIsLeftAndGoesOnFromItsNext() {
        var padding = AttributeValue.fromS("x".repeat(350_000)); // a page of DynamoDB has at most 1 MB
        for (int i = 0; i < 4; i++) {
            var userId = Invocation.signIn(TABLES, "user-%d@example.com".formatted(i)).userId();
            var item = new HashMap<>(TABLES.item("Users", "user#" + userId).orElseThrow());
            item.put("padding", padding);
            TABLES.put("Users", item);
        }
        ring(new JsonObject().put("current", "k2").put("k1", Sha256.hex("k1")).put("k2", Sha256.hex("k2")));

        var first = Invocation.json(
                new RecordingContext("ReencryptTokens", Duration.ofSeconds(29)).invoke(handler, "{\"all\":true}"));
        var second = Invocation.invoke(handler,
                "{\"all\":true,\"from\":\"%s\"}".formatted(first.string("next").orElseThrow()));

        assertThat((Long) first.get("reencrypted")).isPositive();
        assertThat((Long) first.get("reencrypted") + (Long) second.get("reencrypted")).isEqualTo(4);
        assertThat(second.get("next")).isNull();
    }

    @Test
    void asksForAUserOrAll() {
        assertThat(Invocation.invoke(handler, "{}").string("detail"))
                .contains("either external_id: a user's external id, or all: true");
    }

    private static void ring(JsonObject ring) {
        TABLES.putSecret(TABLES.variable("TOKEN_KEY_SECRET"), ring.toJson());
    }

    private static String atRest(String userId) {
        return TABLES.item("Users", "user#" + userId).orElseThrow().get("token").s();
    }

    /** The user's token as a newly started function shows it. */
    private static String token(String userId) {
        return Invocation.shownToken(TABLES, Invocation.signInAgain(TABLES, userId));
    }
}
