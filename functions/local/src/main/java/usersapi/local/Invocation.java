package usersapi.local;

import java.util.UUID;
import java.util.function.Consumer;
import usersapi.standin.Template;

/**
 * One invocation of a function.
 *
 * @param function the function's logical id
 * @param requestId Lambda's id of the invocation
 * @param qualifier the alias or the version in the function's name; empty if there is none
 * @param version the version that runs
 * @param log takes each line that the function logs
 */
record Invocation(String function, String requestId, String qualifier, String version,
        Consumer<String> log) {

    /** The version of the alias. */
    static final String PUBLISHED = "1";

    /** The version that runs without a qualifier. */
    static final String LATEST = "$LATEST";

    /** An invocation by the function's alias, if it has one, as AWS's services make it. Its log goes to standard output. */
    static Invocation of(Template.Function function) {
        return new Invocation(function.id(), UUID.randomUUID().toString(), function.alias().orElse(""),
                function.alias().isPresent() ? PUBLISHED : LATEST, System.out::println);
    }

    /** The function's ARN, by which it is invoked. */
    String arn() {
        return "arn:aws:lambda:us-east-1:123456789012:function:" + function
                + (qualifier.isEmpty() ? "" : ":" + qualifier);
    }
}
