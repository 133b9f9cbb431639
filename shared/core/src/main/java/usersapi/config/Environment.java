package usersapi.config;

import java.util.Optional;

/**
 * The variables that template.yaml gives a function. Each component reads its own variables when it is made, so that a
 * function starts without those that it does not use, and a broken deployment shows at its first call.
 */
@FunctionalInterface
public interface Environment {

    /** The environment of this process: on Lambda, the variables that template.yaml gives the function. */
    Environment PROCESS = System::getenv;

    /** The variable's value; null if it is not set. */
    String get(String name);

    /** The variable's value, if it is set and not blank. */
    default Optional<String> find(String name) {
        return Optional.ofNullable(get(name)).filter(value -> !value.isBlank());
    }

    /**
     * The variable's value.
     *
     * @throws IllegalStateException if it is not set or blank
     */
    default String required(String name) {
        return find(name).orElseThrow(() -> invalid(name, "is required"));
    }

    /**
     * Describes an invalid variable, with the function's name but without the value.
     *
     * @param problem for example {@code must be a URL}
     */
    default IllegalStateException invalid(String name, String problem) {
        return new IllegalStateException("%s: environment variable %s %s"
                .formatted(find("AWS_LAMBDA_FUNCTION_NAME").orElse("function"), name, problem));
    }
}
