package usersapi.lambda;

import java.util.List;
import usersapi.config.Environment;

/**
 * The origins whose pages may use a session.
 *
 * @param all the variable {@code FRONTEND_ORIGINS}, split at commas; CORS headers have the first
 */
public record FrontendOrigins(List<String> all) {

    /** Reads the value from the environment. */
    public FrontendOrigins(Environment environment) {
        this(List.of(environment.required("FRONTEND_ORIGINS").split(",")));
    }

    /** The one that is not only another name of this machine. */
    public String first() {
        return all.getFirst();
    }
}
