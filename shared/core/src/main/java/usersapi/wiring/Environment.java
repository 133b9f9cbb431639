package usersapi.wiring;

import java.util.Optional;

/** The variables that template.yaml sets, for the records that read them once. */
public final class Environment {

    private Environment() {}

    /**
     * The variable's value, if it is set: the system property of its name, then the environment, the order in which the AWS
     * SDK looks for its own settings.
     */
    public static Optional<String> find(String name) {
        return Optional.ofNullable(System.getProperty(name, System.getenv(name)));
    }

    /**
     * The variable's value.
     *
     * @throws IllegalStateException if there is none or it is blank
     */
    public static String required(String name) {
        return find(name).filter(value -> !value.isBlank()).orElseThrow(
                () -> new IllegalStateException("environment variable " + name + " is required"));
    }
}
