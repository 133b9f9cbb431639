package usersapi.function;

import java.util.Optional;
import usersapi.config.Environment;
import usersapi.lambda.FrontendOrigins;

/**
 * Where a browser goes on after it has signed out here, to sign out of the OpenID provider too.
 *
 * @param url the route that leads there; empty where sign-out ends here. {@code OIDC_SIGN_OUT} says which
 */
record ProviderSignOut(Optional<String> url) {

    private static final String ROUTE = "/api/auth/sign-out/";

    /**
     * Reads the value from the environment.
     *
     * @throws IllegalStateException if it is not what it should be
     */
    ProviderSignOut(Environment environment) {
        this(switch (environment.required("OIDC_SIGN_OUT")) {
            case "true" -> Optional.of(new FrontendOrigins(environment).first() + ROUTE);
            case "false" -> Optional.empty();
            default -> throw environment.invalid("OIDC_SIGN_OUT", "must be true or false");
        });
    }
}
