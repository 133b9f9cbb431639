package usersapi.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import usersapi.standin.LocalAws;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;
import usersapi.standin.openid.OpenIdProvider;

/**
 * The OpenID provider for sign-ins. It is a stand-in, unless the environment has {@code OIDC_ISSUER} and
 * {@code OIDC_CLIENT_ID} of another one, with {@code OIDC_CLIENT_SECRET} for a client that is not public. In either case
 * {@code OIDC_SIGN_OUT} says whether people sign out there too.
 */
final class IdentityProvider {

    /** The path of the stand-in's endpoints and page. */
    static final String PREFIX = "/local/openid/";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String STAND_IN_CLIENT = "users-api";

    private final String issuer;
    private final String clientId;
    private final String clientSecret;
    private final Optional<String> signOut;
    private final Optional<OpenIdProvider> standIn;

    private IdentityProvider(String issuer, String clientId, String clientSecret, Optional<String> signOut,
            Optional<OpenIdProvider> standIn) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.signOut = signOut;
        this.standIn = standIn;
    }

    /**
     * The provider that these variables name, otherwise the stand-in.
     *
     * @param origin this server's
     * @throws UnsupportedTemplateException if the variables are invalid
     */
    static IdentityProvider of(UnaryOperator<String> variables, URI origin) {
        var issuer = given(variables, "OIDC_ISSUER");
        var clientId = given(variables, "OIDC_CLIENT_ID");
        var signOut = given(variables, "OIDC_SIGN_OUT");
        if (issuer.isPresent() != clientId.isPresent()) {
            throw new UnsupportedTemplateException("OIDC_ISSUER and OIDC_CLIENT_ID go together: set both or neither");
        }
        if (issuer.isPresent()) {
            if (!isAllowed(issuer.get())) {
                throw new UnsupportedTemplateException(
                        "OIDC_ISSUER=%s: must be an https URL; http on the loopback address only"
                                .formatted(issuer.get()));
            }
            return new IdentityProvider(issuer.get(), clientId.get(),
                    given(variables, "OIDC_CLIENT_SECRET").orElse(""), signOut, Optional.empty());
        }
        var own = origin.resolve(PREFIX.substring(0, PREFIX.length() - 1)).toString();
        var secret = UUID.randomUUID().toString();
        return new IdentityProvider(own, STAND_IN_CLIENT, secret, signOut,
                Optional.of(new OpenIdProvider(own, STAND_IN_CLIENT,
                        secret, origin.resolve("/api/auth/callback/"), Clock.systemUTC())));
    }

    private static Optional<String> given(UnaryOperator<String> variables, String name) {
        return Optional.ofNullable(variables.apply(name)).filter(value -> !value.isBlank());
    }

    /** Checks what can be checked at start; the function checks more at its first call. */
    private static boolean isAllowed(String issuer) {
        try {
            var url = new URI(issuer);
            return url.getHost() != null && ("https".equals(url.getScheme()) || ("http".equals(url.getScheme())
                    && url.getHost().matches("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]")));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Values of the template's parameters. */
    Map<String, String> parameters() {
        var parameters = new HashMap<>(Map.of("OidcIssuer", issuer, "OidcClientId", clientId));
        signOut.ifPresent(value -> parameters.put("OidcSignOut", value));
        return parameters;
    }

    /** Puts the client's secret into the function's secret, as an operator does. */
    void putSecret(Template template, LocalAws aws) {
        var secret = template.environment().get("OIDC_SECRET");
        if (secret != null) {
            aws.putSecret(secret, JSON.createObjectNode().put("client_secret", clientSecret).toString());
        }
    }

    /** The issuer of the provider. */
    String issuer() {
        return issuer;
    }

    /** Whether it is the stand-in. */
    boolean isStandIn() {
        return standIn.isPresent();
    }

    /** Answers a request to the stand-in. */
    Answer answer(Call call) {
        if (standIn.isEmpty()) {
            return Answer.message(404, "Another provider signs people in: " + issuer);
        }
        return switch (endpoint(call)) {
            case "GET authorize", "POST authorize" -> authorize(standIn.get(), call);
            case "GET logout", "POST logout" -> signOut(standIn.get(), call);
            default -> answerFunction(call);
        };
    }

    /** Answers a request of a function to the stand-in. */
    Answer answerFunction(Call call) {
        var provider = standIn.orElseThrow();
        return switch (endpoint(call)) {
            case "GET .well-known/openid-configuration" -> Answer.json(200, provider.discovery());
            case "GET keys" -> Answer.json(200, provider.keys());
            case "POST token" -> json(provider.token(call.form(), call.header("Authorization")));
            case "GET userinfo" -> json(provider.userInfo(call.header("Authorization")));
            default -> Answer.message(404, "Not Found");
        };
    }

    private static String endpoint(Call call) {
        return call.method() + " "
                + (call.path().startsWith(PREFIX) ? call.path().substring(PREFIX.length()) : call.path());
    }

    private static Answer json(OpenIdProvider.Answer answer) {
        return Answer.json(answer.status(), answer.body());
    }

    /** Shows the page to the person, and leads back after the decision. */
    private static Answer authorize(OpenIdProvider provider, Call call) {
        var request = query(call);
        var fault = provider.fault(request);
        if (fault.isPresent()) {
            return refused("Sign in", fault.get());
        }
        if (call.method().equals("GET")) {
            return page(200, "demo@example.com", "");
        }
        var form = call.form();
        var email = form.getOrDefault("email", "").strip();
        var visit = Arrays.stream(OpenIdProvider.Visit.values())
                .filter(any -> any.name().equals(form.getOrDefault("visit", "SIGN_IN"))).findFirst();
        if (visit.isEmpty() || (email.isEmpty() && visit.get() != OpenIdProvider.Visit.DECLINE)) {
            return page(400, email, "Give an e-mail address.");
        }
        return Answer.seeOther(provider.decided(request, email, visit.get()).toString());
    }

    private static Answer page(int status, String email, String error) {
        return Page.of(status, "Sign in", "authorize", Map.of("email", email, "error", error));
    }

    private static Answer signOut(OpenIdProvider provider, Call call) {
        var fault = provider.signOutFault(query(call));
        if (fault.isPresent()) {
            return refused("Sign out", fault.get());
        }
        return call.method().equals("GET")
                ? Page.of(200, "Sign out", "end-session", Map.of())
                : Answer.seeOther(provider.signedOut().toString());
    }

    private static Answer refused(String title, String fault) {
        return Page.of(400, title, "openid-refused", Map.of("title", title, "fault", fault));
    }

    /** The parameters of the query; of repeated ones the first value. */
    private static Map<String, String> query(Call call) {
        var query = new HashMap<String, String>();
        call.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
        return query;
    }
}
