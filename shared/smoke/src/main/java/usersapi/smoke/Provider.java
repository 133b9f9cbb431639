package usersapi.smoke;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * The OpenID provider that signs people in.
 *
 * @param issuer its identifier
 */
record Provider(String issuer) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The address of its page (OpenID Connect Discovery 1.0, section 4). */
    String page() {
        var discovery = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(discovery).timeout(TIMEOUT).build(),
                    BodyHandlers.ofString());
            var page = JSON.readTree(answer.body()).path("authorization_endpoint").asText();
            if (answer.statusCode() != 200 || page.isEmpty()) {
                throw new SmokeFailure("%s: no authorization_endpoint".formatted(discovery));
            }
            return page;
        } catch (IOException e) {
            throw new SmokeFailure("%s: no answer (%s)".formatted(discovery, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmokeFailure("interrupted", e);
        }
    }
}
