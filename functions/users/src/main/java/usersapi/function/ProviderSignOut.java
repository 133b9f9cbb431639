package usersapi.function;

import java.util.Optional;
import usersapi.config.Environment;
import usersapi.lambda.FrontendOrigins;

/**
 * The route to the OpenID provider's sign-out, for a browser that has signed out here.
 *
 * @param url the route's address; empty if {@code OIDC_SIGN_OUT} is false
 */
record ProviderSignOut(Optional<String> url) {

    private static final String ROUTE = "/api/auth/sign-out/";

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if the variable is invalid
     */
    ProviderSignOut(Environment environment) {
        this(switch (environment.required("OIDC_SIGN_OUT")) {
            case "true" -> Optional.of(new FrontendOrigins(environment).first() + ROUTE);
            case "false" -> Optional.empty();
            default -> throw environment.invalid("OIDC_SIGN_OUT", "must be true or false");
        });
    }
}
