package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.lambda.AccessRules;
import usersapi.lambda.Principal;
import usersapi.standin.Template;
import usersapi.testing.Exchange;

/** The API's description agrees with the standard, with the template, and with what the API answers. */
class ApiDescriptionTest {

    private final ApiDescription description = ApiDescription.read();
    private final Template template = Template.read(
            Map.of("FrontendOrigin", "https://app.example.com", "StripePlans", "pro=price_1", "OidcIssuer",
                    "https://idp.example.com", "OidcClientId", "client"),
            id -> id);

    private static String resource(ApiDescription.Operation operation) {
        return operation.path().replaceFirst("/$", "");
    }

    private ApiDescription changed(String pointer, String name, String value) {
        ObjectNode document = description.document().deepCopy();
        ((ObjectNode) document.at(pointer)).put(name, value);
        return new ApiDescription(document);
    }

    @Test
    void isOpenApi31() {
        assertThat(description.document().path("openapi").asText()).startsWith("3.1.");
        assertThat(description.faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', openapi, 2.0", "/info, titel, Users API", "/paths/~1api~1users~1me~1/get, responses, none",
            "/components/schemas/Ok, type, thing"})
    void isHeldToTheStandard(String pointer, String name, String value) {
        assertThat(changed(pointer, name, value).faults()).isNotEmpty();
    }

    @Test
    void givesExamplesThatItsSchemasAllow() {
        assertThat(description.faultsOfExamples()).isEmpty();
        assertThat(changed("/components/responses/Failed/content/application~1json/example", "message", "no")
                .faultsOfExamples()).isNotEmpty();
    }

    /** An operation has its function's name; a further operation of a function has a suffix. */
    @Test
    void describesTheTemplatesRoutesAndNoOthers() {
        var functions = new TreeMap<String, String>();
        template.functions().forEach(function -> function.routes()
                .forEach(route -> functions.put("%s %s/".formatted(route.method(), route.path()), function.id())));

        assertThat(description.operations()).extracting(operation -> operation.method() + " " + operation.path())
                .containsExactlyInAnyOrderElementsOf(functions.keySet());
        assertThat(description.operations()).extracting(ApiDescriptionTest::operationId).doesNotHaveDuplicates()
                .containsAll(functions.values());
        assertThat(description.operations()).allSatisfy(operation -> assertThat(operationId(operation))
                .startsWith(functions.get(operation.method() + " " + operation.path())));
    }

    private static String operationId(ApiDescription.Operation operation) {
        return operation.description().path("operationId").asText();
    }

    @Test
    void namesTheCredentialsThatEachRouteTakes() {
        for (var operation : description.operations()) {
            var open = template.functions().stream().flatMap(function -> function.routes().stream())
                    .anyMatch(route -> route.open() && route.path().equals(resource(operation))
                            && route.method().equals(operation.method()));
            var session = operation.method().equals("GET")
                    ? "{\"session\":[]}"
                    : "{\"session\":[],\"csrfToken\":[]}";
            var ways = open
                    ? List.of()
                    : AccessRules.of(operation.method(), resource(operation)).takes(Principal.Kind.BEARER)
                            ? List.of(session, "{\"accessToken\":[]}")
                            : List.of(session);
            var named = operation.description().has("security")
                    ? operation.description().get("security")
                    : description.document().get("security");

            assertThat(named.valueStream().map(JsonNode::toString)).as(operation.path()).isEqualTo(ways);
        }
    }

    @Test
    void knowsNoMemberThatItsSchemasDoNotName() {
        for (var operation : description.operations()) {
            var path = operation.path();
            for (var status : operation.description().path("responses").properties()) {
                var code = Integer.parseInt(status.getKey());
                assertThatThrownBy(() -> description.check(operation.method(), path, code, "{\"more\":1}"))
                        .as("%s %d", path, code).isInstanceOf(AssertionError.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "GET|/api/users/storage/|200|{\"total_bytes\":1,\"file_count\":1,\"quota\":1}",
            "GET|/api/users/storage/|200|{\"total_bytes\":\"1\",\"file_count\":1}", "GET|/api/users/storage/|200|{}",
            "GET|/api/users/storage/|200|not JSON", "GET|/api/users/storage/|418|{\"message\":\"teapot\"}",
            "GET|/api/users/storage/|401|{\"message\":\"Unauthorized\"}",
            "GET|/api/users/you/|200|{\"message\":\"ok\"}",
            "DELETE|/api/users/me/|404|{\"error\":\"Not Found\"}"})
    void refusesAnAnswerThatItDoesNotDescribe(String method, String path, int status, String body) {
        assertThatThrownBy(() -> description.check(method, path, status, body)).isInstanceOf(AssertionError.class);
    }

    @Test
    void isWhatEveryReplyOfTheRunningApiIsCheckedAgainst() {
        var storage = RunningApi.uri().resolve("/api/users/storage/");
        var page = Exchange.of(RunningApi.uri(), "GET", "/").send();

        assertThatThrownBy(() -> RunningApi.check("GET", storage, page)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/local/openapi.json"})
    void isServedWithTheNamesThatTheCookiesHaveHere(String path) {
        assertThat(Exchange.of(RunningApi.uri(), "GET", path).send().json().toString())
                .isEqualTo(description.document().toString().replace("__Host-", ""));
    }
}
