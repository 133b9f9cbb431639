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
        /** A further access token that the user has made. */
        NAMED_TOKEN;

        /** The kind's name in answers to other services. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The credential is valid.
     *
     * @param userId external id of its user
     * @param credentialId its id in the user's list; the default token is in no list and has none
     * @param readOnly whether it is limited to reading
     * @param csrfVerified whether the request had the CSRF token of this session; false for an access token
     * @param expires when it ends, in epoch seconds; empty if it has no end
     * @param unrecorded why the use could not be recorded, if it could not
     */
    record Valid(String userId, Kind kind, Optional<String> credentialId, boolean readOnly, boolean csrfVerified,
            Optional<Long> expires, Optional<RuntimeException> unrecorded) implements Authentication {}

    /** The credential is not valid; {@code reason} is one of a few fixed words. */
    record Invalid(String reason) implements Authentication {}
}
