package usersapi.local;

import java.util.UUID;
import java.util.function.Consumer;

/**
 * One invocation of a function.
 *
 * @param function the function's logical id
 * @param requestId Lambda's id of the invocation
 * @param qualifier the alias or the version by which the function is invoked; empty if by neither
 * @param version the version that runs
 * @param log takes each line that the function logs
 */
record Invocation(String function, String requestId, String qualifier, String version,
        Consumer<String> log) {

    /** The version that an alias leads to here. */
    static final String PUBLISHED = "1";

    /** The version that runs without a qualifier. */
    static final String LATEST = "$LATEST";

    /** An invocation as AWS's services make it, whose log goes to standard output. */
    static Invocation of(String function) {
        return new Invocation(function, UUID.randomUUID().toString(), "", LATEST, System.out::println);
    }
}
