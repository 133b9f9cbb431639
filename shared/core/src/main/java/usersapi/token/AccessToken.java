package usersapi.token;

import java.util.Optional;

/**
 * An access token that is valid.
 *
 * @param userId external id of its owner
 * @param named the terms of a named token; empty for the user's default token
 */
public record AccessToken(String userId, Optional<Named> named) {

    /**
     * The terms of a named token.
     *
     * @param id its id in the user's list; not a credential
     * @param readOnly whether it is limited to reading
     * @param lastUsed when it was last used, in epoch seconds, up to an hour behind; empty if it never was
     * @param expires when it ends, in epoch seconds; empty if it has no end
     */
    public record Named(String id, boolean readOnly, Optional<Long> lastUsed, Optional<Long> expires) {}
}
