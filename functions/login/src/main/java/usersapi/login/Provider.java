package usersapi.login;

import com.nimbusds.jose.jwk.JWKSet;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The provider's metadata and keys, cached for ten minutes. */
final class Provider {

    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    /** ID tokens with unknown keys cause at most one request for keys in this time. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(30);

    /** Shared by the instances of a process. Lambda has one; the local server has several. */
    private static final AtomicReference<Provider> OF_PROCESS = new AtomicReference<>();

    private final ProviderSettings settings;
    private final Fetched<ProviderMetadata> metadata;
    private final Fetched<JWKSet> keys;

    Provider(ProviderSettings settings, ProviderHttp http, Clock clock) {
        this.settings = settings;
        metadata = new Fetched<>(() -> ProviderMetadata.parse(http.get(settings.discovery()), settings), MAX_AGE,
                MIN_INTERVAL, clock);
        keys = new Fetched<>(() -> ProviderKeys.parse(http.get(metadata().keys())), MAX_AGE, MIN_INTERVAL, clock);
    }

    /** The provider of these settings, with the data that this process has cached. */
    static Provider ofProcess(ProviderSettings settings, ProviderHttp http, Clock clock) {
        return OF_PROCESS.updateAndGet(known -> known != null && known.settings.equals(settings)
                ? known
                : new Provider(settings, http, clock));
    }

    /** The provider's description of itself. */
    ProviderMetadata metadata() {
        return metadata.get();
    }

    /** The provider's keys. */
    JWKSet keys() {
        return keys.get();
    }

    /** The keys, fetched again for a token that none of {@link #keys} has signed. */
    JWKSet refreshedKeys() {
        return keys.refreshed();
    }
}
