package usersapi.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import usersapi.testing.LocalTables;

class ListTokensHandlerTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final ListTokensHandler handler = new ListTokensHandler(TABLES::variable);

    @Test
    void saysOfEachNamedTokenWhatItsUserIsToKnow() {
        var user = Invocation.signIn(TABLES, "lists@example.com");
        var event = Invocation.event(TABLES.template().function("ListTokens"), user);
        assertThat(Invocation.ok(handler, event).toJson()).isEqualTo("{\"tokens\":[]}");
        var limited = CreateTokenHandlerTest.create(TABLES, user,
                "{\"label\":\"CI\",\"expires_in_days\":1,\"read_only\":true}");

        assertThat(Invocation.ok(handler, event).toJson()).isEqualTo("""
                {"tokens":[{"id":"%s","label":"CI","created":%s,"last_used":null,"expires":%s,"read_only":true}]}"""
                .formatted(limited.get("id"), limited.get("created"), limited.get("expires")));

        assertThat(AuthorizerHandlerTest.isBearerAllowed(TABLES, limited.string("access_token").orElseThrow()))
                .isTrue();
        assertThat(Invocation.ok(handler, event).toJson()).doesNotContain("\"last_used\":null");
    }
}
