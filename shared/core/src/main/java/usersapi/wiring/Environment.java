package usersapi.wiring;

/** The variables that template.yaml sets, for the records that read them once. */
public final class Environment {

    private Environment() {}

    /**
     * The variable's value: the system property of its name, then the environment, the order in which the AWS SDK looks for
     * its own settings.
     *
     * @throws IllegalStateException if there is none or it is blank
     */
    public static String required(String name) {
        var value = System.getProperty(name, System.getenv(name));
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("environment variable " + name + " is required");
        }
        return value;
    }
}
