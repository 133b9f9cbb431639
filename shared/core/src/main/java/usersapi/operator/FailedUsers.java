package usersapi.operator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Users for whom an operator's function failed. Their number is limited, so that an answer stays small; the log names all of
 * them.
 */
public final class FailedUsers {

    /** The maximum number in an answer: a state machine passes at most 256 KiB from state to state. */
    public static final int MAX = 50;

    private final Set<String> ids = new LinkedHashSet<>();

    /** Adds a user. */
    public void add(String userId) {
        if (ids.size() < MAX) {
            ids.add(userId);
        }
    }

    /** Their ids, each once. */
    public List<String> ids() {
        return List.copyOf(ids);
    }
}
