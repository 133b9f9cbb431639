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
     * Reads the {@link Environment}.
     *
     * @throws IllegalStateException if a variable is missing or is not what it should be
     */
    public static Config fromEnvironment() {
        return new Config(Environment.required("TABLE_NAME"),
                List.of(Environment.required("FRONTEND_ORIGINS").split(",")),
                Duration.ofDays(positive("SESSION_DAYS")), Environment.required("SESSION_COOKIE"),
                Environment.required("CSRF_COOKIE"),
                Environment.required("TOKEN_KEY_SECRET"));
    }

    private static long positive(String name) {
        var value = Environment.required(name);
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalStateException("environment variable " + name + " must be a positive whole number");
        }
        return Long.parseLong(value);
    }
}
