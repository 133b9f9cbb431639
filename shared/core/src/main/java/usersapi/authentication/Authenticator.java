package usersapi.authentication;

import jakarta.inject.Inject;
import java.util.Optional;
import usersapi.credential.Credential;
import usersapi.credential.OpaqueToken;
import usersapi.session.Session;
import usersapi.session.SessionRepository;
import usersapi.table.CredentialsTable;
import usersapi.token.AccessToken;
import usersapi.token.AccessTokenRepository;

/**
 * Looks credentials up: for the API's own authorizer, and for the product's other services. A check counts as a use of the
 * credential.
 */
public final class Authenticator {

    private final SessionRepository sessions;
    private final AccessTokenRepository tokens;
    private final UseRecord uses;

    @Inject
    Authenticator(SessionRepository sessions, AccessTokenRepository tokens, UseRecord uses) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.uses = uses;
    }

    /**
     * The user of the credential, if it is valid.
     *
     * @param csrfToken the CSRF token of the request, if it has one
     */
    public Authentication check(Credential credential, Optional<String> csrfToken) {
        return switch (credential) {
            case Credential.Bearer(var token) -> tokens.find(token).<Authentication>map(this::used)
                    .orElseGet(() -> new Authentication.Invalid("unknown_token"));
            case Credential.SessionCookie(var id) ->
                sessions.find(id).<Authentication>map(session -> used(session, csrfToken))
                        .orElseGet(() -> new Authentication.Invalid("unknown_session"));
            case Credential.None() -> new Authentication.Invalid("no_credential");
        };
    }

    private Authentication.Valid used(AccessToken token) {
        return token.named()
                .map(named -> new Authentication.Valid(token.userId(), Authentication.Kind.NAMED_TOKEN,
                        Optional.of(named.id()), named.readOnly(), false, named.expires(),
                        uses.record(CredentialsTable.accessToken(named.id()), CredentialsTable.LAST_USED,
                                named.lastUsed())))
                .orElseGet(() -> new Authentication.Valid(token.userId(), Authentication.Kind.DEFAULT_TOKEN,
                        Optional.empty(), false, false, Optional.empty(), Optional.empty()));
    }

    private Authentication.Valid used(Session session, Optional<String> csrfToken) {
        var unrecorded = uses.record(CredentialsTable.session(session.id()), CredentialsTable.LAST_SEEN,
                Optional.of(session.lastSeen()));
        return new Authentication.Valid(session.userId(), Authentication.Kind.SESSION, Optional.of(session.id()), false,
                csrfToken.flatMap(OpaqueToken::parse).filter(session::isCsrfToken).isPresent(),
                Optional.of(session.expires()), unrecorded);
    }
}
