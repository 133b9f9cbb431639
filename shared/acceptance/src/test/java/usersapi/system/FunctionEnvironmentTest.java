package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.config.Environment;
import usersapi.standin.Events;
import usersapi.standin.Template;
import usersapi.testing.Exchange;
import usersapi.testing.LocalTables;
import usersapi.testing.RecordingContext;

/** The template gives each function exactly the variables that it reads. */
class FunctionEnvironmentTest {

    static Stream<Template.Function> functions() {
        return Template.read(LocalTables.PARAMETERS, id -> id).functions().stream();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void aFunctionReadsAllItsVariablesAndNoOther(Template.Function function) {
        var variables = variables(function);
        Set<String> read = ConcurrentHashMap.newKeySet();
        var handler = function.instance(Environment.class, name -> {
            read.add(name);
            return variables.get(name);
        });

        new RecordingContext(function.id()).invoke(handler, event(function));

        read.removeIf(FunctionEnvironmentTest::isSetByLambda);
        assertThat(read).isEqualTo(function.environment().keySet());
    }

    /** Without the SDK's variables, which it reads at the first call. */
    static Stream<Arguments> variables() {
        return functions().flatMap(function -> function.environment().keySet().stream()
                .filter(name -> !name.startsWith("AWS_")).map(name -> Arguments.of(function, name)));
    }

    @ParameterizedTest
    @MethodSource("variables")
    void aFunctionWithoutOneOfItsVariablesDoesNotStartAndNamesBoth(Template.Function function, String name) {
        var variables = variables(function);
        variables.remove(name);

        assertThatThrownBy(() -> function.instance(Environment.class, variables::get)).hasRootCauseMessage(
                "%s: environment variable %s is required".formatted(function.id(), name));
    }

    /** «Defined runtime environment variables», Lambda Developer Guide. */
    private static boolean isSetByLambda(String name) {
        return name.startsWith("AWS_LAMBDA_")
                || Set.of("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY").contains(name);
    }

    /** The function's variables in the running API. */
    private static Map<String, String> variables(Template.Function function) {
        var variables = new HashMap<>(RunningApi.template().function(function.id()).environment());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.id());
        return variables;
    }

    /** An event with which the function does all its work. */
    private static String event(Template.Function function) {
        if (function.id().equals("StripeWebhook")) {
            return Exchange.of(RunningApi.uri(), "GET", "/local/stripe/webhook-event").send().text();
        }
        var user = SignedIn.as(UUID.randomUUID() + "@example.com");
        if (function.id().equals("CreatePortalSession")) {
            user.subscribe();
        }
        if (function.id().equals("RevokeSessions")) {
            return "{\"external_id\": \"%s\", \"tokens\": true}".formatted(user.externalId());
        }
        if (function.id().equals("GetCheckoutSession")) {
            return Events.read(Events.nameOf(function), user.externalId(), user.session()).replace(Events.CHECKOUT,
                    user.checkout());
        }
        if (function.id().equals("DeleteUser")) {
            // A user with a customer, so that the function asks Stripe.
            user.checkout();
        }
        return Events.read(Events.nameOf(function), user.externalId(), user.session())
                .replace("https://app.example.com", RunningApi.uri().toString())
                .replace("jane@example.com", UUID.randomUUID() + "@example.com")
                .replace("{\"all\": true}", "{\"external_id\": \"%s\"}".formatted(user.externalId()));
    }
}
