package usersapi.secret;

import dagger.Lazy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A secret of Secrets Manager in the form in which it is used. Fetched at the first use, never at start-up, where a
 * SnapStart snapshot would keep it, and again when it is older than its user can do with.
 *
 * @param <T> what the secret's text is parsed to
 */
public final class CachedSecret<T> {

    private static final Duration KEPT_FOR = Duration.ofMinutes(5);

    private final Lazy<SecretsManagerClient> secrets;
    private final String id;
    private final Function<String, T> parser;
    private final Clock clock;
    private T value;
    private Instant fetched;

    /**
     * The secret of that ARN or name.
     *
     * @param parser may refuse a text by an exception, which must not quote it
     */
    public CachedSecret(Lazy<SecretsManagerClient> secrets, String id, Function<String, T> parser, Clock clock) {
        this.secrets = secrets;
        this.id = id;
        this.parser = parser;
        this.clock = clock;
    }

    /** The secret as it was at most five minutes ago. */
    public T get() {
        return get(KEPT_FOR);
    }

    /** The secret as it was less than that long ago; for none at all, as it is now. */
    public synchronized T get(Duration age) {
        var now = clock.instant();
        if (fetched == null || !now.isBefore(fetched.plus(age))) {
            value = parser.apply(secrets.get().getSecretValue(request -> request.secretId(id)).secretString());
            fetched = now;
        }
        return value;
    }

    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "CachedSecret[redacted]";
    }
}
