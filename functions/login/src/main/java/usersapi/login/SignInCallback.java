package usersapi.login;

import static usersapi.login.SignInError.CANCELLED;
import static usersapi.login.SignInError.EMAIL_TAKEN;
import static usersapi.login.SignInError.EXPIRED;
import static usersapi.login.SignInError.FAILED;
import static usersapi.login.SignInError.PROVIDER_NOT_TRUSTED;
import static usersapi.login.SignInError.PROVIDER_REFUSED;
import static usersapi.login.SignInError.PROVIDER_UNAVAILABLE;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import usersapi.credential.Credential;
import usersapi.credential.OpaqueToken;
import usersapi.lambda.ApiRequest;
import usersapi.lambda.ApiResponse;
import usersapi.lambda.Outcome;
import usersapi.session.SessionClosing;
import usersapi.session.SessionCookieName;
import usersapi.session.SessionCookies;
import usersapi.session.SessionOpening;
import usersapi.user.Subject;
import usersapi.user.SubjectUsers;

/** {@code GET /api/auth/callback/}: receives the browser that comes back from the provider, and signs the person in. */
final class SignInCallback {

    /** How many earlier sessions a callback ends; each costs calls of DynamoDB, and a request may have many cookies. */
    private static final int MAX_EARLIER = 4;

    private final ProviderSettings settings;
    private final Provider provider;
    private final SignInCookies cookies;
    private final UsedStates states;
    private final TokenExchange tokens;
    private final IdTokenCheck check;
    private final VerifiedAddress address;
    private final SubjectUsers users;
    private final SessionOpening opening;
    private final SessionClosing sessions;
    private final SessionCookies sessionCookies;
    private final SessionCookieName sessionCookie;
    private final Clock clock;

    @Inject
    SignInCallback(ProviderSettings settings, Provider provider, SignInCookies cookies, UsedStates states,
            TokenExchange tokens, IdTokenCheck check, VerifiedAddress address, SubjectUsers users,
            SessionOpening opening, SessionClosing sessions, SessionCookies sessionCookies,
            SessionCookieName sessionCookie, Clock clock) {
        this.settings = settings;
        this.provider = provider;
        this.cookies = cookies;
        this.states = states;
        this.tokens = tokens;
        this.check = check;
        this.address = address;
        this.users = users;
        this.opening = opening;
        this.sessions = sessions;
        this.sessionCookies = sessionCookies;
        this.sessionCookie = sessionCookie;
        this.clock = clock;
    }

    /** The state of a callback, known or not; empty if it is malformed. */
    static Optional<OpaqueToken> state(ApiRequest request) {
        return one(request, "state").flatMap(OpaqueToken::parse);
    }

    /**
     * Finishes a sign-in.
     *
     * @throws RefusedException if a check fails; the state of the browser's own, unexpired sign-in is used up nevertheless
     */
    ApiResponse finish(ApiRequest request) {
        tokens.begin();
        var signIn = pending(request);
        fromProvider(request);
        var code = code(request);
        var answer = tokens.exchange(code, signIn.verifier().value());
        var claims = check.claims(answer.idToken(), signIn.nonce().value(), answer.accessToken());
        var email = address.of(claims, answer.accessToken());
        return switch (users.account(new Subject(settings.issuer(), claims.string("sub").orElseThrow()), email)) {
            case SubjectUsers.Account.AddressTaken taken ->
                throw RefusedException.because(EMAIL_TAKEN, "another subject's user");
            case SubjectUsers.Account.Found(var userId, var how) -> {
                var session = opening.open(userId)
                        .orElseThrow(() -> RefusedException.because(FAILED, "the user was deleted meanwhile"));
                var replaced = endEarlier(request);
                var set = new ArrayList<>(sessionCookies.set(session));
                set.add(cookies.clear(signIn.state()));
                yield ApiResponse.seeOther(signIn.next().value(), set).logging(Outcome.OK,
                        session.toLog(userId).put("account", how.name().toLowerCase(Locale.ROOT)).put("replaced",
                                replaced));
            }
        };
    }

    /** The sign-in that the browser began. This uses it up. */
    private PendingSignIn pending(ApiRequest request) {
        var state = state(request).orElseThrow(() -> RefusedException.because(EXPIRED, "no state"));
        var signIn = cookies.find(state, request.cookies())
                .orElseThrow(() -> RefusedException.because(EXPIRED, "another browser's, or no cookie any more"));
        if (!clock.instant().isBefore(signIn.expires())) {
            throw RefusedException.because(EXPIRED, "too late");
        }
        if (!states.use(signIn)) {
            throw RefusedException.because(EXPIRED, "used before");
        }
        return signIn;
    }

    /** Checks that the answer, also an error, is from this provider (RFC 9207). */
    private void fromProvider(ApiRequest request) {
        var issuers = request.query("iss");
        if (issuers.isEmpty() ? provider.metadata().namesIssuer() : !issuers.equals(List.of(settings.issuer()))) {
            throw RefusedException.because(PROVIDER_NOT_TRUSTED, "iss");
        }
    }

    private static String code(ApiRequest request) {
        var errors = request.query("error");
        if (!errors.isEmpty()) {
            throw switch (errors.getFirst()) {
                case "access_denied" -> RefusedException.because(CANCELLED, "access_denied");
                case "server_error", "temporarily_unavailable" ->
                    RefusedException.because(PROVIDER_UNAVAILABLE, errors.getFirst());
                default -> RefusedException.because(PROVIDER_REFUSED, "error");
            };
        }
        return one(request, "code").filter(code -> !code.isBlank())
                .orElseThrow(() -> RefusedException.because(PROVIDER_NOT_TRUSTED, "no code"));
    }

    private static Optional<String> one(ApiRequest request, String parameter) {
        var values = request.query(parameter);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /**
     * Ends the browser's earlier sessions, so that no id from before the sign-in stays in use. A browser has more than one if a
     * sibling host has added a cookie.
     *
     * @return their users
     */
    private List<String> endEarlier(ApiRequest request) {
        return Credential.sessionIds(request.headers("Cookie"), sessionCookie.value()).stream().limit(MAX_EARLIER)
                .flatMap(id -> sessions.close(id.sha256()).stream()).distinct().toList();
    }
}
