package usersapi.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import usersapi.testing.Exchange;

/**
 * A user with a session.
 *
 * @param api the API's base URL
 * @param externalId the user's id
 * @param session value of the session cookie
 * @param csrf the session's CSRF token
 */
public record SignedIn(URI api, String externalId, String session, String csrf) {

    /** Signs a user in to the running API; an unknown address makes a new user. */
    public static SignedIn as(String email) {
        return of(RunningApi.uri(), signIn(RunningApi.uri(), email).send());
    }

    /** The request that signs a user in. */
    static Exchange signIn(URI api, String email) {
        return Exchange.of(api, "POST", "/local/sign-in").body("{\"email\": \"%s\"}".formatted(email));
    }

    /** The signed-in user from the reply to that request. */
    static SignedIn of(URI api, Exchange.Reply reply) {
        var session = reply.json();
        return new SignedIn(api, session.path("external_id").asText(), session.path("session_id").asText(),
                session.path("csrf_token").asText());
    }

    /** A request with the session's cookie. */
    public Exchange request(String method, String path) {
        return Exchange.of(api, method, path).header("Cookie", "sessionid=" + session);
    }

    /** A request with the session's cookie and its CSRF token. */
    public Exchange changing(String method, String path) {
        return request(method, path).header("X-CSRFToken", csrf);
    }

    /** Opens a checkout, or finds the open one; returns the session's id. */
    public String checkout() {
        return changing("POST", "/api/users/stripe/checkout/").body("{\"plan\": \"pro\"}").send().json()
                .path("session_id").asText();
    }

    /** Buys a subscription for the user, with Stripe's events. */
    public void subscribe() {
        Exchange.of(api, "POST", "/local/stripe/complete")
                .body("{\"session_id\": \"%s\"}".formatted(checkout())).send();
    }

    /** The access token that the API shows. */
    public String accessToken() {
        return request("GET", "/api/users/me/token/").send().json().path("access_token").asText();
    }

    /** Makes a named token with this body, and returns the answer. */
    JsonNode namedToken(String body) {
        return changing("POST", "/api/users/tokens/").body(body).send().json();
    }

    /** A new access token. */
    public String regenerated() {
        return changing("POST", "/api/users/me/token/regenerate/").send().json().path("access_token").asText();
    }
}
