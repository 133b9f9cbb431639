package usersapi.token;

import java.time.Instant;
import java.util.Optional;

/**
 * A named token as its user sees it, without the token itself.
 *
 * @param id not a credential: only the token's user can end the token by it
 * @param label the user's label
 * @param created when it was made
 * @param lastUsed when it was last used, in epoch seconds, up to an hour behind; empty if it never was
 * @param expires when it ends, in epoch seconds; empty if it has no end
 * @param readOnly whether it is limited to reading
 */
public record NamedToken(String id, String label, Instant created, Optional<Long> lastUsed, Optional<Long> expires,
        boolean readOnly) {

    /** Without the label, which is the user's text. */
    @Override
    public String toString() {
        return "NamedToken[" + id + "]";
    }
}
