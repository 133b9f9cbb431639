package usersapi.local;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usersapi.standin.LocalAws;

/** The screen that the server prints when it is ready: addresses, the demo user, and commands to try. */
final class Banner {

    private final LocalGateway gateway;
    private final LocalAws aws;
    private final DemoUser demo;
    private final LocalOptions options;

    Banner(LocalGateway gateway, LocalAws aws, DemoUser demo, LocalOptions options) {
        this.gateway = gateway;
        this.aws = aws;
        this.demo = demo;
        this.options = options;
    }

    String text() {
        var uri = gateway.uri();
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Users API on %s, %s".formatted(uri, options.data().map(directory -> "data in " + directory)
                .orElse("data in memory until it stops")));
        lines.add("");
        lines.add(place("settings page", uri.resolve("/")));
        lines.add(place("API description", uri.resolve("/local/openapi")));
        lines.add(place("Lambda", uri));
        lines.add(place("DynamoDB", aws.dynamoDbEndpoint()));
        lines.add(place("Secrets Manager", aws.secretsEndpoint()));
        gateway.stripe().ifPresent(stripe -> lines.add(place("Stripe", stripe)));
        Optional.ofNullable(gateway.template().environment().get("OIDC_ISSUER"))
                .ifPresent(issuer -> lines.add(line("OpenID provider", issuer)));
        lines.add("");
        lines.add("Signed in: " + demo.email());
        lines.add(line("external id", demo.externalId()));
        lines.add(line("session cookie", cookie()));
        lines.add(line("CSRF token", demo.csrfToken()));
        lines.add(line("access token", demo.accessToken()));
        lines.add("");
        lines.add("Try");
        lines.addAll(tries());
        lines.add("");
        lines.add("Ctrl-C stops it.");
        return String.join("\n", lines);
    }

    private List<String> tries() {
        var me = "  curl -i %s/api/users/me/ -H 'Authorization: Bearer %s'".formatted(gateway.uri(),
                demo.accessToken());
        var settings = "  curl -i -X PATCH %s/api/users/settings/ -H 'Cookie: %s' -H 'X-CSRFToken: %s' -d '{\"tz\": \"Europe/Zurich\"}'"
                .formatted(gateway.uri(), cookie(), demo.csrfToken());
        var invoke = "  aws lambda invoke --endpoint-url %s --function-name RecountStorage:live "
                .formatted(gateway.uri())
                + "--cli-binary-format raw-in-base64-out --payload '{\"all\": true}' /dev/stdout";
        return options.isFixed()
                ? List.of(me, settings, invoke, "  sam local invoke GetCurrentUser -e events/get-current-user.json")
                : List.of(me, settings, invoke);
    }

    private String cookie() {
        return "%s=%s".formatted(gateway.template().environment().get("SESSION_COOKIE"), demo.sessionId());
    }

    private static String place(String name, URI uri) {
        return line(name, uri.toString());
    }

    private static String line(String name, String value) {
        return "  %-17s%s".formatted(name, value);
    }
}
