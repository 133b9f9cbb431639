package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import usersapi.standin.Events;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.testing.Exchange;

/** The events of {@code events/}, on a server with their users. */
class EventsTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static LocalAws aws;
    private static LocalGateway gateway;

    @BeforeAll
    static void start() {
        aws = LocalAws.inMemory();
        gateway = LocalGateway.start(Template.projectDirectory().resolve("template.yaml"), aws, id -> id, 0);
        gateway.signInDemoUser(aws, true);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        aws.close();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode invoke(String function, String event) {
        return json(Exchange.of(gateway.uri(), "POST", "/2015-03-31/functions/%s/invocations".formatted(function))
                .body(event.replace("https://app.example.com", gateway.uri().toString())).send().text());
    }

    private static String event(Template.Function function) {
        return function.id().equals("StripeWebhook")
                ? Exchange.of(gateway.uri(), "GET", "/local/stripe/webhook-event").send().text()
                : Events.read(Events.nameOf(function));
    }

    private static String outcome(JsonNode answer) {
        var statement = answer.path("policyDocument").path("Statement").path(0);
        return answer.has("active")
                ? answer.path("active").asText()
                : answer.path("message").asText(
                        answer.path("statusCode").asText(
                                statement.path("Effect").asText(answer.path("batchItemFailures").toString())));
    }

    /** In the template's order, in which the subscriber is deleted last. */
    @Test
    void eachIsAnsweredByItsFunction() {
        for (var function : gateway.template().functions()) {
            var answer = invoke(function.id(), event(function));
            assertThat(outcome(answer)).as(function.id()).isIn("200", "303", "ok", "Allow", "true", "[]");
        }
    }
}
