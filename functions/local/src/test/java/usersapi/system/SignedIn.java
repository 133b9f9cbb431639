package usersapi.system;

/**
 * A user with a session of the running API.
 *
 * @param externalId the user's id
 * @param session value of the session cookie
 * @param csrf the session's CSRF token
 */
record SignedIn(String externalId, String session, String csrf) {

    /** Signs a user in; a new one, unless the address is known. */
    static SignedIn as(String email) {
        var reply = Exchange.of(RunningApi.uri(), "POST", "/local/sign-in").body("{\"email\": \"%s\"}".formatted(email))
                .send().json();
        return new SignedIn(reply.path("external_id").asText(), reply.path("session_id").asText(),
                reply.path("csrf_token").asText());
    }

    /** A request with the session's cookie. */
    Exchange request(String method, String path) {
        return Exchange.of(RunningApi.uri(), method, path).header("Cookie", "sessionid=" + session);
    }

    /** A request with the session's cookie and its CSRF token. */
    Exchange changing(String method, String path) {
        return request(method, path).header("X-CSRFToken", csrf);
    }

    /** The access token that the API shows. */
    String accessToken() {
        return request("GET", "/api/users/me/token/").send().json().path("access_token").asText();
    }

    /** A new access token. */
    String regenerated() {
        return changing("POST", "/api/users/me/token/regenerate/").send().json().path("access_token").asText();
    }
}
