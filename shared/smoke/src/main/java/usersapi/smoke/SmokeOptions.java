package usersapi.smoke;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * The options of a smoke test.
 *
 * @param api the API's URL: the stack's output {@code ApiUrl}, or the frontend's origin
 * @param provisionUser name or ARN of the function, for example the stack's output {@code ProvisionUserArn}
 * @param openSession the same for {@code OpenSession}
 * @param deleteUser the same for {@code DeleteUser}; without it the user stays
 * @param lambdaEndpoint the URL of Lambda's API; AWS's own if empty
 * @param issuer the OpenID provider that signs people in; empty if the test does not know whether there is one
 * @param mistakes invalid options
 */
record SmokeOptions(URI api, String provisionUser, String openSession, Optional<String> deleteUser,
        Optional<String> lambdaEndpoint, Optional<String> issuer, List<String> mistakes) {

    /**
     * Reads {@code api.url}, {@code provision.user}, {@code open.session}, {@code delete.user}, {@code lambda.endpoint},
     * {@code oidc.issuer}.
     */
    static SmokeOptions of(Properties given) {
        var mistakes = new ArrayList<String>();
        for (var name : List.of("api.url", "provision.user", "open.session")) {
            if (find(given, name).isEmpty()) {
                mistakes.add("-D%s=…: required".formatted(name));
            }
        }
        var api = URI.create(find(given, "api.url").orElse("").replaceFirst("/$", ""));
        if (find(given, "api.url").isPresent() && !isSafe(api)) {
            mistakes.add("-Dapi.url=%s: must begin with https:// unless the server is on 127.0.0.1".formatted(api));
        }
        return new SmokeOptions(api, find(given, "provision.user").orElse(""), find(given, "open.session").orElse(""),
                find(given, "delete.user"), find(given, "lambda.endpoint"), find(given, "oidc.issuer"),
                List.copyOf(mistakes));
    }

    private static Optional<String> find(Properties given, String name) {
        return Optional.ofNullable(given.getProperty(name)).filter(value -> !value.isBlank());
    }

    private static boolean isSafe(URI api) {
        boolean isHere = List.of("127.0.0.1", "localhost").contains(Objects.requireNonNullElse(api.getHost(), ""));
        return "https".equals(api.getScheme()) || (isHere && "http".equals(api.getScheme()));
    }
}
