package usersapi.operator;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The users of whom an operator's function could not do all; so many that an answer stays small. The log names every one. */
public final class FailedUsers {

    /** How many an answer names: a state machine carries 256 KiB from state to state. */
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
