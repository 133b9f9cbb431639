package usersapi.token;

import java.time.Instant;
import java.util.Optional;

/**
 * A named token as its user sees it; the token itself nobody sees again.
 *
 * @param id no credential: nothing can be done with it but end the token, by its user
 * @param label what its user calls it
 * @param created when it was made
 * @param lastUsed when it was last used, in epoch seconds, up to an hour behind; empty if it never was
 * @param expires when it ends, in epoch seconds; empty if it does not
 * @param readOnly whether it may only read
 */
public record NamedToken(String id, String label, Instant created, Optional<Long> lastUsed, Optional<Long> expires,
        boolean readOnly) {

    /** Without the label, which is the user's own word. */
    @Override
    public String toString() {
        return "NamedToken[" + id + "]";
    }
}
