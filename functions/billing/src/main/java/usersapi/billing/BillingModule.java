package usersapi.billing;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.ElementsIntoSet;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.config.Environment;
import usersapi.lambda.Sample;
import usersapi.secret.CachedSecret;
import usersapi.wiring.CoreModule;

/** The further dependencies of the billing functions' components. */
@Module(includes = CoreModule.class)
interface BillingModule {

    @Provides
    static StripeAccess stripeAccess(Environment environment) {
        return new StripeAccess(environment);
    }

    @Provides
    static Plans plans(Environment environment) {
        return new Plans(environment);
    }

    @Provides
    static CheckoutPages checkoutPages(Environment environment) {
        return new CheckoutPages(environment);
    }

    @Provides
    static CheckoutTerms checkoutTerms(Environment environment) {
        return new CheckoutTerms(environment);
    }

    @Provides
    static RequestsPerMinute requestsPerMinute(Environment environment) {
        return new RequestsPerMinute(environment);
    }

    @Provides
    static PortalPage portalPage(Environment environment) {
        return new PortalPage(environment);
    }

    @Provides
    @Singleton
    static CachedSecret<StripeSecret> stripeSecret(Lazy<SecretsManagerClient> secrets, StripeAccess stripe,
            Clock clock) {
        return new CachedSecret<>(secrets, stripe.secretId(), StripeSecret::parse, clock);
    }

    /** What priming answers with, for the components of this module. */
    @Provides
    @ElementsIntoSet
    static Set<Sample> samples() {
        return Set.of(StripeApi.sample(), StripeAccess.sample(), StripeSecret.sample(), Plans.sample());
    }
}
