package usersapi.billing;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import java.time.Clock;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.secret.CachedSecret;
import usersapi.wiring.CoreModule;

/** What the billing functions' components draw on besides. */
@Module(includes = CoreModule.class)
interface BillingModule {

    @Provides
    @Singleton
    static BillingConfig billingConfig() {
        return BillingConfig.fromEnvironment();
    }

    @Provides
    @Singleton
    static CachedSecret<StripeSecret> stripeSecret(Lazy<SecretsManagerClient> secrets, BillingConfig config,
            Clock clock) {
        return new CachedSecret<>(secrets, config.secret(), StripeSecret::parse, clock);
    }
}
