package usersapi.wiring;

import java.time.Duration;
import java.util.List;

/**
 * What template.yaml says to the functions by their environment, read once. Incomplete or wrong, it fails the cold
 * start, so a broken deployment shows at its first call.
 *
 * @param tableName {@code TABLE_NAME}: the DynamoDB table
 * @param frontendOrigins {@code FRONTEND_ORIGINS}: the origins whose pages may use a session, separated by commas; CORS
 *     names the first
 * @param sessionLifetime {@code SESSION_DAYS}: from sign-in to expiry, whatever happens between
 * @param sessionCookie {@code SESSION_COOKIE}: name of the cookie that carries the session id
 * @param csrfCookie {@code CSRF_COOKIE}: name of the cookie from which the frontend reads its CSRF token
 * @param tokenKeySecret {@code TOKEN_KEY_SECRET}: ARN or name of the secret with the access tokens' key ring
 */
public record Config(String tableName, List<String> frontendOrigins, Duration sessionLifetime, String sessionCookie,
        String csrfCookie, String tokenKeySecret) {

    /**
     * Reads the system properties of these names, then the environment: the order in which the AWS SDK looks for its
     * own settings.
     *
     * @throws IllegalStateException if a variable is missing or is not what it should be
     */
    public static Config fromEnvironment() {
        return new Config(required("TABLE_NAME"), List.of(required("FRONTEND_ORIGINS").split(",")),
                Duration.ofDays(positive("SESSION_DAYS")), required("SESSION_COOKIE"), required("CSRF_COOKIE"),
                required("TOKEN_KEY_SECRET"));
    }

    private static String required(String name) {
        var value = System.getProperty(name, System.getenv(name));
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("environment variable " + name + " is required");
        }
        return value;
    }

    private static long positive(String name) {
        var value = required(name);
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalStateException("environment variable " + name + " must be a positive whole number");
        }
        return Long.parseLong(value);
    }
}
