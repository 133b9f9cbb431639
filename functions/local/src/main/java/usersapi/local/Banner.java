package usersapi.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import usersapi.testing.Events;
import usersapi.testing.Template;

/** What a newcomer sees when the server is ready: a signed-in user, and a line of curl for all that the API does. */
final class Banner {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String EMAIL = "demo@example.com";

    private final URI uri;
    private final Template template;
    private final StandIns standIns;
    private final List<String> lines = new ArrayList<>();

    Banner(URI uri, Template template, StandIns standIns) {
        this.uri = uri;
        this.template = template;
        this.standIns = standIns;
    }

    /** Signs the demo user in and tells everything; {@code data} is the directory that keeps the data. */
    String text(Optional<Path> data) {
        var session = signIn();
        var cookie = "%s=%s".formatted(template.environment().get("SESSION_COOKIE"),
                session.path("session_id").asText());
        var csrf = session.path("csrf_token").asText();
        var token = accessToken(cookie);

        lines.add("");
        lines.add("Users API on %s, %s".formatted(uri,
                data.map(directory -> "data in " + directory).orElse("data in memory, gone when it stops")));
        lines.add("");
        lines.add("  settings page    %s/".formatted(uri));
        lines.add("  API description  %s/local/openapi".formatted(uri));
        lines.add("");
        lines.add("Signed in as " + EMAIL);
        lines.add("  cookie        " + cookie);
        lines.add("  CSRF token    " + csrf);
        lines.add("  access token  " + token);
        lines.add("");
        lines.add("By access token; 401 where only a session will do");
        curls(route -> true, "Authorization: Bearer " + token);
        lines.add("");
        lines.add("By session; its CSRF token goes with what changes something");
        curls(route -> true, "Cookie: " + cookie, "X-CSRFToken: " + csrf);
        lines.add("");
        lines.add("Refused: without credential, 401; a session without its CSRF token, 403");
        curls(route -> true);
        curls(Banner::changesSomething, "Cookie: " + cookie);
        lines.add("");
        lines.add("Pay a checkout, by the session_id that it answers with");
        lines.add("  curl -i %s/local/stripe/complete -d '{\"session_id\": \"cs_test_...\"}'".formatted(uri));
        lines.add("");
        lines.add("Another user; the end of the session");
        lines.add("  curl -i %s/local/sign-in -d '{\"email\": \"you@example.com\"}'".formatted(uri));
        lines.add("  curl -i -X POST %s/local/sign-out -H 'Cookie: %s'".formatted(uri, cookie));
        lines.add("");
        lines.add("Ctrl-C stops it.");
        return String.join("\n", lines);
    }

    private ObjectNode signIn() {
        try {
            return standIns.signIn(JSON.createObjectNode().put("email", EMAIL));
        } catch (FunctionFailedException e) {
            throw new IllegalStateException("the demo user could not be signed in", e);
        }
    }

    private String accessToken(String cookie) {
        var request = HttpRequest.newBuilder(uri.resolve("/api/users/me/")).header("Cookie", cookie).build();
        try (var client = HttpClient.newHttpClient()) {
            var me = client.send(request, BodyHandlers.ofByteArray()).body();
            return JSON.readTree(me).path("access_token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean changesSomething(Template.Route route) {
        return !route.method().equals("GET");
    }

    /** A line for each route that is wanted. */
    private void curls(Predicate<Template.Route> wanted, String... headers) {
        for (var function : template.functions()) {
            // What the authorizer does not guard wants no credential of a user's, but Stripe's signature.
            function.routes().stream().filter(route -> !route.open()).filter(wanted)
                    .forEach(route -> lines.add(curl(function, route, headers)));
        }
    }

    private String curl(Template.Function function, Template.Route route, String... headers) {
        var line = new StringBuilder("  curl -i");
        if (changesSomething(route)) {
            line.append(" -X ").append(route.method());
        }
        line.append(' ').append(uri).append(route.path()).append('/');
        for (var header : headers) {
            if (changesSomething(route) || !header.startsWith("X-CSRFToken")) {
                line.append(" -H '").append(header).append('\'');
            }
        }
        body(function).ifPresent(
                body -> line.append(" -H 'Content-Type: application/json' -d '").append(body.replace("'", "'\\''"))
                        .append('\''));
        return line.toString();
    }

    /** The body that the function's event in {@code events/} has, as an example. */
    private static Optional<String> body(Template.Function function) {
        var name = Events.nameOf(function);
        return Events.find(name).flatMap(event -> {
            try {
                return Optional.ofNullable(JSON.readTree(event).path("body").textValue());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
