package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.standin.Events;
import usersapi.testing.LocalTables;

class ProvisionUserHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final ProvisionUserHandler handler = new ProvisionUserHandler(TABLES::variable);

    @Test
    void createsTheUserOnceAndFindsItEverAfter() {
        var first = Invocation.invoke(handler, Events.read("provision-user"));
        var again = Invocation.invoke(handler, "{\"email\":\"JANE@example.com\"}");

        assertThat(first.members()).containsOnlyKeys("message", "external_id", "created")
                .containsEntry("message", "ok").containsEntry("created", true);
        assertThat(again.get("external_id")).isEqualTo(first.get("external_id"));
        assertThat(again.get("created")).isEqualTo(false);
    }

    @Test
    void logsThatTheUserWasMadeOnlyWhenItWas() {
        var event = "{\"email\":\"logs@example.com\"}";

        assertThat(Invocation.log(handler, event).getLast().members()).containsEntry("account_event", "user_made");
        assertThat(Invocation.log(handler, event).getLast().members()).doesNotContainKey("account_event")
                .containsEntry("created", false);
    }

    @Test
    void twoSpellingsOfAnAddressAreOneUser() {
        var first = Invocation.invoke(handler, "{\"email\":\"anna@bücher.example\"}");
        var again = Invocation.invoke(handler, "{\"email\":\"Anna@XN--bcher-kva.example\"}");

        assertThat(first.get("created")).isEqualTo(true);
        assertThat(again.get("created")).isEqualTo(false);
        assertThat(again.get("external_id")).isEqualTo(first.get("external_id"));
    }

    @Test
    void asksForTheAsciiFormWhereAnotherOwnersDomainWouldBeMadeOfThisOne() {
        assertThat(Invocation.invoke(handler, "{\"email\":\"anna@straße.example\"}").toJson()).isEqualTo(
                "{\"message\":\"Unexpected error\",\"detail\":\"email: give the domain in its ASCII form (xn--…)\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"email\":null}", "{\"email\":5}", "{\"email\":\"\"}", "{\"email\":\"nobody\"}",
            "{\"email\":\"<a@example.com>\"}", "{\"email\":\"a@example.com;b\"}"})
    void refusesWhatIsNoAddressAndMakesNobody(String event) {
        var items = TABLES.items();

        assertThat(Invocation.invoke(handler, event).toJson())
                .isEqualTo("{\"message\":\"Unexpected error\",\"detail\":\"email: must be an e-mail address\"}");
        assertThat(TABLES.items()).isEqualTo(items);
    }
}
