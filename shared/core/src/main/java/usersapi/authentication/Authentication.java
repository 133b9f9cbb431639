package usersapi.authentication;

import java.util.Locale;
import java.util.Optional;

/** The outcomes of looking a credential up. */
public sealed interface Authentication {

    /** The kinds of credential that other services are told of. */
    enum Kind {
        /** A session, by its cookie. */
        SESSION,
        /** The access token that each user has. */
        DEFAULT_TOKEN,
        /** An access token that the user has made beside it. */
        NAMED_TOKEN;

        /** The word for other services. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The credential is valid.
     *
     * @param userId whose it is
     * @param credentialId by which the user's list shows it; the default token is in no list, and has none
     * @param readOnly whether it may only read
     * @param csrfVerified whether the CSRF token of this very session came with it; false for an access token
     * @param expires when it ends, in epoch seconds; empty if it does not
     * @param unrecorded why the use could not be recorded, if it could not
     */
    record Valid(String userId, Kind kind, Optional<String> credentialId, boolean readOnly, boolean csrfVerified,
            Optional<Long> expires, Optional<RuntimeException> unrecorded) implements Authentication {}

    /** It is not (any more); {@code reason} is one of a few words. */
    record Invalid(String reason) implements Authentication {}
}
