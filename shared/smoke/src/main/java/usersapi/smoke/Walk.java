package usersapi.smoke;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Calls the routes once, in the order of a user's first visit. It does not ask Stripe, so no money can move. */
final class Walk {

    private static final String ME = "/api/users/me/";
    private static final String TOKEN = "/api/users/me/token/";
    private static final String REGENERATE = "/api/users/me/token/regenerate/";
    private static final String SETTINGS = "/api/users/settings/";
    private static final String CHECKOUT = "/api/users/stripe/checkout/";
    private static final String ZONE = "{\"tz\": \"Europe/Zurich\"}";

    private final Api api;
    private final TestUsers users;
    private final Optional<Provider> provider;
    private final Consumer<String> lines;
    private Optional<String> user = Optional.empty();
    private Optional<TestUsers.Session> signedIn = Optional.empty();

    /** Makes a walk with one of these users that reports line by line. */
    Walk(Api api, TestUsers users, Optional<Provider> provider, Consumer<String> lines) {
        this.api = api;
        this.users = users;
        this.provider = provider;
        this.lines = lines;
    }

    /**
     * Runs all steps.
     *
     * @throws SmokeFailure at the first answer that is not as specified
     */
    void walk() {
        step("without a credential, every answer is 401", this::asNobody);
        step("the redirect to the OpenID provider, if there is one", this::signIn);
        step("a user is created and signed in", () -> {
            user = Optional.of(users.provision());
            signedIn = user.map(users::open);
        });
        var session = signedIn.orElseThrow();
        step("the signed-in user, by session and by access token", () -> currentUser(session));
        step("the access token, by session only", () -> accessToken(session));
        step("settings change with the CSRF token only", () -> settings(session));
        step("storage and subscription", () -> summaries(session));
        step("an unknown plan, an event without Stripe's signature", () -> billing(session));
        step("a new access token ends the old one", () -> regenerate(session));
    }

    /** Deletes the user, if possible, and checks that its credentials have ended. */
    void cleanUp() {
        if (user.isEmpty()) {
            return;
        }
        if (users.delete(user.get()).isEmpty()) {
            lines.accept("        the user %s stays, and its sessions until they expire: no -Ddelete.user"
                    .formatted(TestUsers.EMAIL));
            return;
        }
        step("the user is deleted, and its session has ended",
                () -> signedIn.ifPresent(session -> get(ME, byCookie(session)).expect(401, "Not authenticated")));
    }

    private void step(String what, Runnable step) {
        step.run();
        lines.accept("ok      " + what);
    }

    private void asNobody() {
        get("/api/users/no-such-route/", Map.of()).expect(404, "Not Found");
        get(ME, Map.of()).expect(401, "Not authenticated");
        get(ME, Map.of("Authorization", "Bearer " + "A".repeat(43))).expect(401, "Not authenticated");
        api.send("PATCH", SETTINGS, Map.of(), ZONE).expect(401, "Unauthorized");
        api.send("POST", CHECKOUT, Map.of(), "{}").expect(401, "Unauthorized");
    }

    /** The sign-in as far as it needs no person. */
    private void signIn() {
        var begun = get("/api/auth/sign-in/?next=/", Map.of());
        if (begun.status() == 404 && provider.isEmpty()) {
            return;
        }
        begun.expect(303);
        for (var parameter : List.of("response_type=code", "scope=openid", "client_id=[^&]+", "state=[\\w-]{43}",
                "nonce=[\\w-]{43}", "code_challenge=[\\w-]{43}", "code_challenge_method=S256",
                "redirect_uri=[^&]+%2Fapi%2Fauth%2Fcallback%2F")) {
            begun.expect(begun.location().matches("https?://.*[?&]%s([&+].*)?".formatted(parameter)),
                    parameter + " expected in the provider's address");
        }
        provider.ifPresent(
                any -> begun.expect(begun.location().startsWith(any.page()), "the provider's page expected"));
        var back = get("/api/auth/callback/", Map.of()).expect(303);
        back.expect(back.location().equals("/?error=expired"), "/?error=expired expected");
    }

    private void currentUser(TestUsers.Session session) {
        var me = get(ME, byCookie(session)).expect(200);
        me.expect(me.text("external_id").equals(user.orElseThrow()), "the user's external id expected");
        me.expect(me.text("email").equals(TestUsers.EMAIL), "the user's address expected");
        get(ME.substring(0, ME.length() - 1), byCookie(session)).expect(200);
        var again = get(ME, byToken(me.text("access_token"))).expect(200);
        again.expect(again.body().equals(me.body()), "the same by access token as by session expected");
    }

    private void accessToken(TestUsers.Session session) {
        var token = get(TOKEN, byCookie(session)).expect(200).text("access_token");
        get(TOKEN, byToken(token)).expect(401, "Not authenticated");
    }

    private void settings(TestUsers.Session session) {
        api.send("PATCH", SETTINGS, byCookie(session), ZONE).expect(403, "CSRF verification failed");
        var changed = api.send("PATCH", SETTINGS, withCsrfToken(session), ZONE).expect(200, "ok");
        changed.expect(changed.body().path("details").path("updated_fields").path("tz").asText()
                .equals("Europe/Zurich"), "the new time zone expected");
        api.send("PATCH", SETTINGS, withCsrfToken(session), "{\"tz\": \"Mars/Base\"}").expect(400, "Unexpected error");
    }

    private void summaries(TestUsers.Session session) {
        var storage = get("/api/users/storage/", byCookie(session)).expect(200);
        storage.expect(storage.body().path("total_bytes").isIntegralNumber()
                && storage.body().path("file_count").isIntegralNumber(), "two numbers expected");
        var subscription = get("/api/users/stripe/subscription/", byCookie(session)).expect(200);
        subscription.expect(subscription.body().has("plan"), "a plan expected");
    }

    private void billing(TestUsers.Session session) {
        api.send("POST", CHECKOUT, withCsrfToken(session), "{\"plan\": \"no-such-plan\"}").expect(400,
                "Unexpected error");
        api.send("POST", "/api/users/stripe/webhook/", Map.of(), "{}").expect(400, "Unexpected error");
    }

    private void regenerate(TestUsers.Session session) {
        var before = get(TOKEN, byCookie(session)).expect(200).text("access_token");
        api.send("POST", REGENERATE, byCookie(session), "").expect(403, "CSRF verification failed");
        var after = api.send("POST", REGENERATE, withCsrfToken(session), "").expect(200).text("access_token");
        get(ME, byToken(before)).expect(401, "Not authenticated");
        get(ME, byToken(after)).expect(200);
    }

    private Api.Reply get(String path, Map<String, String> headers) {
        return api.send("GET", path, headers, "");
    }

    private static Map<String, String> byCookie(TestUsers.Session session) {
        return Map.of("Cookie", session.cookies());
    }

    private static Map<String, String> withCsrfToken(TestUsers.Session session) {
        var headers = new HashMap<>(byCookie(session));
        headers.put("X-CSRFToken", session.csrfToken());
        headers.put("Content-Type", "application/json");
        return headers;
    }

    private static Map<String, String> byToken(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
